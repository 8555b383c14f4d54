"""A stand-in for the weights of the texture model: the same names and shapes from the late layer on."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from features import EARLY_SHAPE, EMBEDDING, EMBEDDING_LENGTH, LATE, LATE_SHAPE, VIEWS, Features


def write_stub(path: Path) -> Path:
    rng = np.random.default_rng(11)
    values = {
        "across": rng.normal(0, 0.3, (LATE_SHAPE[0], EMBEDDING_LENGTH)),
        "classes": rng.normal(0, 0.3, (EMBEDDING_LENGTH, 3)),
    }
    nodes = [
        helper.make_node("GlobalAveragePool", [LATE], ["pooled"]),
        helper.make_node("Reshape", ["pooled", "shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "across"], [EMBEDDING]),
        helper.make_node("MatMul", [EMBEDDING, "classes"], ["output"]),
    ]
    kept = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()]
    kept.append(numpy_helper.from_array(np.array([1, LATE_SHAPE[0]], np.int64), "shape"))
    seen = helper.make_tensor_value_info(LATE, TensorProto.FLOAT, [1, *LATE_SHAPE])
    given = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 3])
    onnx.save(helper.make_model(helper.make_graph(nodes, "stub", [seen], [given], kept)), str(path))
    return path


def features_by_chance(live: np.ndarray, apart: float) -> Features:
    """Noise in which some features tell live from recapture by so many deviations; the present margin tells nothing."""
    rng = np.random.default_rng(5)
    count = len(live)
    side = (live * 2 - 1)[:, None, None] * apart
    pooled = rng.normal(size=(count, VIEWS, 2 * (EARLY_SHAPE[0] + LATE_SHAPE[0])))
    pooled[..., :40] += side
    embedding = rng.normal(size=(count, VIEWS, EMBEDDING_LENGTH))
    embedding[..., :40] += side
    late = rng.normal(size=(count, VIEWS, *LATE_SHAPE))
    late[..., :40, :, :] += side[..., None, None]
    present = rng.normal(size=(count, VIEWS))
    tables = (pooled.astype(np.float32), late.astype(np.float16), embedding.astype(np.float32))
    return Features(*tables, present.astype(np.float32))
