"""A portrait on paper: ink, dots, paper, gloss, bends, and scissors."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from .cutting import card_around, cut_round_head, eye_holes
from .halftone import ink_jet, laser
from .noise import bump, octaves, slope, smooth_field
from .surface import Box, Surface, to_linear


@dataclass(frozen=True)
class PrintParameters:
    """One print. Lengths are in face heights, so that they fit a picture of any size."""

    technique: str  # 'photo', 'laser' or 'inkjet'
    monochrome: bool
    paper: tuple[float, float, float]  # reflectance of the blank paper
    black: float  # reflectance of the darkest ink
    saturation: float
    cast: tuple[float, float, float]
    gamma: float
    cells: float  # halftone cells along the face
    dot_depth: float
    dot_hardness: float
    dot_lines: bool
    dot_rotation: float
    blur: float
    banding: float
    fibre: float
    sheen: float
    sheen_size: float
    curl: float
    curl_upright: bool
    fold: float
    border: float
    cut: str  # 'none', 'head', 'bust'
    holes: bool
    card: bool


def draw_print(rng: np.random.Generator) -> PrintParameters:
    """Most prints are mild: seen from arm's length a good one shows little but its paler colours."""
    technique = str(rng.choice(["photo", "laser", "inkjet"], p=[0.3, 0.4, 0.3]))
    glossy = technique == "photo" or rng.random() < 0.15
    # How poor the print is: printers and paper are mostly good or mostly bad in everything at once.
    poor = float(rng.uniform(0.1, 1) ** 1.8)
    plain = rng.uniform(0.78, 0.95)
    warm = rng.normal(0, 0.025)
    cut = str(rng.choice(["none", "head", "bust"], p=[0.86, 0.08, 0.06]))
    return PrintParameters(
        technique=technique,
        monochrome=bool(rng.random() < 0.1),
        paper=(plain * (1 + warm), plain, plain * (1 - warm)),
        black=float(rng.uniform(0.004, 0.018) if glossy else 0.01 + poor * rng.uniform(0, 0.06)),
        saturation=float(np.clip(rng.normal(1.2 - 0.5 * poor, 0.13), 0.5, 1.5)),
        cast=tuple(float(v) for v in np.exp(rng.normal(0, 0.1 * poor, 3))),
        gamma=float(np.exp(rng.normal(0.14, 0.08 + 0.14 * poor))),
        cells=float(np.exp(rng.uniform(np.log(60), np.log(240)))),
        dot_depth=poor * float(rng.beta(1.6, 1.6)),
        dot_hardness=float(rng.uniform(1.2, 4)),
        dot_lines=bool(rng.random() < 0.3),
        dot_rotation=float(rng.uniform(-0.1, 0.1)),
        blur=float(rng.gamma(2, 0.003 * poor)),
        banding=float(rng.uniform(0.004, 0.035) if rng.random() < 0.3 else 0),
        fibre=float(rng.uniform(0.002, 0.008) if glossy else rng.uniform(0.004, 0.02)),
        sheen=float(rng.gamma(0.7, 0.1) if glossy else rng.gamma(0.7, 0.02)),
        sheen_size=float(rng.uniform(0.25, 1.2)),
        curl=float(rng.normal(0, 0.4) if rng.random() < 0.55 else 0),
        curl_upright=bool(rng.random() < 0.65),
        fold=float(rng.uniform(0.03, 0.2) if rng.random() < 0.12 else 0),
        border=float(0 if rng.random() < 0.4 else rng.gamma(1.5, 0.12)),
        cut=cut,
        holes=bool(rng.random() < (0.45 if cut != "none" else 0.02)),
        card=bool(cut == "none" and rng.random() < 0.06),
    )


