"""Tiles simulated samples, to be looked at: `python3 -m recapture.contact_sheet --portraits DIR --out sheet.png`."""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np

from .scene import Recapture
from .simulate import live_again, simulate
from .surface import Box

TILE = 224


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, required=True, help="pictures; portraits.jsonl names their faces")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=["print", "screen", "live"])
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(arguments.seed)
    portraits = known_portraits(arguments.portraits)
    tiles, spent = [], 0.0
    for index in range(arguments.count):
        path, face = portraits[rng.integers(len(portraits))]
        portrait = read(path)
        backdrop = beside_face(portrait, face or middle(portrait), rng)
        kind = arguments.kind or ("print", "screen", "live")[index % 3]
        box = face or middle(portrait)
        own = np.random.default_rng([arguments.seed, index])
        started = time.perf_counter()
        sample = live_again(portrait, box, own) if kind == "live" else simulate(portrait, box, backdrop, own, kind)
        spent += time.perf_counter() - started
        tiles.append(labelled(face_crop(sample), f"{index} {sample.kind}"))
    cv2.imwrite(str(arguments.out), cv2.cvtColor(tiled(tiles, 8), cv2.COLOR_RGB2BGR))
    print(f"{arguments.count} samples, {1000 * spent / arguments.count:.0f} ms each")


def beside_face(portrait: np.ndarray, face: Box, rng: np.random.Generator) -> np.ndarray:
    """A room without its person: what is left or right of the face, or all of it blurred beyond recognition."""
    pieces = [portrait[:, : max(0, int(face.x - 0.5 * face.width))], portrait[:, int(face.x + 1.5 * face.width) :]]
    wide = [piece for piece in pieces if piece.shape[1] > 40]
    return wide[rng.integers(len(wide))] if wide else cv2.blur(portrait, (portrait.shape[1] // 3,) * 2)


def known_portraits(directory: Path) -> list[tuple[Path, Box | None]]:
    lines = directory / "portraits.jsonl"
    if lines.exists():
        rows = [json.loads(line) for line in lines.read_text().splitlines()]
        return [(directory / row["picture"], Box(**row["face"])) for row in rows]
    return [(path, None) for path in sorted(directory.iterdir()) if path.suffix in (".jpg", ".png")]


def read(path: Path) -> np.ndarray:
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    return picture.astype(np.float32) / 255


def middle(picture: np.ndarray) -> Box:
    """A guess where no box is known."""
    height, width = picture.shape[:2]
    side = 0.4 * min(height, width)
    return Box(width / 2 - side / 2, height * 0.45 - side / 2, side, side)


def face_crop(sample: Recapture) -> np.ndarray:
    """The square of 3 x the face, made smaller where the picture ends, as clients of the service cut it."""
    height, width = sample.picture.shape[:2]
    x, y = sample.face.centre
    side = min(3 * max(sample.face.width, sample.face.height), height, width)
    left, top = min(max(x - side / 2, 0), width - side), min(max(y - side / 2, 0), height - side)
    piece = sample.picture[int(top) : int(top + side), int(left) : int(left + side)]
    method = cv2.INTER_AREA if side > TILE else cv2.INTER_LINEAR
    return cv2.resize(np.ascontiguousarray(piece), (TILE, TILE), interpolation=method)


def labelled(tile: np.ndarray, text: str) -> np.ndarray:
    tile = tile.copy()
    for colour, thickness in (((0, 0, 0), 3), ((255, 255, 0), 1)):
        cv2.putText(tile, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, thickness, cv2.LINE_AA)
    return tile


def tiled(tiles: list[np.ndarray], across: int) -> np.ndarray:
    blank = np.zeros_like(tiles[0])
    full = tiles + [blank] * (-len(tiles) % across)
    return np.vstack([np.hstack(full[i : i + across]) for i in range(0, len(full), across)])


if __name__ == "__main__":
    main()
