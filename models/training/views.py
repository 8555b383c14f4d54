"""The two views of a crop that the texture model is shown, exactly as the service makes them (`frame/texture.ts`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CROP_SIDE = 224
VIEW_SIDE = 128
VIEW_BY_FACE = 2.7


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def square_view(crop: np.ndarray, face: Box) -> np.ndarray:
    """2.7 x the face; what lies beyond the crop is its nearest pixel."""
    side = VIEW_BY_FACE * max(face.width, face.height)
    return _resample(crop, face.x + face.width / 2 - side / 2, face.y + face.height / 2 - side / 2, side)


def whole_view(crop: np.ndarray) -> np.ndarray:
    return _resample(crop, 0.0, 0.0, float(crop.shape[0]))


def _resample(crop: np.ndarray, x: float, y: float, side: float) -> np.ndarray:
    rows = taps(y, side, VIEW_SIDE, crop.shape[0])
    columns = taps(x, side, VIEW_SIDE, crop.shape[1])
    return np.einsum("hy,yxc,wx->hwc", rows, crop.astype(np.float32), columns, optimize=True)


def taps(start: float, length: float, count: int, size: int) -> np.ndarray:
    """For each pixel of the result a row: what it takes of each pixel of the source. Triangles as wide as that."""
    scale = length / count
    reach = max(1.0, scale)
    centres = start + (np.arange(count) + 0.5) * scale - 0.5
    lowest = np.ceil(centres - reach).astype(int)
    places = lowest[:, None] + np.arange(int(np.ceil(reach * 2)))
    weights = np.maximum(0.0, 1.0 - np.abs(places - centres[:, None]) / reach)
    weights /= weights.sum(1, keepdims=True)
    matrix = np.zeros((count, size), np.float32)
    np.add.at(matrix, (np.arange(count)[:, None], np.clip(places, 0, size - 1)), weights)
    return matrix


def square_within(width: float, height: float, square: Box) -> Box:
    """Moved, and made smaller where it must be, so that it lies within the picture."""
    side = min(square.width, width, height)
    x = min(max(square.x + square.width / 2 - side / 2, 0), width - side)
    y = min(max(square.y + square.height / 2 - side / 2, 0), height - side)
    return Box(x, y, side, side)


def crop_of(picture: np.ndarray, face: Box, by_face: float = 3.0) -> tuple[np.ndarray, Box]:
    """The crop of 3 x the face out of a whole picture, and where the face lies in it."""
    height, width = picture.shape[:2]
    side = by_face * max(face.width, face.height)
    around = Box(face.x + face.width / 2 - side / 2, face.y + face.height / 2 - side / 2, side, side)
    square = square_within(width, height, around)
    rows = taps(square.y, square.width, CROP_SIDE, height)
    columns = taps(square.x, square.width, CROP_SIDE, width)
    crop = np.einsum("hy,yxc,wx->hwc", rows, picture.astype(np.float32), columns, optimize=True)
    scale = CROP_SIDE / square.width
    inside = Box((face.x - square.x) * scale, (face.y - square.y) * scale, face.width * scale, face.height * scale)
    return np.clip(np.rint(crop), 0, 255).astype(np.uint8), inside
