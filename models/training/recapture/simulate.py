"""From a portrait to the picture of a print or a screen that shows it, or of the person by another camera."""

from dataclasses import asdict, is_dataclass
from typing import Any

import cv2
import numpy as np

from .camera import draw_camera, draw_mild_camera, take, take_again
from .print import draw_print, render_print
from .scene import Recapture, compose
from .screen import draw_screen, render_screen
from .surface import Box

LONGEST_CONTENT = 720


def simulate(
    portrait: np.ndarray, face: Box, backdrop: np.ndarray, rng: np.random.Generator, kind: str | None = None
) -> Recapture:
    """A print or a screen with the portrait before a camera. `portrait` and `backdrop`: HxWx3 float32, sRGB of 0..1."""
    kind = kind or ("print" if rng.random() < 0.5 else "screen")
    content, content_face = _framed(portrait, Box(*face), rng)
    if kind == "print":
        medium: Any = draw_print(rng)
        surface = render_print(content, content_face, medium, rng)
    else:
        medium = draw_screen(rng)
        surface = render_screen(content, content_face, medium, rng)
    light, place, mask, scene = compose(surface, backdrop, rng)
    camera = draw_camera(rng)
    picture = take(light, camera, rng)
    return Recapture(
        picture, place, mask, kind, {**flat(kind, medium), **flat("scene", scene), **flat("camera", camera)}
    )


def live_again(portrait: np.ndarray, face: Box, rng: np.random.Generator) -> Recapture:
    """The genuine face at another distance through another plausible webcam: no camera may betray a recapture."""
    face = Box(*face)
    unit = max(face.width, face.height)
    # Framed as recaptures are: how much is round a face must tell nothing.
    x0, y0, x1, y1 = _window(portrait, face, rng)
    scale = min(float(np.exp(rng.uniform(np.log(70), np.log(230)))) / unit, 1.3)
    piece = _resized(portrait[y0:y1, x0:x1], scale)
    camera = draw_mild_camera(rng)
    picture = take_again(np.rint(np.clip(piece, 0, 1) * 255).astype(np.uint8), camera, rng)
    place = face.moved(-x0, -y0).scaled(scale)
    return Recapture(picture, place, np.zeros(picture.shape[:2], np.float32), "live", flat("camera", camera))


def flat(prefix: str, values: Any) -> dict[str, Any]:
    """Parameters as plain names and values that JSON can hold."""
    rows = asdict(values) if is_dataclass(values) and not isinstance(values, type) else values
    result: dict[str, Any] = {}
    for name, value in rows.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            result.update(flat(key, value))
        else:
            result[key] = _plain(value)
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _window(portrait: np.ndarray, face: Box, rng: np.random.Generator) -> tuple[int, int, int, int]:
    """What of a picture is kept round the face: from a close-up to head and shoulders with room."""
    first_row, last_row = _lit(portrait.max((1, 2)), face.y, face.y + face.height)
    first_column, last_column = _lit(portrait.max((0, 2)), face.x, face.x + face.width)
    unit = max(face.width, face.height)
    left, right, up = unit * rng.uniform(0.15, 1.6), unit * rng.uniform(0.15, 1.6), unit * rng.uniform(0.25, 1.2)
    down = unit * rng.uniform(0.15, 1.6)
    x0, y0 = max(first_column, int(face.x - left)), max(first_row, int(face.y - up))
    x1, y1 = min(last_column, int(face.x + face.width + right)), min(last_row, int(face.y + face.height + down))
    return x0, y0, x1, y1


def _lit(brightest: np.ndarray, start: float, end: float) -> tuple[int, int]:
    """Between the black bars that some collections pad pictures with: they must not pass for bezels, nor for live."""
    black = np.flatnonzero(brightest < 0.04)
    before, after = black[black < start], black[black > end]
    return int(before[-1]) + 1 if before.size else 0, int(after[0]) if after.size else len(brightest)


def _framed(portrait: np.ndarray, face: Box, rng: np.random.Generator) -> tuple[np.ndarray, Box]:
    """The picture that the attacker shows: a piece of the portrait."""
    x0, y0, x1, y1 = _window(portrait, face, rng)
    unit = max(face.width, face.height)
    # A tiny source is enlarged all the same: the medium's own dots and edges are finer than what it shows.
    wanted = max(min(rng.uniform(200, 320) / unit, 2.0), 140 / unit)
    scale = min(wanted, LONGEST_CONTENT / max(x1 - x0, y1 - y0))
    content = _resized(portrait[y0:y1, x0:x1], scale)
    return np.clip(content, 0, 1).astype(np.float32), face.moved(-x0, -y0).scaled(scale)


def _resized(picture: np.ndarray, scale: float) -> np.ndarray:
    size = (max(2, round(picture.shape[1] * scale)), max(2, round(picture.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(np.ascontiguousarray(picture), size, interpolation=method)
