"""Smooth random fields, made small and enlarged: they cost next to nothing."""

import cv2
import numpy as np


def smooth_field(rng: np.random.Generator, height: int, width: int, period: float) -> np.ndarray:
    """Noise of about unit deviation whose bumps are about `period` pixels wide. HxW float32."""
    rows, columns = max(2, round(height / period) + 1), max(2, round(width / period) + 1)
    small = rng.standard_normal((rows, columns), dtype=np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def octaves(rng: np.random.Generator, height: int, width: int, finest: float, count: int, gain: float) -> np.ndarray:
    """Noise on several scales, each twice as coarse and `gain` times as strong as the one before; unit deviation."""
    total = np.zeros((height, width), np.float32)
    power = 0.0
    for octave in range(count):
        strength = gain**octave
        total += np.float32(strength) * smooth_field(rng, height, width, finest * 2**octave)
        power += strength**2
    return total / np.float32(power**0.5)


def slope(height: int, width: int, angle: float) -> np.ndarray:
    """A plane that rises from -1 to 1 across the picture in a direction. HxW float32."""
    across = np.linspace(-1, 1, width, dtype=np.float32) * np.float32(np.cos(angle))
    down = np.linspace(-1, 1, height, dtype=np.float32) * np.float32(np.sin(angle))
    return (down[:, None] + across[None, :]) / np.float32(abs(np.cos(angle)) + abs(np.sin(angle)))


def bump(height: int, width: int, centre: tuple[float, float], radii: tuple[float, float], angle: float) -> np.ndarray:
    """A soft blob of height 1. A quarter of the size is enough for something so smooth."""
    small_height, small_width = max(2, height // 4), max(2, width // 4)
    x = (np.arange(small_width, dtype=np.float32) + 0.5) * (width / small_width) - centre[0]
    y = (np.arange(small_height, dtype=np.float32)[:, None] + 0.5) * (height / small_height) - centre[1]
    along = (x * np.cos(angle) + y * np.sin(angle)) / radii[0]
    aside = (y * np.cos(angle) - x * np.sin(angle)) / radii[1]
    blob = cv2.exp((-0.5 * (along * along + aside * aside)).astype(np.float32))
    return cv2.resize(blob, (width, height), interpolation=cv2.INTER_LINEAR)
