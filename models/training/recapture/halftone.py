"""How a printer makes tones of full dots: rotated screens of a laser printer, scattered droplets of an ink jet."""

import cv2
import numpy as np

# Cyan, magenta, yellow, black: printers turn the four screens against each other so that they do not beat.
_ANGLES = np.radians([15.0, 75.0, 0.0, 45.0])


def _wave(height: int, width: int, angle: float, pitch: float, phase: float) -> np.ndarray:
    """cos(ax + by + c) as two outer products: two rows and two columns of cosines instead of one per pixel."""
    step = 2 * np.pi / pitch
    across = np.arange(width, dtype=np.float32) * np.float32(step * np.cos(angle)) + np.float32(phase)
    down = np.arange(height, dtype=np.float32)[:, None] * np.float32(step * np.sin(angle))
    return np.cos(down) * np.cos(across) - np.sin(down) * np.sin(across)


def _screen(ink: np.ndarray, angle: float, pitch: float, lines: bool, hardness: float, phase: float) -> np.ndarray:
    height, width = ink.shape
    level = _wave(height, width, angle, pitch, phase)
    if not lines:
        level += _wave(height, width, angle + np.pi / 2, pitch, phase * 1.7)
        level *= np.float32(0.5)
    # Dots grow out of the crests as the tone darkens. Hardness: how sharp their edge is.
    dots = (ink - np.float32(0.5) + np.float32(0.5) * level) * np.float32(hardness) + np.float32(0.5)
    return np.clip(dots, 0, 1, out=dots)


def laser(
    picture: np.ndarray, pitch: float, depth: float, lines: bool, hardness: float, rotation: float, monochrome: bool
) -> np.ndarray:
    """Shares of light 0..1 (HxWx3) as dots. `depth` mixes in the smooth tone: toner spreads, paper scatters light."""

    def kept(ink: np.ndarray, angle: float, phase: float) -> np.ndarray:
        dots = _screen(ink, angle + rotation, pitch, lines, hardness, phase)
        return 1 - ink - np.float32(depth) * (dots - ink)

    if monochrome:
        return cv2.merge([kept(1 - picture[..., 1], _ANGLES[3], 0.3)] * 3)
    planes = cv2.split(picture)
    # Grey is printed in black toner: half of what the three colours share. Light must get through it and the colour.
    black = (1 - cv2.max(cv2.max(planes[0], planes[1]), planes[2])) * np.float32(0.5)
    through = kept(black, _ANGLES[3], 0.3)
    return cv2.merge(
        [
            through * kept(1 - plane / (1 - black), angle, angle * 5)
            for plane, angle in zip(planes, map(float, _ANGLES), strict=False)
        ]
    )


def ink_jet(picture: np.ndarray, depth: float, grain: float, rng: np.random.Generator) -> np.ndarray:
    """Droplets scattered by error diffusion: noise without its low tones, strongest in the middle tones."""
    height, width = picture.shape[:2]
    small = (max(8, int(height / grain)), max(8, int(width / grain)))
    noise = rng.standard_normal(small, dtype=np.float32)
    noise -= cv2.GaussianBlur(noise, (0, 0), 1.2)
    if grain != 1:
        noise = cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)
    # Each ink has its own droplets: the same noise far away is as good as another.
    planes = []
    for index, plane in enumerate(cv2.split(picture)):
        droplets = np.roll(noise, (index * 131 % height, index * 197 % width), (0, 1))
        planes.append(plane + np.float32(depth) * droplets * cv2.sqrt(cv2.max(plane * (1 - plane), 0.01)))
    return cv2.merge(planes)
