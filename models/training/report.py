"""What a run comes to: figures by source, a line for the table of runs, and plots."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from examples import Examples
from faces import Face
from metrics import bounds_by_source, separation, threshold_refusing
from units import LARGEST_MARGIN, Unit, past_the_rules, pictures, recordings

COLUMNS = ("run", "recipe", "examples", "loss", "recordings", "pictures", "pictures past the rules")


def judge(faces: list[Face], margins: np.ndarray) -> dict:
    """`margins`: (face, view), each by a network that was not fitted on the face's source."""
    sets = judged_sets(faces)
    figures = {name: _figures(units, margins) for name, units in sets.items()}
    # One operating point for all: what refuses at most one in twenty live recordings, or pictures where there are none.
    first = next(iter(sets.values()))
    threshold = threshold_refusing(np.array([unit.score(margins) for unit in first if unit.face.is_live]), 0.05)
    by_source = {name: _accepted(units, margins, threshold) for name, units in sets.items()}
    return {"figures": figures, "threshold": threshold, "accepted by source": by_source}


def judged_sets(faces: list[Face]) -> dict[str, list[Unit]]:
    """What can be judged: of clips and of pictures, where there are both live ones and recaptures among them."""
    single = pictures(faces)
    sets = {"recordings": recordings(faces), "pictures": single, "pictures past the rules": past_the_rules(single)}
    return {name: units for name, units in sets.items() if _has(units, _live) and _has(units, _attack)}


def _has(units: list[Unit], wanted: Callable[[Face], bool]) -> bool:
    return any(wanted(unit.face) for unit in units)


def _figures(units: list[Unit], margins: np.ndarray) -> dict:
    live = [unit for unit in units if unit.face.is_live]
    attacks = [unit for unit in units if unit.face.is_recapture]
    scores = [np.array([unit.score(margins) for unit in group]) for group in (live, attacks)]
    sources = [np.array([unit.face.source for unit in group]) for group in (live, attacks)]
    measured = separation(*scores)
    return {**measured.__dict__, "bounds": bounds_by_source(*scores, *sources)}


def _accepted(units: list[Unit], margins: np.ndarray, threshold: float) -> list[dict]:
    groups: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for unit in units:
        if unit.face.is_live or unit.face.is_recapture:
            groups[(unit.face.is_live, unit.face.source)].append(unit.score(margins))
    return [
        {
            "class": "live" if is_live else "recapture",
            "source": source,
            "count": len(scores),
            "accepted": float(np.mean(np.array(scores) >= threshold)),
            "median": float(np.median(scores)),
        }
        for (is_live, source), scores in sorted(groups.items())
    ]


def simulated_accepted(examples: Examples, margins: np.ndarray, threshold: float) -> dict[str, float]:
    """What of the simulated passes at the operating point. Nothing is judged by it: it tells where one is weak."""
    seen = np.clip(margins, -LARGEST_MARGIN, LARGEST_MARGIN).mean(1)
    labels = np.array([face.label for face in examples.faces])
    kinds = sorted({label for label in labels if label.startswith("simulated:")})
    known = {kind: seen[(labels == kind) & ~np.isnan(seen)] for kind in kinds}
    return {kind: float(np.mean(scores >= threshold)) for kind, scores in known.items() if len(scores) > 0}


def line_of(run: str, recipe: str, examples: str, loss: str, judged: dict) -> str:
    cells = [run, recipe, examples, loss]
    for name in COLUMNS[4:]:
        of = judged["figures"].get(name)
        if of is None:
            cells.append("")
            continue
        cells.append(f"AUC {of['auc']:.3f}, EER {100 * of['eer']:.1f} %, at 5 % {100 * of['accepted_at_5']:.1f} %")
    return "\t".join(cells)


def add_to_table(table: Path, line: str) -> None:
    """A run that is done again takes the place of its line."""
    headings, *lines = table.read_text().splitlines() if table.exists() else ["\t".join(COLUMNS)]
    runs = {known.split("\t")[0]: known for known in [*lines, line]}
    table.write_text("\n".join([headings, *runs.values()]) + "\n")


def write(folder: Path, faces: list[Face], margins: np.ndarray, compared: np.ndarray, judged: dict) -> None:
    (folder / "figures.json").write_text(json.dumps(judged, indent=2) + "\n")
    figure, axes = plt.subplots(1, 3, figsize=(15, 5))
    units = judged_sets(faces)
    units.pop("pictures past the rules", None)
    for axis, (name, group) in zip(axes, units.items()):
        for label, table in (("present model", compared), ("this run", margins)):
            _draw_roc(axis, label, group, table)
        axis.set(title=f"{name}: sources not fitted on", xlabel="attacks accepted", ylabel="live accepted")
        axis.legend(loc="lower right")
    first = next(iter(units.values()))
    scores = [[unit.score(margins) for unit in first if wanted(unit.face)] for wanted in (_live, _attack)]
    axes[2].hist(scores, bins=40, label=["live", "recapture"], density=True)
    axes[2].axvline(judged["threshold"], color="black", linestyle=":")
    axes[2].set(title=f"margins of {next(iter(units))}", xlabel="log-odds")
    axes[2].legend()
    figure.tight_layout()
    figure.savefig(folder / "figures.png", dpi=110)
    plt.close(figure)


def _live(face: Face) -> bool:
    return face.is_live


def _attack(face: Face) -> bool:
    return face.is_recapture


def _draw_roc(axis: plt.Axes, label: str, units: list[Unit], margins: np.ndarray) -> None:
    live = np.sort([unit.score(margins) for unit in units if unit.face.is_live])
    attacks = np.sort([unit.score(margins) for unit in units if unit.face.is_recapture])
    thresholds = np.unique(np.concatenate([live, attacks]))
    accepted = [1 - np.searchsorted(group, thresholds, "left") / len(group) for group in (attacks, live)]
    axis.plot(*accepted, label=label)
