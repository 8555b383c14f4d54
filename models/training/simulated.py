"""Makes simulated recaptures, and faces taken again by another camera, of portraits that `npm run train` exported."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from faces import read_lines
from recapture.simulate import live_again, simulate
from views import CROP_SIDE, Box, crop_of

LOG = "faces.jsonl"
MASK_SIDE = 28
MOST_PER_PORTRAIT = 60
MASK_STEP = CROP_SIDE // MASK_SIDE
# Of a genuine portrait: two attacks, and the person by another camera. Of an attack: only another camera.
KINDS_OF_LIVE = ("print", "screen", "again")
KINDS_OF_ATTACK = ("again",)


@dataclass(frozen=True)
class Order:
    """One picture to be made. Its seed depends on what it is made of alone: more of them do not change those before."""

    portrait: str
    source: str
    face: Box
    kind: str
    label: str
    seed: int


def draw_orders(exported: Path, per_source: int, seed: int) -> list[Order]:
    """Every source gives as many pictures, however many portraits it has: it is one room, one camera, one person."""
    by_source: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for row in read_lines(exported / "portraits.jsonl"):
        by_source[(row["source"], class_of(row["label"]))].append(row)
    orders = []
    for (source, of), rows in sorted(by_source.items()):
        kinds = KINDS_OF_ATTACK if of == "recapture" else KINDS_OF_LIVE
        # Press photographs show many people, and are what an attacker finds: they give twice as many.
        wanted = min((2 if of == "press" else 1) * per_source, MOST_PER_PORTRAIT * len(rows)) * len(kinds) // 3
        for i in range(wanted):
            row, kind = rows[i // len(kinds) % len(rows)], kinds[i % len(kinds)]
            order_seed = zlib.crc32(f"{seed} {row['picture']} {i}".encode())
            label = f"{kind}:recapture" if kind != "again" or of == "recapture" else "again:live"
            orders.append(Order(row["picture"], source, Box(**row["face"]), kind, label, order_seed))
    return orders


def class_of(label: str) -> str:
    if label.startswith("identity:"):
        return "press"
    return "live" if label in ("live", "image:live") else "recapture"


def make(exported: Path, out: Path, orders: list[Order], processes: int) -> None:
    """Goes on where it was cut off: orders are made in their order, and what is whole in every file is kept."""
    out.mkdir(parents=True, exist_ok=True)
    crop_bytes, mask_bytes = CROP_SIDE * CROP_SIDE * 3, MASK_SIDE * MASK_SIDE
    with open(out / "faces.rgb", "ab") as pixels, open(out / "masks.u8", "ab") as masks, open(out / LOG, "ab") as lines:
        whole = [line for line in (out / LOG).read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        done = min(len(whole), pixels.tell() // crop_bytes, masks.tell() // mask_bytes)
        pixels.truncate(done * crop_bytes)
        masks.truncate(done * mask_bytes)
        lines.truncate(sum(len(line) for line in whole[:done]))
        with Pool(processes, _start, (str(exported),)) as pool:
            rest = orders[done:]
            for order, (crop, face, mask, parameters, pixels_of_face) in zip(
                rest, tqdm(pool.imap(_make_one, rest, 8), "simulated", len(rest), mininterval=5)
            ):
                pixels.write(crop.tobytes())
                masks.write(mask.tobytes())
                label = f"simulated:{order.label}"
                row = {"file": order.portrait, "label": label, "source": order.source, "kind": "frame", "seconds": 0}
                place = {"face": face._asdict(), "room": CROP_SIDE / max(face[2:]), "facePixels": pixels_of_face}
                lines.write(json.dumps({**row, **place, "parameters": parameters}).encode() + b"\n")


_exported = Path()


def _start(exported: str) -> None:
    global _exported
    _exported = Path(exported)
    cv2.setNumThreads(1)


def _make_one(order: Order) -> tuple[np.ndarray, Box, np.ndarray, dict, float]:
    rng = np.random.default_rng(order.seed)
    portrait = cv2.cvtColor(cv2.imread(str(_exported / order.portrait)), cv2.COLOR_BGR2RGB).astype(np.float32) / 255
    if order.kind == "again":
        taken = live_again(portrait, order.face, rng)
    else:
        taken = simulate(portrait, order.face, backdrop_of(portrait, order.face, rng), rng, order.kind)
    # A detector never puts its box exactly where it was.
    size = max(taken.face.width, taken.face.height)
    x, y, grown = rng.normal(0, 0.03, 2).tolist() + [float(np.exp(rng.normal(0, 0.05)))]
    face = Box(
        taken.face.x + x * size - taken.face.width * (grown - 1) / 2,
        taken.face.y + y * size - taken.face.height * (grown - 1) / 2,
        taken.face.width * grown,
        taken.face.height * grown,
    )
    crop, inside = crop_of(taken.picture, face)
    mask, _ = crop_of(np.repeat(taken.mask[..., None] * 255, 3, 2), face)
    coarse = mask[..., 0].reshape(MASK_SIDE, MASK_STEP, MASK_SIDE, MASK_STEP).mean((1, 3)).astype(np.uint8)
    return crop, inside, coarse, taken.parameters, size


def backdrop_of(portrait: np.ndarray, face: Box, rng: np.random.Generator) -> np.ndarray:
    """A piece of the same room: an attack is made where its source is, so that no fold sees another's room."""
    height, width = portrait.shape[:2]
    left, right = int(face.x - 0.6 * face.width), int(face.x + 1.6 * face.width)
    pieces = [portrait[:, : max(left, 0)], portrait[:, min(right, width) :]]
    roomy = [piece for piece in pieces if piece.shape[1] > 0.15 * width]
    if not roomy:
        return cv2.GaussianBlur(portrait, (0, 0), 0.12 * width)
    piece = roomy[rng.integers(len(roomy))]
    if rng.random() < 0.5:
        piece = piece[:, ::-1]
    return np.ascontiguousarray(piece)
