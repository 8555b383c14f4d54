"""The attacker behind a mask of paper: his eyes in its holes, his neck and clothes below it."""

import cv2
import numpy as np

from .surface import Surface


def paint_wearer(
    light: np.ndarray, surface: Surface, place: np.ndarray, skin: np.ndarray, rng: np.random.Generator
) -> None:
    """Paints him into the room, in place, before the medium comes over him. Soft: he is out of focus."""
    height, width = light.shape[:2]
    unit = max(surface.face.width, surface.face.height)
    x, y = surface.face.centre
    layer = np.zeros((height, width), np.float32)
    centre, below = cv2.perspectiveTransform(np.array([[(x, y), (x, y + unit)]], np.float64), place)[0]
    scale = float(np.linalg.norm(below - centre))
    down = (below - centre) / (scale + 1e-6)

    def ellipse(at: np.ndarray, radii: tuple[float, float], colour: np.ndarray, blur: float) -> None:
        layer[:] = 0
        size = (max(1, int(radii[0] * scale * 16)), max(1, int(radii[1] * scale * 16)))
        cv2.ellipse(layer, (int(at[0] * 16), int(at[1] * 16)), size, 0, 0, 360, 1.0, -1, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(layer, (0, 0), max(0.6, blur * scale))
        light[:] += soft[..., None] * (colour.astype(np.float32) - light)

    if rng.random() < 0.8 or surface.eyes:
        grey = rng.uniform(0.01, 0.3)
        clothes = grey * np.exp(rng.normal(0, 0.4, 3))
        ellipse(centre + down * scale * 1.35, (rng.uniform(0.9, 1.3), 0.65), clothes, 0.03)
        ellipse(centre + down * scale * 0.5, (0.27, 0.5), skin * 0.55, 0.02)
        hair = np.array([0.02, 0.015, 0.012]) * rng.uniform(0.5, 6)
        ellipse(centre - down * scale * 0.1, (0.44, 0.6), hair, 0.02)
    for eye in surface.eyes:
        hole = cv2.perspectiveTransform(np.array([[eye.centre]], np.float64), place)[0, 0]
        half = eye.width / unit / 2
        ellipse(hole, (half * 1.6, half * 1.6), skin * 0.5, 0.01)
        ellipse(hole, (half * 0.75, half * 0.32), 0.35 * skin + 0.06, 0.006)
        ellipse(hole + rng.normal(0, 0.01, 2) * scale, (half * 0.24, half * 0.24), np.array([0.02, 0.015, 0.01]), 0.012)
