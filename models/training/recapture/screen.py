"""A portrait shown on a telephone, a tablet or a monitor."""

from dataclasses import dataclass

import cv2
import numpy as np

from .codec import h264, jpeg
from .glass import GLARES, banding, falloff, glare, mirrored_room, smudges
from .housing import Housing, Margins, bordered, draw_housing, letterboxed, outline, with_bars
from .panel import LAYOUTS, moire, pixel_grid, shown_in_pixels
from .surface import Box, Surface, to_linear

LONGEST_SIDE = 900
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class ScreenParameters:
    """Lengths are in parts of the face's height, lights in those of white paper in the room."""

    jpeg_quality: int  # of what is shown; 0 is none
    h264_crf: int  # of what is shown; 0 is none
    shown_scale: float  # of what is shown before the panel enlarges it
    housing: Housing
    pixel_pitch: float  # pixels of the sheet per pixel of the panel; 0: too fine to be drawn
    layout: str
    pixel_depth: float  # how dark it is between the sub-pixels
    moire_period: float
    moire_strength: float  # 0 is none
    moire_colour: float
    moire_waves: int
    brightness: float  # of its white
    gamma: float
    contrast: float  # vivid displays steepen the middle tones
    saturation: float
    white: tuple[float, float, float]  # gains
    black: float  # backlight that leaks through, as a part of white
    falloff: float
    banding_depth: float  # 0 is none
    banding_period: float
    banding_tilt: float
    glare: str
    glare_strength: float
    glare_spread: float
    glare_softness: float
    mirror: float  # how much of the room is seen in the glass
    smudge: float


def draw_screen(rng: np.random.Generator) -> ScreenParameters:
    """Most screens are good ones: few have visible pixels, bands or lamps in them."""
    video = rng.random() < 0.12
    drawn_pixels = rng.random() < 0.3
    wavy = rng.random() < (0.25 if drawn_pixels else 0.5)
    cold = float(rng.normal(0.25, 0.2))
    white = np.exp(np.array([-cold, rng.normal(-0.02, 0.06), cold * 0.9]))
    if rng.random() < 0.04:
        # A night filter takes blue away.
        white = np.array([1.0, rng.uniform(0.75, 0.92), rng.uniform(0.35, 0.75)])
    return ScreenParameters(
        jpeg_quality=0 if video else int(rng.integers(30, 96)),
        h264_crf=int(rng.integers(22, 36)) if video else 0,
        shown_scale=float(rng.uniform(0.4, 0.9)) if rng.random() < 0.35 else 1.0,
        housing=draw_housing(rng),
        pixel_pitch=float(rng.uniform(2.0, 3.2)) if drawn_pixels else 0.0,
        layout=str(rng.choice(LAYOUTS, p=[0.65, 0.35])),
        pixel_depth=float(rng.uniform(0.35, 1.0)),
        moire_period=float(np.exp(rng.uniform(np.log(0.025), np.log(0.7)))),
        moire_strength=float(min(rng.gamma(1.1, 0.035), 0.25)) if wavy else 0.0,
        moire_colour=float(rng.choice([0.0, 1.0, rng.uniform(0, 1)], p=[0.25, 0.45, 0.3])),
        moire_waves=int(rng.integers(1, 3)),
        brightness=float(np.exp(rng.normal(0.1, 0.45))),
        gamma=float(np.exp(rng.normal(0.1, 0.15))),
        contrast=float(rng.normal(0.4, 0.35)),
        saturation=float(np.exp(rng.normal(0.04, 0.2))),
        white=tuple(float(value) for value in white),
        black=float(min(np.exp(rng.normal(np.log(0.003), 1.1)), 0.06)),
        falloff=float(rng.beta(1.2, 5) * 0.7),
        banding_depth=float(rng.uniform(0.03, 0.3)) if rng.random() < 0.12 else 0.0,
        banding_period=float(np.exp(rng.uniform(np.log(0.3), np.log(2.5)))),
        banding_tilt=float(rng.normal(0, 0.03)),
        glare=str(rng.choice(GLARES, p=[0.65, 0.14, 0.13, 0.08])),
        glare_strength=float(np.exp(rng.normal(np.log(0.15), 0.9))),
        glare_spread=float(np.exp(rng.uniform(np.log(0.05), np.log(0.6)))),
        glare_softness=float(np.exp(rng.uniform(np.log(0.003), np.log(0.05)))),
        mirror=float(min(rng.gamma(0.6, 0.02), 0.12)),
        smudge=float(rng.uniform(0.02, 0.15)) if rng.random() < 0.25 else 0.0,
    )


