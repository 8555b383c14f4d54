"""A medium before it is photographed: its light, its outline, and where the face is on it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# The curve of sRGB as tables: exact powers on every pixel would cost more than the rest of the simulation.
_STEPS = 4096


def _srgb_decode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _srgb_encode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


_AXIS = np.arange(_STEPS + 1) / _STEPS
_TO_LINEAR = _srgb_decode(_AXIS).astype(np.float32)
# Dark tones need a finer table: the square root of the light spreads them.
_FROM_ROOT = _srgb_encode(_AXIS**2).astype(np.float32)


class Box(NamedTuple):
    """A rectangle in pixels; fractions are allowed."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def scaled(self, factor: float) -> "Box":
        return Box(self.x * factor, self.y * factor, self.width * factor, self.height * factor)

    def moved(self, right: float, down: float) -> "Box":
        return Box(self.x + right, self.y + down, self.width, self.height)


@dataclass(frozen=True)
class Surface:
    """A print or a screen seen head-on. A screen emits its light; a print only reflects that of the room."""

    light: np.ndarray  # HxWx3 float32, linear; 1.0 = white paper under the scene's light
    alpha: np.ndarray  # HxW float32 0..1, where the medium is; cut-outs and outside are 0
    face: Box
    emits: bool
    # Eye holes of a mask: the wearer's own eyes are seen through them.
    eyes: tuple[Box, ...] = ()
    # Cut to the head's outline: it is worn before a head, not held as a sheet.
    worn: bool = False


def to_linear(srgb: np.ndarray) -> np.ndarray:
    """Light of an sRGB picture of 0..1."""
    index = np.clip(srgb, 0.0, 1.0) * np.float32(_STEPS) + np.float32(0.5)
    return _TO_LINEAR[index.astype(np.int16)]


def to_srgb(linear: np.ndarray) -> np.ndarray:
    """The sRGB picture of 0..1 of some light; more than 1 clips."""
    root = np.sqrt(np.clip(linear, 0.0, 1.0))
    return _FROM_ROOT[(root * np.float32(_STEPS) + np.float32(0.5)).astype(np.int16)]