def render_print(content: np.ndarray, face: Box, parameters: PrintParameters, rng: np.random.Generator) -> Surface:
    """`content` (sRGB of 0..1) on paper, seen head-on in even light."""
    unit = max(face.width, face.height)
    alpha = np.ones(content.shape[:2], np.float32)
    eyes: tuple[Box, ...] = ()
    if parameters.cut != "none":
        alpha = cut_round_head(content.shape[:2], face, parameters.cut == "bust", rng)
    if parameters.holes:
        alpha, eyes = eye_holes(alpha, face, rng)
    tones = _toned(content, parameters, unit, rng)
    if parameters.card:
        tones, face = card_around(tones, face, rng)
        alpha = np.ones(tones.shape[:2], np.float32)
        eyes = ()
    elif parameters.cut == "none":
        tones, alpha, face, eyes = _bordered(tones, alpha, face, eyes, round(parameters.border * unit))
    # Dots cover a share of the paper that is one of light, not of the picture's numbers.
    shares = to_linear(tones)
    if parameters.gamma != 1:
        shares = cv2.pow(shares, parameters.gamma)
    light = _reflected(_printed(shares, parameters, unit, rng), parameters)
    light = _worn(light, parameters, unit, rng)
    return _bent(Surface(light, alpha, face, False, eyes, parameters.cut != "none"), parameters, rng)


def _toned(content: np.ndarray, parameters: PrintParameters, unit: float, rng: np.random.Generator) -> np.ndarray:
    """What the inks make of the colours, and the fineness of the printer."""
    saturation = 0.0 if parameters.monochrome else parameters.saturation
    grey = np.array([[0.299, 0.587, 0.114]] * 3) * (1 - saturation)
    mix = grey + np.eye(3) * saturation
    if not parameters.monochrome:
        # Cheap inks are not pure: each takes a little of the others' light.
        mix += rng.normal(0, 0.02, (3, 3)) * (1 - np.eye(3))
    tones = cv2.transform(content, mix.astype(np.float32))
    if parameters.blur * unit > 0.25:
        tones = cv2.GaussianBlur(tones, (0, 0), parameters.blur * unit)
    return np.clip(tones, 0, 1, out=tones)


def _bordered(
    tones: np.ndarray, alpha: np.ndarray, face: Box, eyes: tuple[Box, ...], border: int
) -> tuple[np.ndarray, np.ndarray, Box, tuple[Box, ...]]:
    if border < 1:
        return tones, alpha, face, eyes
    sides = (border,) * 4
    white = cv2.copyMakeBorder(tones, *sides, cv2.BORDER_CONSTANT, value=(1.0, 1.0, 1.0))
    there = cv2.copyMakeBorder(alpha, *sides, cv2.BORDER_CONSTANT, value=1.0)
    return white, there, face.moved(border, border), tuple(eye.moved(border, border) for eye in eyes)


def _printed(shares: np.ndarray, parameters: PrintParameters, unit: float, rng: np.random.Generator) -> np.ndarray:
    pitch = unit / parameters.cells
    if parameters.technique == "laser" and pitch >= 2.2:
        return laser(
            shares,
            pitch,
            parameters.dot_depth,
            parameters.dot_lines,
            parameters.dot_hardness,
            parameters.dot_rotation,
            parameters.monochrome,
        )
    if parameters.technique != "photo":
        # Dots too fine for this picture are left as the grain that they look like from afar.
        return ink_jet(shares, 0.25 * parameters.dot_depth, float(np.clip(pitch / 2, 1, 2)), rng)
    return shares


def _reflected(shares: np.ndarray, parameters: PrintParameters) -> np.ndarray:
    """Ink on paper never gets as bright as a lamp nor as dark as a hole."""
    light = np.clip(shares, 0, 1)
    paper = np.array(parameters.paper, np.float32)
    cast = np.array([1.0, 1.0, 1.0] if parameters.monochrome else parameters.cast, np.float32)
    span = paper - np.float32(parameters.black)
    # The cast tints the inks, hence the dark and middle tones; blank paper keeps its own colour.
    if not np.allclose(cast, 1):
        light = light * (cast + (1 - cast) * light)
    return light * span + np.float32(parameters.black)


