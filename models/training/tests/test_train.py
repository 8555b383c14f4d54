import contextlib
import io
import json
import tempfile
import unittest
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

import train
from examples import Examples, _class_of, _origin_of
from faces import Face
from features import Features
from fit import Recipe, fit
from tests.stub_weights import features_by_chance
from views import Box

SOURCES = ("a", "b", "c")
LABELS = (
    "image:live",
    "image:spoof_print",
    "simulated:print:recapture",
    "simulated:again:live",
    "simulated:again:recapture",
)
RECIPE = Recipe(hidden=4, steps=3, batch=8, networks=2, simulated=0.2, again=0.2)
OPTIONS = Namespace(seed=1, weights=Path("none"), device="cpu")


def examples() -> Examples:
    """Three sources with attacks, two of live people alone, and press of which there are no real faces."""
    labelled = [(source, label) for source in SOURCES for label in LABELS]
    labelled += [(source, label) for source in ("d", "e") for label in ("image:live", "simulated:print:recapture")]
    labelled += [("press", "simulated:print:recapture"), ("press", "simulated:again:live")]
    # As they are read: the real ones before the simulated.
    labelled.sort(key=lambda pair: pair[1].startswith("simulated:"))
    known = ("frame", 0.0, Box(7, 7, 8, 8), 2.8, 100.0)
    faces = [Face(f"{i}.jpg", label, source, *known) for i, (source, label) in enumerate(labelled)]
    live, origin = np.array([_class_of(f) for f in faces]), np.array([_origin_of(f) for f in faces])
    return Examples(faces, [], live, origin, np.array([f.source for f in faces]))


class TrainTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "run"
        self.examples = examples()
        self.features = features_by_chance(np.nan_to_num(self.examples.live), 1.0)

    def judged(self, recipe: Recipe = RECIPE, features: Features | None = None) -> tuple[np.ndarray, int]:
        """Margins, and how many networks were fitted."""
        features = features or self.features
        run = {"recipe": recipe.named(), "examples": train.digest_of(self.examples, features)}
        quiet = contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO())
        with quiet[0], quiet[1], mock.patch.object(train, "fit", wraps=fit) as fitting:
            train.begin_or_go_on(self.folder, run)
            margins, losses = train.judge_by_fold(self.folder, self.examples, features, recipe, OPTIONS)
        self.assertEqual(len(losses), 5)
        return margins, fitting.call_count

    def test_no_fold_is_moved_by_anything_of_its_own_sources(self) -> None:
        self.judged()
        before = self.networks()
        for source in ("a", "d"):
            own = self.examples.sources == source
            tables = [table.copy() for table in self.features.__dict__.values()]
            for table in tables:
                table[own] += 100
            self.judged(features=Features(*tables))
            files = json.loads((self.folder / "folds.json").read_text())
            # Its own network is the same to the last bit, and every other, which has seen the source, is not.
            same = {name for name, network in self.networks().items() if network == before[name]}
            self.assertEqual(same, {files[source]})

    def networks(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("*.onnx")}

    def test_every_real_face_is_judged_and_press_by_nobody(self) -> None:
        margins, fitted = self.judged()
        self.assertEqual(fitted, 5 * RECIPE.networks)
        press = self.examples.sources == "press"
        self.assertTrue(np.isnan(margins[press]).all() and np.isfinite(margins[~press]).all())
        files = json.loads((self.folder / "folds.json").read_text())
        self.assertEqual(sorted(files), ["a", "b", "c", "d", "e"])
        self.assertTrue(all((self.folder / file).exists() for file in files.values()))

    def test_a_run_that_was_cut_off_goes_on_with_the_folds_that_it_has(self) -> None:
        margins, _ = self.judged()
        (self.folder / "fold-2.npz").unlink()
        again, fitted = self.judged()
        self.assertEqual(fitted, RECIPE.networks)
        np.testing.assert_array_equal(again, margins)

    def test_another_recipe_or_other_examples_under_the_same_name_start_anew(self) -> None:
        self.judged()
        other = replace(RECIPE, rate=0.1)
        self.assertEqual(self.judged(other)[1], 5 * RECIPE.networks)
        self.assertEqual(self.judged(other)[1], 0)
        changed = replace(self.features, present=self.features.present + 1)
        self.assertEqual(self.judged(other, changed)[1], 5 * RECIPE.networks)

    def test_folds_of_which_nothing_is_known_are_not_gone_on_with(self) -> None:
        self.judged()
        for content in (None, ""):
            (self.folder / "run.json").unlink()
            if content is not None:
                (self.folder / "run.json").write_text(content)
            self.assertEqual(self.judged()[1], 5 * RECIPE.networks)


if __name__ == "__main__":
    unittest.main()
