"""The faces that `npm run train` has cut out of the clips and pictures of a manifest."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from views import CROP_SIDE, Box

CROP_BYTES = CROP_SIDE * CROP_SIDE * 3


@dataclass(frozen=True)
class Face:
    """One crop, and what is known of it. `seconds` is its place in its clip."""

    file: str
    label: str
    source: str
    kind: str
    seconds: float
    box: Box
    room: float
    face_pixels: float

    @property
    def is_picture(self) -> bool:
        return self.label.startswith("image:")

    @property
    def is_live(self) -> bool:
        return self.label in ("live", "image:live")

    @property
    def is_recapture(self) -> bool:
        """A screen or a print before a camera: what texture can tell. Neither doctored files nor labels in doubt."""
        return re.match(r"(image:)?spoof_(print|replay)", self.label) is not None


def read_faces(directory: Path) -> tuple[list[Face], np.ndarray]:
    """Faces, and their crops in the same order: N x 224 x 224 x 3, read from the disk as they are asked for."""
    faces = []
    for row in read_lines(directory / "faces.jsonl"):
        box = Box(**row["face"])
        known = (row["file"], row["label"], row["source"], row["kind"], row["seconds"])
        faces.append(Face(*known, box, row["room"], row["facePixels"]))
    crops = np.memmap(directory / "faces.rgb", np.uint8, "r", shape=(len(faces), CROP_SIDE, CROP_SIDE, 3))
    return faces, crops


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]