def _worn(light: np.ndarray, parameters: PrintParameters, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Fibres, bands of the printer's head, a crease, and a lamp's sheen."""
    height, width = light.shape[:2]
    shade = 1 + np.float32(parameters.fibre) * octaves(rng, height, width, 2.0, 4, 0.8)
    if parameters.banding:
        period = unit * rng.uniform(0.03, 0.15)
        bands = smooth_field(rng, height, 2, period)[:, :1] * np.float32(parameters.banding)
        shade += (
            bands if rng.random() < 0.7 else smooth_field(rng, 2, width, period)[:1] * np.float32(parameters.banding)
        )
    if parameters.fold:
        angle = rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.08)
        distance = (slope(height, width, angle) - np.float32(rng.uniform(-0.5, 0.5))) * np.float32(
            max(height, width) / 2
        )
        side = distance / (np.abs(distance) + np.float32(unit * 0.02))
        crease = 1 / (1 + (distance / np.float32(rng.uniform(0.7, 2))) ** 2)
        shade += np.float32(parameters.fold) * (side * 0.5 + crease * np.float32(rng.normal(0, 1)))
    light = light * shade[..., None]
    if parameters.sheen > 0.01:
        centre = (rng.uniform(0, width), rng.uniform(0, height))
        size = parameters.sheen_size * unit
        blob = bump(height, width, centre, (size, size * rng.uniform(0.3, 1)), rng.uniform(0, np.pi))
        light += (np.float32(parameters.sheen) * blob)[..., None]
    return light


def _bent(surface: Surface, parameters: PrintParameters, rng: np.random.Generator) -> Surface:
    """A sheet bent round an upright or a level axis: one side turns from the lamp, and straight edges become arcs."""
    if abs(parameters.curl) < 0.05:
        return surface
    upright = parameters.curl_upright
    light, alpha = surface.light, surface.alpha
    across, along = alpha.shape[::-1] if upright else alpha.shape
    place = np.linspace(-1, 1, across, dtype=np.float32)
    # The sagitta seen by a camera a little above or beside the sheet.
    rise = parameters.curl * across * 0.12 * float(rng.uniform(-1, 1))
    pad = int(abs(rise)) + 1
    squeeze = 0.12 * min(abs(parameters.curl), 1.0)
    source = (place + squeeze * (place**3 - place)) * np.float32((across - 1) / 2) + np.float32((across - 1) / 2)
    arc = np.float32(rise) * (1 - place * place)
    steps = np.arange(along + 2 * pad, dtype=np.float32) - pad
    shade = 1 + np.float32(0.35 * parameters.curl) * np.sin(
        place * np.float32(1.2) + np.float32(rng.uniform(-0.8, 0.8))
    )
    light = light * (shade[None, :, None] if upright else shade[:, None, None])
    if upright:
        map_x, map_y = np.broadcast_to(source[None, :], (len(steps), across)), steps[:, None] - arc[None, :]
    else:
        map_x, map_y = steps[None, :] - arc[:, None], np.broadcast_to(source[:, None], (across, len(steps)))
    maps = np.ascontiguousarray(map_x), np.ascontiguousarray(map_y)
    light = cv2.remap(light, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.remap(alpha, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)

    def bent(box: Box) -> Box:
        centre = box.centre[0] if upright else box.centre[1]
        moved = float(np.interp(centre, source, np.arange(across)))
        lift = float(np.interp(moved, np.arange(across), arc)) + pad
        stretch = 1 / float(np.interp(centre, source, np.gradient(source)))
        if upright:
            return Box(moved - box.width * stretch / 2, box.y + lift, box.width * stretch, box.height)
        return Box(box.x + lift, moved - box.height * stretch / 2, box.width, box.height * stretch)

    return replace(
        surface, light=light, alpha=alpha, face=bent(surface.face), eyes=tuple(bent(eye) for eye in surface.eyes)
    )
