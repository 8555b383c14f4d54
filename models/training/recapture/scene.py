"""The scene of an attack: a medium held before a camera, in a room."""

from dataclasses import dataclass

import cv2
import numpy as np

from .hands import grip, paint_capsules, skin_colour
from .noise import bump, slope
from .surface import Box, Surface, to_linear
from .wearer import paint_wearer

LONGEST_SIDE = 720


@dataclass
class Recapture:
    """A simulated picture, and the truth of it."""

    picture: np.ndarray  # HxWx3 uint8 RGB
    face: Box
    mask: np.ndarray  # HxW float32 0..1, where the medium is seen
    kind: str  # 'print', 'screen' or 'live'
    parameters: dict


def compose(
    surface: Surface, backdrop: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, Box, np.ndarray, dict[str, float | str]]:
    """Holds the medium into the room. Returns light, the face's box, where the medium is seen, and what was drawn."""
    unit = max(surface.face.width, surface.face.height)
    wanted = float(np.exp(rng.uniform(np.log(75), np.log(230))))
    # No camera is so near that the medium's picture gets much larger than it was made.
    wanted = min(wanted, 1.2 * unit)
    view = str(rng.choice(["fills", "edges", "whole"], p=[0.05, 0.25, 0.7] if surface.worn else [0.4, 0.35, 0.25]))
    tilt = _tilt(surface, view, rng)
    left, top, right, bottom = _window(surface, tilt, view, rng)
    zoom = min(wanted, LONGEST_SIDE / max(right - left, bottom - top))
    zoom = max(zoom, 60.0)
    width, height = max(64, round((right - left) * zoom)), max(64, round((bottom - top) * zoom))
    place = np.array([[zoom, 0, -left * zoom], [0, zoom, -top * zoom], [0, 0, 1]]) @ tilt

    medium, alpha = _warped(surface, place, (width, height), zoom / unit, rng)
    gain = float(rng.uniform(0.55, 1.15))
    if not surface.emits:
        _light_print(medium, alpha, rng)
        light = _room(backdrop, (width, height), rng) * np.float32(np.exp(rng.normal(-0.1, 0.35)))
    else:
        # A screen lights itself; the room round it is as bright as it likes, mostly darker.
        light = _room(backdrop, (width, height), rng) * np.float32(np.exp(rng.normal(-0.7, 0.7)))
    if view != "fills" and rng.random() < 0.5:
        light *= 1 - _shadow(alpha, zoom, rng)[..., None]
    behind, front = _hands(surface, place, view, zoom, rng)
    colour = skin_colour(rng)
    lit = colour * np.float32(rng.uniform(0.5, 1.0))
    if surface.worn or surface.eyes:
        paint_wearer(light, surface, place, colour, rng)
    paint_capsules(light, behind, lit * np.float32(0.8), rng)
    light *= (1 - alpha)[..., None]
    light += medium
    seen = alpha
    if front:
        seen = alpha * (1 - paint_capsules(light, front, lit, rng))
    light *= np.float32(gain)
    parameters: dict[str, float | str] = {"view": view, "face_pixels": zoom, "gain": gain, "fingers": float(len(front))}
    return light, mapped(surface.face, place), seen, parameters


def mapped(box: Box, place: np.ndarray) -> Box:
    """The upright box of about the same size where a homography puts it."""
    x0, y0, x1, y1 = box.x, box.y, box.x + box.width, box.y + box.height
    corners = np.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], np.float64)
    a, b, c, d = cv2.perspectiveTransform(corners, place)[0]
    width = (np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2
    height = (np.linalg.norm(d - a) + np.linalg.norm(c - b)) / 2
    x, y = (a + b + c + d) / 4
    return Box(float(x - width / 2), float(y - height / 2), float(width), float(height))


def _tilt(surface: Surface, view: str, rng: np.random.Generator) -> np.ndarray:
    """From the surface's pixels to a plane where the face's centre is the origin and the face 1 high."""
    wide = rng.random() < 0.2
    yaw, pitch = np.radians(rng.normal(0, 16 if wide else 7, 2))
    roll = np.radians(rng.normal(0, 9 if wide else 3))
    size = max(surface.face.width, surface.face.height)
    centre = surface.face.centre
    centred = np.array([[1 / size, 0, -centre[0] / size], [0, 1 / size, -centre[1] / size], [0, 0, 1]])
    turn = (
        np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        @ np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
        @ np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    )
    # A plane at z = 0 before a camera that is so many faces away.
    distance = rng.uniform(3.5, 9)
    flat = np.stack([turn[0, [0, 1]], turn[1, [0, 1]], turn[2, [0, 1]] / distance])
    return np.column_stack([flat, [0, 0, 1]]) @ centred


def _window(
    surface: Surface, tilt: np.ndarray, view: str, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """What the camera frames, in faces from the face's centre: each side ends on the medium, or in the room beyond."""
    rows = np.flatnonzero(surface.alpha[::4].max(1) > 0.5) * 4
    columns = np.flatnonzero(surface.alpha[:, ::4].max(0) > 0.5)
    x0, x1, y0, y1 = columns[0], columns[-1], rows[0], rows[-1]
    corners = np.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], np.float64)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = cv2.perspectiveTransform(corners, tilt)[0]
    inner = [-max(ax, dx), -max(ay, by), min(bx, cx), min(cy, dy)]
    outer = [-min(ax, dx), -min(ay, by), max(bx, cx), max(cy, dy)]
    beyond = {"fills": 0, "edges": int(rng.integers(1, 4)), "whole": 4}[view]
    # Nobody frames more than some faces' worth of room.
    order = np.argsort([inner[i] + rng.uniform(0, 0.8) for i in range(4)])
    shown = set(order[:beyond].tolist())
    reach = []
    for side in range(4):
        if side in shown:
            reach.append(outer[side] + float(rng.gamma(1.6, 0.3)) + 0.05)
        else:
            reach.append(min(inner[side], float(rng.uniform(0.75, 2.4))) - 0.01)
    left, top, right, bottom = (max(0.55, value) for value in reach)
    return -left, -top, right, bottom


