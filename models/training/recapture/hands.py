"""Fingers that hold a medium: rounded capsules in a colour of human skin, shaded so that they look round."""

import cv2
import numpy as np

from .surface import to_linear

# sRGB of skin from very light to very dark; draws lie anywhere between.
_SKIN = np.array([[246, 214, 192], [228, 182, 148], [198, 146, 108], [150, 102, 70], [104, 68, 48], [62, 42, 34]]) / 255


def skin_colour(rng: np.random.Generator) -> np.ndarray:
    """Linear light of one skin. Float32, 3."""
    place = rng.uniform(0, len(_SKIN) - 1)
    colour = np.array([np.interp(place, np.arange(len(_SKIN)), _SKIN[:, i]) for i in range(3)])
    return to_linear(np.clip(colour * np.exp(rng.normal(0, 0.05, 3)), 0, 1).astype(np.float32))


def paint_capsules(
    light: np.ndarray,
    capsules: list[tuple[np.ndarray, np.ndarray, float]],
    colour: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Paints capsules (from, to, radius) into `light`, in place; returns where they are, HxW of 0..1."""
    height, width = light.shape[:2]
    covered = np.zeros((height, width), np.float32)
    for start, end, radius in capsules:
        reach = radius + 3
        low = np.floor(np.minimum(start, end) - reach).astype(int)
        high = np.ceil(np.maximum(start, end) + reach).astype(int)
        x0, y0, x1, y1 = max(0, low[0]), max(0, low[1]), min(width, high[0]), min(height, high[1])
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        x = np.arange(x0, x1, dtype=np.float32) - np.float32(start[0])
        y = np.arange(y0, y1, dtype=np.float32)[:, None] - np.float32(start[1])
        along = (end - start).astype(np.float32)
        length = float(along @ along) + 1e-6
        share = np.clip((x * along[0] + y * along[1]) / np.float32(length), 0, 1)
        away_x, away_y = x - share * along[0], y - share * along[1]
        # A finger narrows to its tip, at `end`.
        radii = np.float32(radius) * (1 - np.float32(0.18) * share)
        ratio = cv2.sqrt(away_x * away_x + away_y * away_y) / radii
        soft = np.clip((1 - ratio) * np.float32(radius / 1.5) + np.float32(0.5), 0, 1)
        # Round: what faces the viewer is brightest; lit from above and a little from a side.
        facing = cv2.sqrt(np.clip(1 - ratio * ratio, 0, 1))
        lit = (np.float32(0.45) + np.float32(0.55) * facing) * (1 - np.float32(0.2) * away_y / radii)
        lit *= 1 + np.float32(0.05) * np.sin(share * np.float32(rng.uniform(8, 16)) + np.float32(rng.uniform(0, 6)))
        patch = light[y0:y1, x0:x1]
        skin = lit[..., None] * colour
        # Fingertips are redder than the back of the hand.
        skin[..., 0] *= 1 + np.float32(0.15) * share**3
        patch += soft[..., None] * (skin - patch)
        np.maximum(covered[y0:y1, x0:x1], soft, out=covered[y0:y1, x0:x1])
    return covered


def grip(
    edge: np.ndarray, inward: np.ndarray, thickness: float, rng: np.random.Generator
) -> tuple[list[tuple[np.ndarray, np.ndarray, float]], list[tuple[np.ndarray, np.ndarray, float]]]:
    """A hand at a point of an edge: what of it is behind the medium, and what lies over its front."""
    along = np.array([-inward[1], inward[0]])
    lean = along * rng.uniform(-0.7, 0.7)
    root = edge - inward * thickness * rng.uniform(0.6, 1.6)
    front = []
    behind = [(edge - inward * thickness * 14 + lean * thickness * 5, root, thickness * rng.uniform(1.5, 2.2))]
    if rng.random() < 0.75:
        # A thumb on the front, the other fingers behind.
        tip = edge + inward * thickness * rng.uniform(0.8, 2.6) + lean * thickness
        front.append((root, tip, thickness * rng.uniform(0.5, 0.62)))
    else:
        # Fingertips round the edge, the thumb behind.
        for i in range(int(rng.integers(2, 5))):
            place = edge + along * thickness * 1.0 * (i - 1.5)
            tip = place + inward * thickness * rng.uniform(0.1, 0.8) + lean * thickness * 0.3
            front.append((place - inward * thickness * 1.6, tip, thickness * rng.uniform(0.42, 0.5)))
    return behind, front
