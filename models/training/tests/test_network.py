import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor

from features import EARLY_SHAPE, LATE_SHAPE, Features, Trunk, margin_of, pool
from network import KINDS, LARGEST_DEVIATION, Average, PooledHead, Standardised, export, margins_of
from onnx_module import OnnxModule
from tests.stub_weights import write_stub
from units import LARGEST_MARGIN

WEIGHTS = Path(__file__).resolve().parents[2] / "weights" / "texture-liveness.onnx"
HIDDEN = 8


def maps(count: int) -> tuple[Tensor, Tensor, Tensor]:
    chance = torch.Generator().manual_seed(2)
    shapes = ((count, *EARLY_SHAPE), (count, *LATE_SHAPE), (count, 3))
    return tuple(torch.randn(shape, generator=chance) for shape in shapes)


class NetworkTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.weights = write_stub(self.folder / "stub.onnx")

    def network(self, kind: str, seed: int = 1) -> torch.nn.Module:
        """One whose every part that is fitted is far from where it began."""
        torch.manual_seed(seed)
        network = KINDS[kind](HIDDEN, self.weights)
        for value in (*(p for p in network.parameters() if p.requires_grad), *network.buffers()):
            with torch.no_grad():
                value.add_(torch.rand(value.shape) * 0.2)
        return network.eval()

    def features_of(self, early: Tensor, late: Tensor, logits: Tensor) -> Features:
        pooled = torch.cat([pool(early), pool(late)], 1)
        embedding = OnnxModule(self.weights, start="564", end="580")(late).detach()
        tables = (pooled, late, embedding, margin_of(logits))
        # As on the disk: (example, view, ...).
        return Features(*(table.unflatten(0, (-1, 2)).numpy() for table in tables))

    def test_what_is_fitted_on_rows_says_the_same_of_maps(self) -> None:
        early, late, logits = maps(6)
        for kind in KINDS:
            network = self.network(kind)
            of_maps = torch.cat([network(early[i : i + 1], late[i : i + 1], logits[i : i + 1]) for i in range(6)])
            rows = KINDS[kind].rows(self.features_of(early, late, logits))
            of_rows = margins_of(Average([network]), rows)
            self.assertEqual(of_rows.shape, (3, 2), kind)
            expected = of_maps.detach().numpy().reshape(3, 2)
            np.testing.assert_allclose(of_rows, expected, rtol=1e-4, atol=1e-5, err_msg=kind)
            self.assertGreater(float(np.std(of_rows)), 1e-3, kind)

    def test_the_file_has_the_inputs_that_the_worker_gives_and_one_margin(self) -> None:
        for kind in KINDS:
            path = self.folder / "new" / f"{kind}.onnx"
            export(Average([self.network(kind, seed) for seed in (1, 2)]), path)
            model = onnx.load(str(path))
            onnx.checker.check_model(model, full_check=True)
            inputs = {value.name: shape_of(value) for value in model.graph.input}
            self.assertEqual(inputs, {"early": (1, *EARLY_SHAPE), "late": (1, *LATE_SHAPE), "logits": (1, 3)}, kind)
            read = {name for node in model.graph.node for name in node.input}
            self.assertTrue(set(inputs) <= read, kind)
            self.assertEqual({value.name: shape_of(value) for value in model.graph.output}, {"margin": (1, 1)}, kind)
            # No chance is left in what is shipped.
            self.assertNotIn("Dropout", {node.op_type for node in model.graph.node})

    def test_an_average_is_the_mean_by_rows_and_by_maps(self) -> None:
        inputs = maps(1)
        networks = [self.network("pooled", seed) for seed in (1, 2, 3)]
        apart = torch.stack([network(*inputs) for network in networks])
        self.assertGreater(float(apart.std()), 1e-3)
        torch.testing.assert_close(Average(networks)(*inputs), apart.mean(0))
        rows = torch.cat([pool(inputs[0]), pool(inputs[1]), margin_of(inputs[2])[:, None]], 1)
        torch.testing.assert_close(Average(networks).of_rows(rows), apart.mean(0))

    def test_features_are_measured_as_examples_are_drawn(self) -> None:
        scale = Standardised(2)
        rows = torch.tensor([[[0.0, 5.0], [2.0, 5.0]], [[10.0, 9.0], [10.0, 9.0]]])
        scale.measure(rows, torch.tensor([3.0, 1.0]))
        torch.testing.assert_close(scale.centre, torch.tensor([(0 + 2) / 2 * 0.75 + 10 * 0.25, 5 * 0.75 + 9 * 0.25]))
        # What never came near is held where the edge is.
        far = scale(torch.tensor([[1e6, -1e6], [3.25, 6.0]]))
        self.assertEqual(far[0].tolist(), [LARGEST_DEVIATION, -LARGEST_DEVIATION])
        torch.testing.assert_close(far[1], torch.zeros(2))
        torch.testing.assert_close(scale(scale.centre + 5.9 * scale.spread), torch.full((2,), 5.9))

    def test_the_present_margin_counts_no_more_than_its_bound(self) -> None:
        network = self.network("pooled")
        self.assertIsInstance(network, PooledHead)
        rows = torch.zeros(4, len(network.scale.centre) + 1)
        rows[:, -1] = torch.tensor([LARGEST_MARGIN, 300.0, -LARGEST_MARGIN, -300.0])
        high, higher, low, lower = network.of_rows(rows)[:, 0].tolist()
        self.assertEqual((high, low), (higher, lower))
        self.assertAlmostEqual(high - low, 2 * LARGEST_MARGIN * float(network.trust), places=4)

    def test_a_margin_is_the_log_odds_of_the_first_class(self) -> None:
        logits = torch.tensor([[2.0, 0.5, -1.0]])
        share = float(torch.softmax(logits, 1)[0, 0])
        self.assertAlmostEqual(float(margin_of(logits)), np.log(share / (1 - share)), places=5)

    def test_the_trunk_cut_in_four_is_the_model_and_its_parts_have_the_shapes_that_are_named(self) -> None:
        if not WEIGHTS.exists():
            print(f"\nNOT TESTED: the trunk, for {WEIGHTS} is missing", file=sys.stderr)
            self.skipTest("no weights")
        views = torch.rand(2, 3, 128, 128, generator=torch.Generator().manual_seed(1)) * 255
        with torch.no_grad():
            early, late, embedding, margin = Trunk(WEIGHTS)(views)
            logits = OnnxModule(WEIGHTS)(views)
            blocks = KINDS["blocks"](HIDDEN, WEIGHTS).eval()
            # Not yet trained on, they say what the model says.
            torch.testing.assert_close(blocks.of_rows(late)[:, 0], margin, rtol=1e-3, atol=1e-3)
        self.assertEqual((early.shape[1:], late.shape[1:], embedding.shape), (EARLY_SHAPE, LATE_SHAPE, (2, 128)))
        torch.testing.assert_close(margin_of(logits), margin, rtol=1e-3, atol=1e-3)


def shape_of(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    return tuple(side.dim_value for side in value.type.tensor_type.shape.dim)


if __name__ == "__main__":
    unittest.main()
