"""What is round a picture on a display: the player's bars, the empty rest of the panel, and the frame."""

from typing import NamedTuple

import cv2
import numpy as np


class Margins(NamedTuple):
    """Pixels left, top, right and bottom."""

    left: int
    top: int
    right: int
    bottom: int


class Housing(NamedTuple):
    """What is round a picture, in parts of its longer side."""

    device: str  # 'none', 'phone', 'tablet' or 'monitor'
    letterbox: tuple[float, float]  # panel above and below (or left and right) that the picture leaves empty
    letterbox_tone: float  # of the empty panel, sRGB
    bezel: tuple[float, float, float, float]  # left, top, right, bottom
    bezel_tone: tuple[float, float, float]  # linear light of the frame
    corner: float  # radius of the frame's corners
    bars: str  # 'none', 'top', 'bottom' or 'both': a player's bars over the picture


def draw_housing(rng: np.random.Generator) -> Housing:
    device = str(rng.choice(["none", "phone", "tablet", "monitor"], p=[0.3, 0.38, 0.1, 0.22]))
    thin = {"none": 0.0, "phone": rng.uniform(0.012, 0.035), "tablet": rng.uniform(0.03, 0.08)}
    side = float(thin.get(device, rng.uniform(0.012, 0.06)))
    # Older telephones and most tablets have room for a camera and a button at the ends.
    ends = side * (float(rng.uniform(2.5, 5)) if device == "phone" and rng.random() < 0.3 else 1.0)
    foot = side * (float(rng.uniform(1, 3)) if device == "monitor" else 1.0)
    bezel = (side, ends, side, max(ends, foot))
    shade = float(rng.choice([0.008, 0.03, 0.25, 0.7], p=[0.55, 0.25, 0.1, 0.1])) * float(rng.uniform(0.7, 1.3))
    tint = np.exp(rng.normal(0, 0.06, 3))
    letterbox = (0.0, 0.0)
    if device != "none" and rng.random() < 0.4:
        letterbox = (float(rng.uniform(0, 0.45)), float(rng.uniform(0, 0.45)))
    return Housing(
        device=device,
        letterbox=letterbox,
        letterbox_tone=float(rng.choice([0.0, 0.1, 0.95], p=[0.75, 0.1, 0.15])),
        bezel=bezel if device != "none" else (0.0, 0.0, 0.0, 0.0),
        bezel_tone=tuple(float(value) for value in np.minimum(shade * tint, 0.9)),
        corner=float({"phone": rng.uniform(0.01, 0.1), "tablet": rng.uniform(0.02, 0.06)}.get(device, 0.005)),
        bars=str(rng.choice(["none", "top", "bottom", "both"], p=[0.72, 0.06, 0.14, 0.08])),
    )


def with_bars(picture: np.ndarray, bars: str, rng: np.random.Generator) -> np.ndarray:
    """A picture (sRGB 0..1) with what a player or a telephone lays over its top and bottom."""
    if bars == "none":
        return picture
    picture = picture.copy()
    height, width = picture.shape[:2]
    for end in ("top", "bottom"):
        if bars not in (end, "both"):
            continue
        deep = int(height * rng.uniform(0.04, 0.1))
        rows = slice(0, deep) if end == "top" else slice(height - deep, height)
        light = rng.random() < 0.25
        ground, ink = (0.95, 0.25) if light else (0.05, 0.9)
        cover = np.float32(rng.choice([1.0, rng.uniform(0.4, 0.9)]))
        picture[rows] = picture[rows] * (1 - cover) + np.float32(ground) * cover
        middle = rows.start + deep // 2
        if end == "bottom" and rng.random() < 0.5:
            # How much of the video is over.
            played = int(width * rng.uniform(0.1, 0.9))
            cv2.line(picture, (width // 20, middle), (width - width // 20, middle), (0.5, 0.5, 0.5), max(1, deep // 12))
            cv2.line(picture, (width // 20, middle), (played, middle), (0.9, 0.2, 0.2), max(1, deep // 12))
            continue
        count = int(rng.integers(3, 7))
        for i in range(count):
            x, radius = int(width * (i + 0.5) / count), max(1, int(deep * rng.uniform(0.12, 0.28)))
            thickness = -1 if rng.random() < 0.5 else max(1, radius // 3)
            if rng.random() < 0.5:
                cv2.circle(picture, (x, middle), radius, (ink,) * 3, thickness, cv2.LINE_AA)
            else:
                wide = int(radius * rng.uniform(1, 3))
                cv2.rectangle(
                    picture, (x - wide, middle - radius // 2), (x + wide, middle + radius // 2), (ink,) * 3, -1
                )
    return picture


def letterboxed(picture: np.ndarray, housing: Housing) -> tuple[np.ndarray, Margins]:
    """A picture that does not have its panel's shape leaves some of it empty."""
    height, width = picture.shape[:2]
    before, after = (round(part * max(height, width)) for part in housing.letterbox)
    upright = width >= height or housing.device == "phone"
    margins = Margins(0, before, 0, after) if upright else Margins(before, 0, after, 0)
    if before + after == 0:
        return picture, margins
    tone = (housing.letterbox_tone,) * 3
    return bordered(picture, margins, tone), margins


def bordered(picture: np.ndarray, margins: Margins, colour: tuple[float, float, float]) -> np.ndarray:
    left, top, right, bottom = margins
    return cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour)


def outline(size: tuple[int, int], corner: int) -> np.ndarray:
    """HxW of 0..1: a rectangle with round corners that fills the picture."""
    width, height = size
    if corner < 2:
        return np.ones((height, width), np.float32)
    shape = np.zeros((height, width), np.float32)
    cv2.rectangle(shape, (corner, 0), (width - 1 - corner, height - 1), 1.0, -1)
    cv2.rectangle(shape, (0, corner), (width - 1, height - 1 - corner), 1.0, -1)
    for x in (corner, width - 1 - corner):
        for y in (corner, height - 1 - corner):
            cv2.circle(shape, (x, y), corner, 1.0, -1, cv2.LINE_AA)
    return shape
