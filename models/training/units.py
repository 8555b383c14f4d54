"""What is judged as one: a recording of ten frames as a check samples it, or a single picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from faces import Face

LARGEST_MARGIN = 8.0
FRAMES = 10
# Of ten frames, these are looked at; the views take turns (`frame/sampling.ts`).
SAMPLED = ((0, 0), (2, 1), (4, 0), (6, 1), (8, 0))
LEAST_SAMPLED = 4
FRAMES_A_SECOND = 10
# The rules that stand before the weights where a single picture is judged (`still/judge-still.ts`).
LEAST_ROOM, LEAST_FACE_PIXELS = 1.2, 70


@dataclass(frozen=True)
class Unit:
    face: Face
    # Places in the table of margins: (face, view).
    looks: tuple[tuple[int, int], ...]

    def score(self, margins: np.ndarray) -> float:
        looked = [np.clip(margins[face, view], -LARGEST_MARGIN, LARGEST_MARGIN) for face, view in self.looks]
        return float(np.mean(looked))


def recordings(faces: list[Face]) -> list[Unit]:
    """Ten frames at ten a second, one after the other, as whole frames and as crops."""
    windows: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
    for index, face in enumerate(faces):
        if face.is_picture:
            continue
        window, place = divmod(round(face.seconds * FRAMES_A_SECOND), FRAMES)
        windows[(face.file, face.kind, window)][place] = index
    units = []
    for places in windows.values():
        looks = tuple((places[place], view) for place, view in SAMPLED if place in places)
        if len(looks) >= LEAST_SAMPLED:
            units.append(Unit(faces[looks[0][0]], looks))
    return units


def pictures(faces: list[Face]) -> list[Unit]:
    """Single pictures, both views, as they were taken."""
    return [
        Unit(face, ((index, 0), (index, 1)))
        for index, face in enumerate(faces)
        if face.is_picture and face.kind == "frame"
    ]


def past_the_rules(units: list[Unit]) -> list[Unit]:
    return [u for u in units if u.face.room >= LEAST_ROOM and u.face.face_pixels >= LEAST_FACE_PIXELS]
