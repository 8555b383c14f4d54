"""
Fits the recapture network on the faces that `npm run train` has exported, judges it by sources that it was not fitted
on, and writes it as ONNX.

Every step is kept in the cache, and gone on with where it was cut off: simulated pictures, features, folds of a run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from dataclasses import asdict, fields, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

import report
from examples import Examples, read_examples
from features import Features, features_of
from fit import Recipe, fit
from folds import folds_of
from network import KINDS, Average, export, margins_of
from simulated import draw_orders, make

HERE = Path(__file__).resolve().parent


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    recipe = replace(Recipe(), **{f.name: getattr(options, f.name) for f in fields(Recipe)})
    examples, features = prepare(options)
    if not report.judged_sets(examples.real):
        raise SystemExit("Nothing could be judged: neither clips nor pictures have both live ones and recaptures.")
    folder = options.cache / "runs" / options.run
    begin_or_go_on(folder, {"recipe": asdict(recipe), "seed": options.seed, "examples": digest_of(examples, features)})
    margins, losses = judge_by_fold(folder, examples, features, recipe, options)
    real = examples.real
    judged = report.judge(real, margins[: len(real)])
    present = features.present[: len(real)]
    np.save(folder / "margins.npy", margins)
    report.write(folder, real, margins[: len(real)], present, judged)
    passed = report.simulated_accepted(examples, margins, judged["threshold"])
    (folder / "simulated.json").write_text(json.dumps(passed, indent=2) + "\n")
    describe = f"{len(real)} real, {len(examples.faces) - len(real)} simulated, seed {options.seed}"
    loss = f"{np.mean(losses):.3f}"
    report.add_to_table(options.table, report.line_of("present model", "", "", "", report.judge(real, present)))
    report.add_to_table(options.table, report.line_of(options.run, recipe.named(), describe, loss, judged))
    print(options.table.read_text())
    if options.out:
        weights = examples.weights(set(), recipe.simulated, recipe.again)
        network, loss = fit_several(examples, features, weights, recipe, options)
        export(network, options.out)
        parity(folder, network, KINDS[recipe.kind].rows(features)[: len(real)])
        print(f"fitted on all sources, loss {loss:.3f}: {options.out}")


def prepare(options: argparse.Namespace) -> tuple[Examples, Features]:
    orders = draw_orders(options.faces, options.per_source, options.seed)
    # What was drawn otherwise, or of other portraits, must not be gone on with.
    text = json.dumps([[*order.__dict__.values()] for order in orders]) + library_digest()
    simulated = options.cache / f"simulated-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    make(options.faces, simulated, orders, options.processes)
    examples = read_examples(options.faces, simulated)
    made_of = (options.faces / "faces.jsonl").read_bytes() + simulated.name.encode() + options.weights.read_bytes()
    known = hashlib.sha256(made_of).hexdigest()[:12]
    return examples, features_of(examples, options.weights, options.cache / f"features-{known}", options.device)


def library_digest() -> str:
    code = b"".join(path.read_bytes() for path in sorted((HERE / "recapture").glob("*.py")))
    return hashlib.sha256(code).hexdigest()


def digest_of(examples: Examples, features: Features) -> str:
    """Of all that a fit or a fold reads of the examples."""
    digest = hashlib.sha256(json.dumps([[face.file, face.label, face.source] for face in examples.faces]).encode())
    for table in (features.pooled, features.embedding, features.present):
        digest.update(table)
    return digest.hexdigest()


def begin_or_go_on(folder: Path, run: dict) -> None:
    """Folds of another recipe or of other examples must not stand beside those that are still to come."""
    folder.mkdir(parents=True, exist_ok=True)
    began = folder / "run.json"
    if began.exists() and json.loads(began.read_text() or "null") == run:
        return
    old = list(folder.glob("fold*"))
    if old:
        print(f"{folder} was another run: it starts anew")
    for path in old:
        path.unlink()
    began.write_text(json.dumps(run, indent=2) + "\n")


def judge_by_fold(
    folder: Path, examples: Examples, features: Features, recipe: Recipe, options: argparse.Namespace
) -> tuple[np.ndarray, list[float]]:
    """
    Margins of every face, each by a network that has seen nothing of its source, neither real nor simulated; not a
    number for sources without real ones.
    """
    margins = np.full((len(examples.faces), 2), np.nan, np.float32)
    folds = folds_of(examples)
    losses, files = [], {}
    for name, sources in tqdm(folds.items(), "folds"):
        done = folder / f"{name}.npz"
        own = np.flatnonzero(np.isin(examples.sources, list(sources)))
        if not done.exists():
            weights = examples.weights(sources, recipe.simulated, recipe.again)
            network, loss = fit_several(examples, features, weights, recipe, options)
            export(network, folder / f"{name}.onnx")
            held_out = margins_of(network, KINDS[recipe.kind].rows(features)[own])
            np.savez(folder / f"{name}.part.npz", margins=held_out, loss=loss)
            (folder / f"{name}.part.npz").rename(done)
        known = np.load(done)
        margins[own] = known["margins"]
        losses.append(float(known["loss"]))
        files.update({source: f"{name}.onnx" for source in sources})
    (folder / "folds.json").write_text(json.dumps(files, indent=2, sort_keys=True) + "\n")
    return margins, losses


def fit_several(
    examples: Examples, features: Features, weights: np.ndarray, recipe: Recipe, options: argparse.Namespace
) -> tuple[Average, float]:
    fitted = [
        fit(features, examples.live, weights, recipe, options.seed * 1000 + i, options.weights, options.device)
        for i in range(recipe.networks)
    ]
    return Average([network for network, _ in fitted]), float(np.mean([loss for _, loss in fitted]))


def parity(folder: Path, network: Average, rows: np.ndarray) -> None:
    """Margins that the file must give in another runtime; `npm run train` compares."""
    places = np.linspace(0, len(rows) - 1, 16).astype(int)
    expected = {"faces": places.tolist(), "margins": margins_of(network, rows[places]).tolist()}
    (folder / "parity.json").write_text(json.dumps(expected))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, required=True, help="what the export wrote")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="texture-liveness.onnx: the trunk is in it")
    parser.add_argument("--out", type=Path, help="the network, fitted on all sources; without it a run is only judged")
    parser.add_argument("--table", type=Path, default=HERE / "runs.tsv")
    parser.add_argument("--run", default="default", help="its folder in the cache and its line in the table")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cuda where there is one")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--per-source", type=int, default=260, help="simulated pictures for each source")
    for field in fields(Recipe):
        choices = tuple(KINDS) if field.name == "kind" else None
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default, choices=choices)
    return parser.parse_args()


if __name__ == "__main__":
    main()
