"""What a network is fitted on, real and simulated together, and how much each counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from faces import Face, read_faces

# A clip counts as this many pictures; a source as no more than so many.
PICTURES_PER_CLIP = 8
PICTURES_PER_SOURCE = 40


@dataclass(frozen=True)
class Examples:
    faces: list[Face]
    # Crops of 224 x 224 on the disk, file by file, in the order of `faces`.
    files: list[np.ndarray]
    # 1 for live, 0 for a recapture, not a number for what nothing is fitted on (doctored files, labels in doubt).
    live: np.ndarray
    # "real", "simulated" (attacks that never were), or "again" (real ones by another camera).
    origin: np.ndarray
    sources: np.ndarray

    @property
    def real(self) -> list[Face]:
        return [face for face, origin in zip(self.faces, self.origin) if origin == "real"]

    def crop(self, index: int) -> np.ndarray:
        for file in self.files:
            if index < len(file):
                return file[index]
            index -= len(file)
        raise IndexError(index)

    def weights(self, without: set[str], simulated: float, again: float) -> np.ndarray:
        """
        Chances of being drawn. Live and recaptured count half each; of the recaptures so much is simulated, and so much
        taken again. Of the live both shares are taken again: what the simulated camera leaves behind must be no cue.
        `without`: sources held out.
        """
        shares = {
            0.0: {"simulated": simulated, "again": again, "real": 1 - simulated - again},
            1.0: {"again": simulated + again, "real": 1 - simulated - again},
        }
        weights = np.zeros(len(self.faces))
        allowed = ~np.isin(self.sources, list(without))
        for live, origins in shares.items():
            for origin, share in origins.items():
                chosen = np.flatnonzero(allowed & (self.live == live) & (self.origin == origin))
                if share > 0 and len(chosen) > 0:
                    drawn = self._by_source(chosen)
                    weights[chosen] = share * drawn / drawn.sum()
            counted = weights[self.live == live].sum()
            if counted == 0:
                name = "live" if live else "recaptured"
                raise ValueError(f"nothing {name} is left to fit on without {sorted(without)}")
            weights[self.live == live] *= 0.5 / counted
        return weights

    def _by_source(self, chosen: np.ndarray) -> np.ndarray:
        groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for place, index in enumerate(chosen):
            groups[(self.sources[index], self.faces[index].is_picture)].append(place)
        drawn = np.zeros(len(chosen))
        for (_, is_picture), places in groups.items():
            files = len({self.faces[chosen[place]].file for place in places})
            counts = files if is_picture or self.origin[chosen[places[0]]] != "real" else PICTURES_PER_CLIP * files
            drawn[places] = min(counts, PICTURES_PER_SOURCE) / len(places)
        return drawn


def read_examples(real: Path, simulated: Path | None) -> Examples:
    faces, crops = read_faces(real)
    files = [crops]
    if simulated:
        made, made_crops = read_faces(simulated)
        faces = faces + made
        files.append(made_crops)
    return Examples(
        faces=faces,
        files=files,
        live=np.array([_class_of(face) for face in faces]),
        origin=np.array([_origin_of(face) for face in faces]),
        sources=np.array([face.source for face in faces]),
    )


def _class_of(face: Face) -> float:
    if face.is_live or face.label == "simulated:again:live":
        return 1.0
    return 0.0 if face.is_recapture or face.label.endswith(":recapture") else np.nan


def _origin_of(face: Face) -> str:
    if not face.label.startswith("simulated:"):
        return "real"
    return "again" if face.label.startswith("simulated:again:") else "simulated"