def render_screen(content: np.ndarray, face: Box, parameters: ScreenParameters, rng: np.random.Generator) -> Surface:
    """`content`: HxWx3 float32, sRGB of 0..1: what is shown; `face`: where the face is in it."""
    housing = parameters.housing
    panel, shift = letterboxed(with_bars(_delivered(content, parameters, rng), housing.bars, rng), housing)
    face = face.moved(shift.left, shift.top)
    scale = _scale(panel, parameters)
    size = (round(panel.shape[1] * scale), round(panel.shape[0] * scale))
    wide, high = size[0] / panel.shape[1], size[1] / panel.shape[0]
    face = Box(face.x * wide, face.y * high, face.width * wide, face.height * high)
    unit = max(face.width, face.height)
    if parameters.pixel_pitch:
        pixels = (max(2, round(size[0] / parameters.pixel_pitch)), max(2, round(size[1] / parameters.pixel_pitch)))
        light = _emitted(shown_in_pixels(panel, size, pixels), parameters)
        light *= pixel_grid(size, pixels, parameters.layout, parameters.pixel_depth)
    else:
        light = _emitted(cv2.resize(panel, size, interpolation=cv2.INTER_LINEAR), parameters)
    if parameters.moire_strength:
        period = max(2.5, parameters.moire_period * unit)
        waves = parameters.moire_waves
        light *= moire(size, period, parameters.moire_strength, parameters.moire_colour, waves, rng)
    light *= _uneven(size, unit, parameters, rng)[..., None]
    frame = Margins(*(round(part * max(size)) for part in housing.bezel))
    light = bordered(light, frame, housing.bezel_tone)
    _behind_glass(light, parameters, rng)
    whole = light.shape[1::-1]
    alpha = outline(whole, round(housing.corner * max(whole)))
    return Surface(np.minimum(light, 20.0, out=light), alpha, face.moved(frame.left, frame.top), True)


def _delivered(content: np.ndarray, parameters: ScreenParameters, rng: np.random.Generator) -> np.ndarray:
    """What the attacker was sent or has found: small often, and compressed always."""
    height, width = content.shape[:2]
    picture = cv2.convertScaleAbs(np.clip(content, 0, 1), alpha=255)
    if parameters.shown_scale != 1:
        small = (max(16, round(width * parameters.shown_scale)), max(16, round(height * parameters.shown_scale)))
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    if parameters.h264_crf:
        picture = h264(picture, parameters.h264_crf, rng)
    if parameters.jpeg_quality:
        picture = jpeg(picture, parameters.jpeg_quality)
    if parameters.shown_scale != 1:
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
    return picture.astype(np.float32) / np.float32(255)


def _scale(panel: np.ndarray, parameters: ScreenParameters) -> float:
    """As large as is allowed where pixels are drawn; as it is otherwise, for what is not there costs time."""
    frame = 1 + 2 * max(parameters.housing.bezel)
    most = LONGEST_SIDE / frame / max(panel.shape[:2])
    return min(most, 1.6) if parameters.pixel_pitch else min(most, 1.0)


def _emitted(panel: np.ndarray, parameters: ScreenParameters) -> np.ndarray:
    """Linear light of a panel that shows a picture: its curve, its colours, its white, and black that is not black."""
    tones = panel
    if parameters.contrast:
        tones = tones + np.float32(parameters.contrast) * (tones * tones * (3 - 2 * tones) - tones)
    if parameters.saturation != 1:
        grey = (tones @ _LUMA)[..., None]
        tones = grey + (tones - grey) * np.float32(parameters.saturation)
    # A power of tones is about the same power of light.
    light = to_linear(cv2.pow(np.clip(tones, 0, 1), parameters.gamma))
    light *= np.float32(1 - parameters.black)
    light += np.float32(parameters.black)
    light *= (np.array(parameters.white) * parameters.brightness).astype(np.float32)
    return light


def _uneven(size: tuple[int, int], unit: float, parameters: ScreenParameters, rng: np.random.Generator) -> np.ndarray:
    factors = falloff(size, parameters.falloff, rng)
    if parameters.banding_depth:
        period = parameters.banding_period * unit
        factors *= banding(size, period, parameters.banding_depth, parameters.banding_tilt, rng)
    return factors


def _behind_glass(light: np.ndarray, parameters: ScreenParameters, rng: np.random.Generator) -> None:
    """The panel and its frame are behind one glass; what it mirrors does not depend on what is shown."""
    size = light.shape[1::-1]
    if parameters.smudge:
        # Grease takes light from where it is and spreads it.
        haze = (smudges(size, rng) * np.float32(parameters.smudge))[..., None]
        light += haze * (light.mean((0, 1)) * np.float32(1.5) - light)
    if parameters.mirror > 0.002:
        light += mirrored_room(size, rng) * np.float32(parameters.mirror)
    if parameters.glare != "none":
        lamp = glare(size, parameters.glare, parameters.glare_spread, parameters.glare_softness, rng)
        colour = np.exp(rng.normal(0, 0.06, 3)) * parameters.glare_strength
        light += lamp[..., None] * colour.astype(np.float32)