def _warped(
    surface: Surface, place: np.ndarray, size: tuple[int, int], shrink: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The medium as the lens throws it, premultiplied. A pixel gathers light over its own area, not quite evenly."""
    merged = cv2.merge([surface.light * surface.alpha[..., None], surface.alpha])
    if shrink < 0.95:
        # Less blur than sampling would need, as in most cameras: what is left makes moire.
        merged = cv2.GaussianBlur(merged, (0, 0), rng.uniform(0.28, 0.42) / shrink)
    flat = cv2.warpPerspective(merged, place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.ascontiguousarray(flat[..., :3]), np.clip(flat[..., 3], 0, 1)


def _light_print(medium: np.ndarray, alpha: np.ndarray, rng: np.random.Generator) -> None:
    """A print shows the room's light: stronger on one side, sometimes with somebody's shadow on it."""
    height, width = alpha.shape
    shade = 1 + np.float32(rng.gamma(1.5, 0.08)) * slope(height, width, rng.uniform(0, 2 * np.pi))
    if rng.random() < 0.2:
        centre = (rng.uniform(0, width), rng.uniform(0, height))
        radii = (width * rng.uniform(0.2, 0.5), height * rng.uniform(0.2, 0.5))
        shade *= 1 - np.float32(rng.uniform(0.1, 0.5)) * bump(height, width, centre, radii, rng.uniform(0, np.pi))
    medium *= np.clip(shade, 0.1, 2)[..., None]


def _room(backdrop: np.ndarray, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A piece of the room as large as the picture, out of focus; blurred small, for it is smooth anyway."""
    width, height = size
    rows, columns = backdrop.shape[:2]
    cover = max(width / columns, height / rows) * rng.uniform(1, 1.3)
    piece_width, piece_height = max(2, min(columns, int(width / cover))), max(2, min(rows, int(height / cover)))
    x, y = int(rng.integers(columns - piece_width + 1)), int(rng.integers(rows - piece_height + 1))
    piece = backdrop[y : y + piece_height, x : x + piece_width]
    if rng.random() < 0.5:
        piece = piece[:, ::-1]
    blur = float(rng.gamma(2, 1.2))
    reduction = 2 if blur > 2 else 1
    small = cv2.resize(
        np.ascontiguousarray(piece), (width // reduction, height // reduction), interpolation=cv2.INTER_LINEAR
    )
    light = to_linear(small)
    if blur > 0.3:
        light = cv2.GaussianBlur(light, (0, 0), blur / reduction)
    return light if reduction == 1 else cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)


def _shadow(alpha: np.ndarray, zoom: float, rng: np.random.Generator) -> np.ndarray:
    """The medium's shadow on what is behind it: moved, soft, and only as dark as the room's other light lets it be."""
    height, width = alpha.shape
    small = cv2.resize(alpha, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    move = np.array([[1, 0, rng.normal(0, 0.12) * zoom / 4], [0, 1, rng.uniform(0, 0.25) * zoom / 4]])
    small = cv2.warpAffine(small, move, small.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, zoom * rng.uniform(0.01, 0.08)))
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR) * np.float32(rng.uniform(0.15, 0.7))


def _hands(surface: Surface, place: np.ndarray, view: str, zoom: float, rng: np.random.Generator) -> tuple[list, list]:
    """Hands at one or two of the medium's sides; more often at the lower half and the bottom."""
    behind: list = []
    front: list = []
    if rng.random() > {"fills": 0.05, "edges": 0.45, "whole": 0.65}[view]:
        return behind, front
    height, width = surface.alpha.shape
    face = mapped(surface.face, place)
    for side in rng.permutation(["left", "right", "bottom"])[: 1 + int(rng.random() < 0.4)]:
        share = rng.uniform(0.35, 0.95)
        ends = {
            "left": ((0.0, height * share), (width * 0.1, height * share)),
            "right": ((width - 1.0, height * share), (width * 0.9, height * share)),
            "bottom": ((width * share, height - 1.0), (width * share, height * 0.9)),
        }[str(side)]
        edge, inside = cv2.perspectiveTransform(np.array([ends], np.float64), place)[0]
        inward = (inside - edge) / (np.linalg.norm(inside - edge) + 1e-6)
        # A real thumb is an eighth of a real face; faces on small media are small beside it.
        hidden, shown = grip(edge, inward, zoom * rng.uniform(0.12, 0.32), rng)
        shown = [capsule for capsule in shown if _clear_of(face, capsule)]
        behind += hidden
        front += shown
    return behind, front


def _clear_of(face: Box, capsule: tuple[np.ndarray, np.ndarray, float]) -> bool:
    """Nobody covers the face that is to be recognised, though a thumb may touch its rim."""
    _, tip, radius = capsule
    (x, y) = face.centre
    return bool(np.hypot((tip[0] - x) / face.width, (tip[1] - y) / face.height) > 0.45 + radius / face.height)
