"""What the glass of a display adds: lamps and the room mirrored in it, smudges, and what its backlight lacks."""

import cv2
import numpy as np

from .noise import bump, octaves, slope, smooth_field

GLARES = ("none", "lamp", "window", "tube")


def glare(size: tuple[int, int], kind: str, spread: float, softness: float, rng: np.random.Generator) -> np.ndarray:
    """HxW of 0..1: the mirror image of a light, more or less sharp as the glass is glossy or matt."""
    width, height = size
    if kind == "none":
        return np.zeros((height, width), np.float32)
    reduction = 4
    rows, columns = max(2, height // reduction), max(2, width // reduction)
    extent = max(rows, columns)
    centre = np.array([rng.uniform(0, columns), rng.uniform(0, rows)])
    across = spread * extent
    shape = np.zeros((rows, columns), np.float32)
    tilt = float(rng.normal(0, 12))
    if kind == "lamp":
        axes = (max(1, int(across / 2)), max(1, int(across / 2 * rng.uniform(0.5, 1.0))))
        cv2.ellipse(shape, (int(centre[0]), int(centre[1])), axes, tilt, 0, 360, 1.0, -1, cv2.LINE_AA)
    elif kind == "tube":
        _fill(shape, centre, (across * 2, across * 0.15), tilt + float(rng.choice([0, 90])))
    else:
        # A window has panes; bars between them stay dark.
        panes_wide, panes_high = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        pane = (across / panes_wide, across * rng.uniform(0.7, 1.6) / panes_high)
        turn = np.radians(tilt)
        for i in range(panes_wide * panes_high):
            aside = (i % panes_wide - (panes_wide - 1) / 2) * pane[0]
            down = (i // panes_wide - (panes_high - 1) / 2) * pane[1]
            place = centre + [aside * np.cos(turn) - down * np.sin(turn), aside * np.sin(turn) + down * np.cos(turn)]
            _fill(shape, place, (pane[0] * 0.86, pane[1] * 0.9), tilt)
    sharp = cv2.GaussianBlur(shape, (0, 0), max(0.6, softness * extent))
    # Round every mirrored light there is a wide, faint halo.
    halo = cv2.GaussianBlur(shape, (0, 0), max(2.0, 0.12 * extent))
    return cv2.resize(sharp + np.float32(0.25) * halo, size, interpolation=cv2.INTER_LINEAR)


def mirrored_room(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """HxWx3 of mean about 1: a room out of focus in the glass, and in it the dark shape of who holds it."""
    width, height = size
    rows, columns = max(8, height // 8), max(8, width // 8)
    room = np.empty((rows, columns, 3), np.float32)
    bright = np.exp(np.float32(0.7) * octaves(rng, rows, columns, columns / 6, 3, 1.4))
    for channel in range(3):
        room[..., channel] = bright * np.exp(np.float32(0.2) * smooth_field(rng, rows, columns, columns / 2))
    if rng.random() < 0.6:
        centre = (columns * rng.uniform(0.2, 0.8), rows * rng.uniform(0.3, 0.9))
        radii = (columns * rng.uniform(0.1, 0.25), rows * rng.uniform(0.2, 0.4))
        room *= (1 - np.float32(rng.uniform(0.4, 0.9)) * bump(rows, columns, centre, radii, rng.normal(0, 0.2)))[
            ..., None
        ]
    room = cv2.GaussianBlur(room, (0, 0), columns * rng.uniform(0.02, 0.06))
    return cv2.resize(room / room.mean(), size, interpolation=cv2.INTER_CUBIC)


def smudges(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """HxW of 0..1: grease where fingers have wiped; it scatters light."""
    width, height = size
    rows, columns = max(8, height // 3), max(8, width // 3)
    grease = octaves(rng, rows, columns, max(rows, columns) / 40, 4, 1.3)
    # Fingers wipe along a line.
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), rng.uniform(0, 180), 1)
    turn[0] *= rng.uniform(0.4, 1.0)
    wiped = cv2.warpAffine(grease, turn, (columns, rows), borderMode=cv2.BORDER_REFLECT)
    return cv2.resize(np.clip(wiped * np.float32(0.5), 0, 1), size, interpolation=cv2.INTER_LINEAR)


def banding(size: tuple[int, int], period: float, depth: float, tilt: float, rng: np.random.Generator) -> np.ndarray:
    """HxW factors: dark bands where the camera's rows were read while the backlight or the beam was off."""
    width, height = size
    phase = np.float32(np.pi * max(width, height) / period) * slope(height, width, np.pi / 2 + tilt)
    wave = np.cos(phase + np.float32(rng.uniform(0, 2 * np.pi)))
    # Off for less than half the time: narrow bands between broad light ones.
    return 1 - np.float32(depth) * np.clip(wave * np.float32(1.6) - np.float32(0.4), 0, 1)


def falloff(size: tuple[int, int], amount: float, rng: np.random.Generator) -> np.ndarray:
    """HxW factors: a panel is darker where it is seen aslant, and towards its edges."""
    width, height = size
    return 1 - np.float32(amount) * (
        np.float32(0.5) + np.float32(0.5) * slope(height, width, rng.uniform(0, 2 * np.pi))
    )


def _fill(shape: np.ndarray, centre: np.ndarray, sides: tuple[float, float], degrees: float) -> None:
    corners = cv2.boxPoints(((float(centre[0]), float(centre[1])), (float(sides[0]), float(sides[1])), degrees))
    cv2.fillConvexPoly(shape, np.rint(corners * 8).astype(np.int32), 1.0, cv2.LINE_AA, 3)
