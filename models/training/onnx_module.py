"""An ONNX graph as a PyTorch module whose weights can be trained, cut at any tensor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F


class OnnxModule(nn.Module):
    """Runs the nodes from `start` (an input or a tensor inside) to `end`. Knows the operators of MiniFASNet alone."""

    def __init__(self, path: Path, end: str = "output", start: str = "input") -> None:
        super().__init__()
        graph = onnx.load(str(path)).graph
        values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        self.start, self.end = start, end
        self.nodes = _between(list(graph.node), start, end, set(values))
        self.weights = nn.ParameterDict()
        self.attributes: list[dict] = []
        for node in self.nodes:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            _refuse_unknown(node, attributes)
            self.attributes.append(attributes)
            for name in node.input:
                if name in values and values[name].dtype.kind == "f":
                    is_statistic = node.op_type == "BatchNormalization" and name in node.input[3:]
                    value = torch.from_numpy(values[name].copy())
                    self.weights[_key(name)] = nn.Parameter(value, requires_grad=not is_statistic)

    def forward(self, x: Tensor) -> Tensor:
        known: dict[str, Tensor] = {self.start: x}
        for node, attributes in zip(self.nodes, self.attributes):
            inputs = [known[name] if name in known else self.weights[_key(name)] for name in _tensors(node)]
            known[node.output[0]] = _OPERATORS[node.op_type](inputs, attributes)
        return known[self.end]


def _normalised(x: list[Tensor], a: dict) -> Tensor:
    """As it was measured when it was trained: a batch of ours is no sample of its data."""
    scale = x[1] / torch.sqrt(x[4] + a["epsilon"])
    return (x[0] - x[3]) * scale + x[2]


# By the inputs of a node and its attributes.
_OPERATORS: dict[str, Callable[[list[Tensor], dict], Tensor]] = {
    "Conv": lambda x, a: F.conv2d(x[0], x[1], x[2], a["strides"][0], a["pads"][0], 1, a["group"]),
    "PRelu": lambda x, a: F.prelu(x[0], x[1].flatten()),
    "Relu": lambda x, a: F.relu(x[0]),
    "Sigmoid": lambda x, a: torch.sigmoid(x[0]),
    "Add": lambda x, a: x[0] + x[1],
    "Mul": lambda x, a: x[0] * x[1],
    "MatMul": lambda x, a: x[0] @ x[1],
    "GlobalAveragePool": lambda x, a: x[0].mean((2, 3), keepdim=True),
    "Reshape": lambda x, a: x[0].flatten(1),
    "BatchNormalization": _normalised,
}


def _refuse_unknown(node: onnx.NodeProto, a: dict) -> None:
    """Before anything runs. A convolution must be alike in all directions, for only its first numbers are read."""
    if node.op_type not in _OPERATORS:
        raise ValueError(f"{node.op_type} is not known here")
    if node.op_type == "Conv":
        alike = len(set(a.get("pads", []))) == 1 and len(set(a.get("strides", []))) == 1
        if len(node.input) != 3 or not alike or set(a.get("dilations", [1])) != {1} or "auto_pad" in a:
            raise ValueError(f"Conv {node.output[0]} is not of the kind that is known here")


def _tensors(node: onnx.NodeProto) -> list[str]:
    """Its inputs without the shape that a Reshape is given: it flattens, whatever the size of the batch."""
    return list(node.input[:1]) if node.op_type == "Reshape" else list(node.input)


_SHAPE_OPERATORS = {"Shape", "Constant", "Gather", "Unsqueeze", "Concat"}


def _between(nodes: list[onnx.NodeProto], start: str, end: str, constants: set[str]) -> list[onnx.NodeProto]:
    """The nodes that lead from `start` to `end`, in their order."""
    by_output = {node.output[0]: node for node in nodes if node.op_type not in _SHAPE_OPERATORS}
    needed: set[str] = set()
    waiting = [end]
    while waiting:
        name = waiting.pop()
        if name == start or name in constants or name in needed:
            continue
        if name not in by_output:
            raise ValueError(f"{end} cannot be computed from {start}: {name} comes before it")
        needed.add(name)
        waiting.extend(_tensors(by_output[name]))
    return [node for node in nodes if node.output[0] in needed and node.op_type not in _SHAPE_OPERATORS]


def _key(name: str) -> str:
    return name.replace(".", "_")
