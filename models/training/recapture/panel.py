"""The pixels of a display, and the moire that they make with the pixels of a camera."""

import cv2
import numpy as np

from .noise import slope, smooth_field

LAYOUTS = ("stripe", "diamond")


def shown_in_pixels(picture: np.ndarray, size: tuple[int, int], pixels: tuple[int, int]) -> np.ndarray:
    """A picture on a panel of so many pixels (columns, rows), drawn at a size where each of them is seen."""
    return cv2.resize(cv2.resize(picture, pixels, interpolation=cv2.INTER_AREA), size, interpolation=cv2.INTER_NEAREST)


def pixel_grid(size: tuple[int, int], pixels: tuple[int, int], layout: str, depth: float) -> np.ndarray:
    """HxWx3 factors of mean 1: where the red, green and blue of each pixel are.

    Only the pattern's first wave is drawn: lenses blur the finer ones away, and here they would alias.
    """
    width, height = size
    x = (np.arange(width, dtype=np.float32) + 0.5) * np.float32(2 * np.pi * pixels[0] / width)
    y = (np.arange(height, dtype=np.float32) + 0.5) * np.float32(2 * np.pi * pixels[1] / height)
    grid = np.empty((height, width, 3), np.float32)
    if layout == "stripe":
        # Three stripes side by side in each pixel, and a dark line between the rows.
        rows = 1 + np.float32(0.5 * depth) * np.cos(y - np.pi)
        for channel in range(3):
            columns = 1 + np.float32(depth) * np.cos(x - np.float32(2 * np.pi * (channel + 0.5) / 3))
            np.outer(rows, columns, out=grid[..., channel])
    else:
        # Green in every pixel, red and blue in turns, as on most telephones.
        wave = np.float32(depth) * np.outer(np.cos(y / 2), np.cos(x / 2))
        grid[..., 0], grid[..., 2] = 1 + wave, 1 - wave
        grid[..., 1] = 1 + np.float32(depth / 2) * (np.cos(y)[:, None] + np.cos(x)[None, :])
    return grid


def moire(
    size: tuple[int, int], period: float, strength: float, colour: float, waves: int, rng: np.random.Generator
) -> np.ndarray:
    """HxWx3 factors of mean about 1: waves of light where the panel's and the camera's pixels fall in and out of step.

    The waves bend, because no panel is held quite parallel and no lens draws quite straight.
    With `colour` 1 each colour is in step elsewhere, as its sub-pixels lie elsewhere: the waves are rainbows.
    """
    width, height = size
    # So smooth that half the size does; fine waves need all of it.
    reduction = 2 if period > 12 else 1
    rows, columns = height // reduction, width // reduction
    factors = np.ones((rows, columns, 3), np.float32)
    for wave in range(waves):
        angle = rng.uniform(0, np.pi)
        bends = rng.uniform(0.3, 2.5) * smooth_field(rng, rows, columns, max(rows, columns) * rng.uniform(0.4, 1.2))
        turns = max(rows, columns) / (2 * period / reduction) * rng.uniform(0.7, 1.4)
        phase = np.float32(2 * np.pi * turns) * slope(rows, columns, angle) + bends.astype(np.float32)
        # Waves are strong where focus and angle are right, and fade elsewhere.
        seen = np.clip(0.6 + 0.5 * smooth_field(rng, rows, columns, max(rows, columns) * 0.5), 0, 1.5)
        seen *= np.float32(strength / (1 + wave))
        offset, backwards = rng.uniform(0, 2 * np.pi), rng.choice([-1, 1])
        for channel in range(3):
            step = np.float32(offset + backwards * colour * 2 * np.pi * channel / 3)
            factors[..., channel] += seen * np.cos(phase + step)
    np.maximum(factors, 0, out=factors)
    return factors if reduction == 1 else cv2.resize(factors, size, interpolation=cv2.INTER_LINEAR)
