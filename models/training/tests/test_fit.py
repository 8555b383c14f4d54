import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from features import Features
from fit import Recipe, _groups, fit
from network import KINDS, Average, margins_of
from tests.stub_weights import features_by_chance, write_stub

RECIPE = Recipe(hidden=8, steps=60, batch=32, rate=0.01, networks=1)
LIVE = np.tile([1.0, 0.0], 40)


class FitTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = write_stub(Path(folder.name) / "stub.onnx")
        torch.set_num_threads(1)

    def fitted(
        self, features: Features, weights: np.ndarray, seed: int = 1, **changes: object
    ) -> tuple[Average, float]:
        recipe = replace(RECIPE, **changes)
        network, loss = fit(features, LIVE, weights, recipe, seed, self.base, "cpu")
        return Average([network]), loss

    def test_what_can_be_told_apart_is_learnt_by_every_kind_and_holds_for_examples_not_seen(self) -> None:
        features = features_by_chance(LIVE, 1.0)
        seen = np.where(np.arange(len(LIVE)) < 60, 1.0, 0.0)
        for kind in KINDS:
            network, loss = self.fitted(features, seen, kind=kind)
            margins = margins_of(network, KINDS[kind].rows(features))[60:].mean(1)
            self.assertTrue((margins[LIVE[60:] == 1] > 0).all() and (margins[LIVE[60:] == 0] < 0).all(), kind)
            # No surer than the labels are: by chance alone it would be 0.69.
            self.assertTrue(0.05 < loss < 0.4, (kind, loss))

    def test_examples_without_a_weight_are_never_looked_at(self) -> None:
        clean = features_by_chance(LIVE, 1.0)
        weights = np.where(np.arange(len(LIVE)) % 5 < 2, 0.0, 1.0)
        tables = (clean.pooled.copy(), clean.late.copy(), clean.embedding.copy(), clean.present.copy())
        for table in tables:
            table[weights == 0] = np.nan
        poisoned = Features(*tables)
        live = np.where(weights == 0, np.nan, LIVE)
        for kind in KINDS:
            recipe = replace(RECIPE, kind=kind, steps=5)
            network, loss = fit(poisoned, live, weights, recipe, 1, self.base, "cpu")
            same, _ = fit(clean, LIVE, weights, recipe, 1, self.base, "cpu")
            self.assertTrue(np.isfinite(loss), kind)
            for (name, value), (_, other) in zip(network.state_dict().items(), same.state_dict().items()):
                torch.testing.assert_close(value, other, rtol=0, atol=0, msg=f"{kind} {name}")

    def test_examples_are_drawn_by_their_weights(self) -> None:
        features = features_by_chance(LIVE, 1.0)
        # The same examples with opposite labels, of which only one half counts.
        halves = {"as it is": LIVE, "turned round": 1 - LIVE}
        for name, heavy in halves.items():
            live = np.concatenate([LIVE, 1 - LIVE])
            twice = Features(*(np.concatenate([table, table]) for table in features.__dict__.values()))
            weights = np.where(np.arange(len(live)) < len(LIVE), 0.99, 0.01)
            weights = weights if name == "as it is" else weights[::-1].copy()
            network, _ = fit(twice, live, weights, RECIPE, 1, self.base, "cpu")
            margins = margins_of(Average([network.eval()]), KINDS["pooled"].rows(features)).mean(1)
            self.assertGreater(np.mean((margins > 0) == (heavy == 1)), 0.95, name)

    def test_the_same_seed_gives_the_same_network_and_another_seed_another(self) -> None:
        features, weights = features_by_chance(LIVE, 1.0), np.ones(len(LIVE))
        rows = KINDS["pooled"].rows(features)
        first, again, other = (self.fitted(features, weights, seed, steps=5) for seed in (1, 1, 2))
        np.testing.assert_array_equal(margins_of(first[0], rows), margins_of(again[0], rows))
        self.assertEqual(first[1], again[1])
        self.assertGreater(np.abs(margins_of(first[0], rows) - margins_of(other[0], rows)).max(), 1e-4)

    def test_trust_in_the_present_model_moves_by_its_own_rate_and_shrinks_for_no_reason(self) -> None:
        network = KINDS["pooled"](8, self.base)
        others, trust = _groups(network, RECIPE, is_held=False)
        self.assertEqual([id(p) for p in trust["params"]], [id(network.trust)])
        self.assertNotIn(id(network.trust), [id(p) for p in others["params"]])
        self.assertEqual((others["lr"], trust["lr"]), (RECIPE.rate, 10 * RECIPE.rate))
        self.assertEqual((others["weight_decay"], trust["weight_decay"]), (RECIPE.decay, 0))
        self.assertEqual((others["first"], trust["first"]), (others["lr"], trust["lr"]))

    def test_trust_grows_where_the_present_model_alone_is_right(self) -> None:
        features = features_by_chance(LIVE, 0.0)
        present = features.present + 4 * (2 * LIVE - 1)[:, None].astype(np.float32)
        rise, _ = self.fitted(replace(features, present=present), np.ones(len(LIVE)))
        self.assertGreater(float(rise.networks[0].trust), 0.6)

    def test_weights_that_begin_trained_are_held_where_they_began(self) -> None:
        features, weights = features_by_chance(LIVE, 1.0), np.ones(len(LIVE))
        began = dict(KINDS["blocks"](0, self.base).named_parameters())
        moved = {}
        for hold in (0.0, 10.0):
            network, _ = self.fitted(features, weights, kind="blocks", steps=20, hold=hold)
            named = network.networks[0].named_parameters()
            moved[hold] = sum(float(((value - began[name]) ** 2).sum()) for name, value in named)
        self.assertGreater(moved[0.0], 2 * moved[10.0])
        self.assertGreater(moved[10.0], 0)


if __name__ == "__main__":
    unittest.main()
