"""What a sensor makes of the light on it: noise, coarser in colour than in brightness, and an end to brightness."""

import cv2
import numpy as np


def sensed(light: np.ndarray, shot: float, read: float, chroma: float, rng: np.random.Generator) -> np.ndarray:
    """Light with noise, clipped to 0..1. Light comes in quanta: their noise grows with its root."""
    height, width = light.shape[:2]
    # A colour filter gives red and blue to every fourth pixel: what is between is guessed, so their noise is coarse.
    fine = rng.standard_normal((height, width), dtype=np.float32)
    coarse = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), dtype=np.float32)
    noise = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    noise *= np.float32(1.5 * chroma)
    noise += (fine * np.float32(1 - 0.5 * chroma))[..., None]
    level = np.float32(shot**2) * np.clip(light, 0, 1) + np.float32(read**2)
    noise *= cv2.sqrt(level)
    noise += light
    return np.clip(noise, 0, 1, out=noise)
