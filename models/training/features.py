"""What the frozen trunk of the present texture model says of every crop: computed once, gone on with when cut off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from examples import Examples
from onnx_module import OnnxModule
from views import square_view, whole_view

# Tensors of `texture-liveness.onnx` that our network is given (`models/manifest.json` exposes them).
EARLY, LATE = "440", "564"
# What the present model computes last before it judges.
EMBEDDING, EMBEDDING_LENGTH = "580", 128
EARLY_SHAPE, LATE_SHAPE = (64, 32, 32), (128, 8, 8)
VIEWS = 2
BATCH = 16


@dataclass(frozen=True)
class Features:
    """One row for each crop and view."""

    pooled: np.ndarray
    late: np.ndarray
    embedding: np.ndarray
    # The margin of the present model, to compare with.
    present: np.ndarray


class Trunk(torch.nn.Module):
    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.early = OnnxModule(weights, end=EARLY)
        self.late = OnnxModule(weights, start=EARLY, end=LATE)
        self.embed = OnnxModule(weights, start=LATE, end=EMBEDDING)
        self.head = OnnxModule(weights, start=EMBEDDING)

    def forward(self, views: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        early = self.early(views)
        late = self.late(early)
        embedding = self.embed(late)
        return early, late, embedding, margin_of(self.head(embedding))


def margin_of(logits: torch.Tensor) -> torch.Tensor:
    """Of the present model: log-odds of its first class, which is a live face."""
    return logits[:, 0] - torch.logsumexp(logits[:, 1:], 1)


def pool(features: torch.Tensor) -> torch.Tensor:
    """How strongly each feature answers over the picture, and how unevenly: a texture has no place."""
    mean = features.mean((2, 3))
    spread = torch.sqrt(((features - mean[:, :, None, None]) ** 2).mean((2, 3)) + 1e-6)
    both = torch.cat([mean, spread], 1)
    # A few features are a hundred times as strong as others, in bright pictures most of all.
    return torch.sign(both) * torch.log1p(torch.abs(both))


def views_of(examples: Examples, index: int) -> np.ndarray:
    crop = examples.crop(index)
    views = np.stack([square_view(crop, examples.faces[index].box), whole_view(crop)])
    # Blue first, planes first: as `frame/texture.ts` feeds it.
    return np.ascontiguousarray(views[..., ::-1].transpose(0, 3, 1, 2))


def features_of(examples: Examples, weights: Path, cache: Path, device: str) -> Features:
    count = len(examples.faces)
    pooled_length = 2 * (EARLY_SHAPE[0] + LATE_SHAPE[0])
    cache.mkdir(parents=True, exist_ok=True)
    pooled = _table(cache / "pooled.f32", np.float32, (count, VIEWS, pooled_length))
    late = _table(cache / "late.f16", np.float16, (count, VIEWS, *LATE_SHAPE))
    embedding = _table(cache / "embedding.f32", np.float32, (count, VIEWS, EMBEDDING_LENGTH))
    present = _table(cache / "present.f32", np.float32, (count, VIEWS))
    trunk = Trunk(weights).eval().to(device)
    progress = cache / "done"
    # Empty where it was cut off while it was written.
    done = int(progress.read_text() or 0) if progress.exists() else 0
    starts = range(done, count, BATCH)
    with torch.no_grad():
        for start in tqdm(starts, "features", mininterval=5, disable=len(starts) == 0):
            stop = min(start + BATCH, count)
            views = np.concatenate([views_of(examples, index) for index in range(start, stop)])
            early, deep, embedded, margin = trunk(torch.from_numpy(views).to(device))
            rows = (stop - start, VIEWS)
            pooled[start:stop] = torch.cat([pool(early), pool(deep)], 1).cpu().numpy().reshape(*rows, -1)
            late[start:stop] = deep.half().cpu().numpy().reshape(*rows, *LATE_SHAPE)
            embedding[start:stop] = embedded.cpu().numpy().reshape(*rows, -1)
            present[start:stop] = margin.cpu().numpy().reshape(rows)
            if start // BATCH % 20 == 0 or stop == count:
                for table in (pooled, late, embedding, present):
                    table.flush()
                progress.write_text(str(stop))
    return Features(pooled, late, embedding, present)


def _table(path: Path, kind: type, shape: tuple[int, ...]) -> np.memmap:
    mode = "r+" if path.exists() else "w+"
    return np.memmap(path, kind, mode, shape=shape)
