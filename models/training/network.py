"""Networks that go on from the trunk of the present texture model. All give a margin: log-odds of a live face."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from features import EARLY_SHAPE, EMBEDDING, EMBEDDING_LENGTH, LATE, LATE_SHAPE, Features, margin_of, pool
from onnx_module import OnnxModule
from units import LARGEST_MARGIN

LARGEST_DEVIATION = 6.0


class Standardised(nn.Module):
    """Brought to one scale. What no picture in training came near to is held at the edge of what did."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(length))
        self.register_buffer("spread", torch.ones(length))

    def measure(self, rows: Tensor, chances: Tensor) -> None:
        """Of examples as they are drawn; `rows`: (example, view, feature)."""
        share = (chances / chances.sum() / rows.shape[1])[:, None, None]
        self.centre.copy_((rows * share).sum((0, 1)))
        self.spread.copy_((((rows - self.centre) ** 2 * share).sum((0, 1))).sqrt() + 1e-3)

    def forward(self, rows: Tensor) -> Tensor:
        return ((rows - self.centre) / self.spread).clamp(-LARGEST_DEVIATION, LARGEST_DEVIATION)


def head(length: int, hidden: int) -> nn.Module:
    if hidden == 0:
        return nn.Sequential(nn.Dropout(0.3), nn.Linear(length, 1))
    layers = (nn.Dropout(0.3), nn.Linear(length, hidden), nn.PReLU(), nn.Dropout(0.5), nn.Linear(hidden, 1))
    return nn.Sequential(*layers)


class PooledHead(nn.Module):
    """
    Corrects the margin of the present model by how the features of an early and a late layer are spread over the
    picture: texture, wherever it is. What it has no reason to correct stays as it was.
    """

    def __init__(self, hidden: int, _: Path) -> None:
        super().__init__()
        length = 2 * (EARLY_SHAPE[0] + LATE_SHAPE[0])
        self.scale = Standardised(length)
        self.head = head(length, hidden)
        self.trust = nn.Parameter(torch.tensor(0.5))

    @staticmethod
    def rows(features: Features) -> np.ndarray:
        return np.concatenate([features.pooled, features.present[..., None]], -1)

    def of_rows(self, rows: Tensor) -> Tensor:
        pooled, present = rows[..., :-1], rows[..., -1:]
        return self.head(self.scale(pooled)) + self.trust * present.clamp(-LARGEST_MARGIN, LARGEST_MARGIN)

    def forward(self, early: Tensor, late: Tensor, logits: Tensor) -> Tensor:
        return self.of_rows(torch.cat([pool(early), pool(late), margin_of(logits)[:, None]], 1))


class EmbeddingHead(nn.Module):
    """Reads the embedding from which the present model judges."""

    def __init__(self, hidden: int, weights: Path) -> None:
        super().__init__()
        self.embed = OnnxModule(weights, start=LATE, end=EMBEDDING).requires_grad_(False)
        self.scale = Standardised(EMBEDDING_LENGTH)
        self.head = head(EMBEDDING_LENGTH, hidden)

    @staticmethod
    def rows(features: Features) -> np.ndarray:
        return features.embedding

    def of_rows(self, rows: Tensor) -> Tensor:
        return self.head(self.scale(rows))

    def forward(self, early: Tensor, late: Tensor, logits: Tensor) -> Tensor:
        return self.of_rows(self.embed(late)) + _unread(early, logits)


class LastBlocks(nn.Module):
    """The last blocks of the present model, trained on from where they are."""

    def __init__(self, _: int, weights: Path) -> None:
        super().__init__()
        self.embed = OnnxModule(weights, start=LATE, end=EMBEDDING)
        self.drop = nn.Dropout(0.3)
        self.head = OnnxModule(weights, start=EMBEDDING)

    @staticmethod
    def rows(features: Features) -> np.ndarray:
        return features.late

    def of_rows(self, rows: Tensor) -> Tensor:
        maps = rows.flatten(0, -4).float()
        logits = self.head(self.drop(self.embed(maps)))
        return margin_of(logits).reshape(*rows.shape[:-3], 1)

    def forward(self, early: Tensor, late: Tensor, logits: Tensor) -> Tensor:
        return self.of_rows(late) + _unread(early, logits)


def _unread(early: Tensor, logits: Tensor) -> Tensor:
    """Nothing, of what a network has no use for: the export drops an input that is not read, and all are fed alike."""
    return 0 * (early.mean() + logits.mean())


KINDS = {"pooled": PooledHead, "embedding": EmbeddingHead, "blocks": LastBlocks}


class Average(nn.Module):
    """Several networks that differ by their seed alone: what they agree on is not chance."""

    def __init__(self, networks: list[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def of_rows(self, rows: Tensor) -> Tensor:
        return torch.stack([network.of_rows(rows) for network in self.networks]).mean(0)

    def forward(self, early: Tensor, late: Tensor, logits: Tensor) -> Tensor:
        return torch.stack([network(early, late, logits) for network in self.networks]).mean(0)


def export(network: Average, path: Path) -> None:
    """One picture at a time, as the Worker asks. The trunk is not in it: the Worker has that already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    inputs = (torch.zeros(1, *EARLY_SHAPE), torch.zeros(1, *LATE_SHAPE), torch.zeros(1, 3))
    names = {"input_names": ["early", "late", "logits"], "output_names": ["margin"]}
    torch.onnx.export(network.eval().cpu(), inputs, str(path), opset_version=13, **names)


def margins_of(network: Average, rows: np.ndarray) -> np.ndarray:
    """(example, view)."""
    parts = [torch.from_numpy(np.ascontiguousarray(rows[i : i + 256])) for i in range(0, len(rows), 256)]
    with torch.no_grad():
        return torch.cat([network.eval().of_rows(part).squeeze(-1) for part in parts]).numpy()
