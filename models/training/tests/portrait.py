"""A drawn face for tests: no picture of a real person is needed."""

import cv2
import numpy as np

from recapture.surface import Box

FACE = Box(210.0, 150.0, 180.0, 220.0)


def portrait() -> np.ndarray:
    """600x600 sRGB of 0..1 with tones from near black to near white, smooth but for the outlines."""
    picture = np.zeros((600, 600, 3), np.float32)
    picture[:] = np.linspace(0.2, 0.95, 600, dtype=np.float32)[None, :, None] * np.array([0.9, 1.0, 1.0], np.float32)
    cv2.rectangle(picture, (120, 430), (480, 600), (0.02, 0.02, 0.05), -1)
    cv2.ellipse(picture, (300, 260), (90, 120), 0, 0, 360, (0.85, 0.62, 0.5), -1, cv2.LINE_AA)
    for x in (262, 338):
        cv2.ellipse(picture, (x, 237), (20, 8), 0, 0, 360, (0.98, 0.98, 0.98), -1, cv2.LINE_AA)
        cv2.circle(picture, (x, 237), 7, (0.1, 0.06, 0.05), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (300, 320), (34, 12), 0, 0, 360, (0.7, 0.2, 0.25), -1, cv2.LINE_AA)
    return picture


def room() -> np.ndarray:
    return np.full((480, 640, 3), (0.2, 0.5, 0.2), np.float32)


def fine_energy(picture: np.ndarray) -> float:
    """What is left of a picture without its smooth tones."""
    return float(np.std(picture - cv2.GaussianBlur(picture, (0, 0), 2)))
