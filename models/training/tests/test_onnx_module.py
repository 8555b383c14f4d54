import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from onnx_module import OnnxModule

RNG = np.random.default_rng(3)
VALUES = {
    "kernel": RNG.normal(size=(4, 2, 3, 3)),
    "bias": RNG.normal(size=4),
    "slope": np.array([0.1, 0.2, 0.3, 0.4]).reshape(4, 1, 1),
    "across": RNG.normal(size=(4, 3)),
    "gain": np.array([1.0, 2.0, 3.0]),
    "offset": np.array([0.5, -0.5, 0.0]),
    "mean": np.array([1.0, 0.0, -1.0]),
    "variance": np.array([4.0, 1.0, 0.25]),
}
CONV = helper.make_node("Conv", ["input", "kernel", "bias"], ["40"], strides=[2, 2], pads=[1, 1, 1, 1], group=1)
NODES = [
    CONV,
    helper.make_node("PRelu", ["40", "slope"], ["41"]),
    helper.make_node("GlobalAveragePool", ["41"], ["42"]),
    helper.make_node("Reshape", ["42", "shape"], ["43"]),
    helper.make_node("MatMul", ["43", "across"], ["44"]),
    helper.make_node("BatchNormalization", ["44", "gain", "offset", "mean", "variance"], ["output"], epsilon=0.1),
]


def reference(pictures: np.ndarray) -> np.ndarray:
    """The same by hand."""
    padded = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)))
    places = [(y, x) for y in range(0, pictures.shape[2], 2) for x in range(0, pictures.shape[3], 2)]
    windows = np.stack([padded[:, :, y : y + 3, x : x + 3] for y, x in places], 1)
    answers = np.einsum("npcyx,ocyx->npo", windows, VALUES["kernel"]) + VALUES["bias"]
    answers = np.where(answers > 0, answers, answers * VALUES["slope"].ravel())
    judged = answers.mean(1) @ VALUES["across"]
    scaled = (judged - VALUES["mean"]) / np.sqrt(VALUES["variance"] + 0.1)
    return scaled * VALUES["gain"] + VALUES["offset"]


class OnnxModuleTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "small.onnx"
        self.pictures = torch.from_numpy(np.random.default_rng(1).normal(size=(5, 2, 6, 6)).astype(np.float32))
        self.save(NODES)

    def save(self, nodes: list[onnx.NodeProto]) -> None:
        kept = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in VALUES.items()]
        # One picture at a time: the module must flatten any number.
        kept.append(numpy_helper.from_array(np.array([1, 4], np.int64), "shape"))
        seen = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 2, 6, 6])
        given = helper.make_tensor_value_info("output", TensorProto.FLOAT, None)
        onnx.save(helper.make_model(helper.make_graph(nodes, "small", [seen], [given], kept)), str(self.path))

    def test_computes_what_the_graph_says_for_any_number_of_pictures(self) -> None:
        given = OnnxModule(self.path)(self.pictures).detach().numpy()
        np.testing.assert_allclose(given, reference(self.pictures.numpy()), rtol=1e-4, atol=1e-5)

    def test_cut_at_any_tensor_the_halves_give_what_the_whole_gives(self) -> None:
        whole = OnnxModule(self.path)(self.pictures)
        for cut in ("40", "42", "44"):
            first, second = OnnxModule(self.path, end=cut), OnnxModule(self.path, start=cut)
            torch.testing.assert_close(second(first(self.pictures)), whole)
            self.assertEqual(len(first.nodes) + len(second.nodes), len(NODES))

    def test_has_the_weights_of_its_own_nodes_alone_and_leaves_statistics_as_measured(self) -> None:
        first, second = OnnxModule(self.path, end="41"), OnnxModule(self.path, start="41")
        self.assertEqual(sorted(first.weights), ["bias", "kernel", "slope"])
        self.assertEqual(sorted(second.weights), ["across", "gain", "mean", "offset", "variance"])
        trained = sorted(name for name, value in second.weights.items() if value.requires_grad)
        self.assertEqual(trained, ["across", "gain", "offset"])

    def test_an_operator_that_is_not_known_is_refused_before_anything_runs(self) -> None:
        self.save([CONV, helper.make_node("Elu", ["40"], ["output"])])
        with self.assertRaisesRegex(ValueError, "Elu is not known here"):
            OnnxModule(self.path)
        # What is not on the way does no harm.
        OnnxModule(self.path, end="40")

    def test_a_convolution_that_would_be_computed_otherwise_is_refused(self) -> None:
        changes = ({"pads": [1, 1, 0, 0]}, {"strides": [2, 1]}, {"dilations": [2, 2]}, {"auto_pad": "SAME_UPPER"})
        for change in changes:
            attributes = {"strides": [2, 2], "pads": [1, 1, 1, 1], "group": 1, **change}
            self.save([helper.make_node("Conv", ["input", "kernel", "bias"], ["output"], **attributes)])
            with self.assertRaisesRegex(ValueError, "Conv", msg=str(change)):
                OnnxModule(self.path)

    def test_an_end_that_comes_before_the_start_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "40 cannot be computed from 42"):
            OnnxModule(self.path, start="42", end="40")


if __name__ == "__main__":
    unittest.main()
