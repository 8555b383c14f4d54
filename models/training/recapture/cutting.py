"""What scissors and cards make of a print: its outline, its eye holes, what is round the portrait."""

import cv2
import numpy as np

from .surface import Box


def _filled(shape: tuple[int, int], outline: np.ndarray) -> np.ndarray:
    canvas = np.zeros(shape, np.uint8)
    cv2.fillPoly(canvas, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _ring(
    centre: tuple[float, float], radii: tuple[float, float], wobble: float, rng: np.random.Generator
) -> np.ndarray:
    """A closed outline near an ellipse: scissors wander, and cut in short straight pieces."""
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = np.ones(40)
    for harmonic in range(2, 8):
        reach += wobble / harmonic * rng.normal() * np.cos(harmonic * turns + rng.uniform(0, 2 * np.pi))
    return np.stack([centre[0] + radii[0] * reach * np.cos(turns), centre[1] + radii[1] * reach * np.sin(turns)], 1)


def cut_round_head(shape: tuple[int, int], face: Box, bust: bool, rng: np.random.Generator) -> np.ndarray:
    """Where paper is left of a sheet cut along the hair, and along the shoulders if `bust`."""
    x, y = face.centre
    centre = (x + face.width * rng.normal(0, 0.02), y - face.height * rng.uniform(0.02, 0.15))
    radii = (face.width * rng.uniform(0.6, 0.85), face.height * rng.uniform(0.68, 0.85))
    alpha = _filled(shape, _ring(centre, radii, 0.06, rng))
    if bust:
        neck, shoulder = face.width * rng.uniform(0.4, 0.55), face.width * rng.uniform(0.9, 1.6)
        top, drop = y + face.height * rng.uniform(0.35, 0.5), face.height * rng.uniform(0.3, 0.5)
        low = float(shape[0])
        right = [(neck, y), (neck, top), (shoulder, top + drop), (shoulder * 1.1, low)]
        sides = [(x - dx, dy) for dx, dy in right] + [(x + dx, dy) for dx, dy in right[::-1]]
        alpha = cv2.max(alpha, _filled(shape, np.array(sides)))
    return alpha


def eye_holes(alpha: np.ndarray, face: Box, rng: np.random.Generator) -> tuple[np.ndarray, tuple[Box, ...]]:
    """Both eyes cut out, so that the wearer can blink."""
    eyes = []
    width, height = face.width * rng.uniform(0.13, 0.19), face.height * rng.uniform(0.04, 0.08)
    for side in (-1, 1):
        x = face.centre[0] + side * face.width * rng.uniform(0.19, 0.23)
        y = face.y + face.height * rng.uniform(0.37, 0.42)
        alpha = alpha * (1 - _filled(alpha.shape, _ring((x, y), (width, height), 0.12, rng)))
        eyes.append(Box(x - width, y - height, 2 * width, 2 * height))
    return alpha, tuple(eyes)


def card_around(tones: np.ndarray, face: Box, rng: np.random.Generator) -> tuple[np.ndarray, Box]:
    """The portrait on an identity card: a pale ground with fine lines, and rows of dark writing beside it."""
    height, width = tones.shape[:2]
    left, right = int(width * rng.uniform(0.08, 0.3)), int(width * rng.uniform(0.4, 1.0))
    top, bottom = int(height * rng.uniform(0.15, 0.4)), int(height * rng.uniform(0.08, 0.3))
    ground = tuple(float(v) for v in rng.uniform(0.72, 1.0, 3))
    card = cv2.copyMakeBorder(tones, top, bottom, left, right, cv2.BORDER_CONSTANT, value=ground)
    pen = tuple(float(v) for v in rng.uniform(0.02, 0.35, 3))
    size = max(0.3, height / 700 * rng.uniform(0.7, 1.5))
    letters = "ABCDEFGHIKLMNOPRSTUVZ0123456789  "
    for y in range(top + 12, top + height, max(14, int(40 * size))):
        words = "".join(rng.choice(list(letters), int(rng.integers(4, 16))))
        cv2.putText(card, words, (left + width + 8, y), cv2.FONT_HERSHEY_SIMPLEX, size, pen, 1, cv2.LINE_AA)
    title = "".join(rng.choice(list(letters), 14))
    cv2.putText(card, title, (left, max(10, top // 2)), cv2.FONT_HERSHEY_DUPLEX, size * 1.5, pen, 1, cv2.LINE_AA)
    return card, face.moved(left, top)
