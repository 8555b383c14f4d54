"""Fits one network on the features of examples."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from features import Features
from network import KINDS


@dataclass(frozen=True)
class Recipe:
    """What is varied between runs; the table of runs names it."""

    kind: str = "pooled"
    hidden: int = 64
    steps: int = 400
    batch: int = 256
    rate: float = 1e-3
    decay: float = 1e-2
    # Labels are sure to so much: a head that is certain of its own data says little of others'.
    certainty: float = 0.98
    # Of the examples drawn, how many are simulated attacks, and how many are real ones by another camera.
    simulated: float = 0.05
    again: float = 0.05
    networks: int = 3
    # How strongly weights that begin trained are held where they began.
    hold: float = 1e-3

    def named(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items())


def fit(
    features: Features, live: np.ndarray, weights: np.ndarray, recipe: Recipe, seed: int, base: Path, device: str
) -> tuple[nn.Module, float]:
    """The network, and its loss over the last tenth of the steps. Only examples with a weight are looked at."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    kind = KINDS[recipe.kind]
    used = np.flatnonzero(weights > 0)
    rows = torch.from_numpy(kind.rows(features)[used]).to(device)
    target = torch.from_numpy(live[used] * (2 * recipe.certainty - 1) + 1 - recipe.certainty).float().to(device)
    chances = weights[used] / weights[used].sum()
    network = kind(recipe.hidden, base).to(device)
    if hasattr(network, "scale"):
        measured = rows[..., : len(network.scale.centre)]
        network.scale.measure(measured, torch.from_numpy(chances).float().to(device))
    trained = [p for p in network.parameters() if p.requires_grad]
    began = [p.detach().clone() for p in trained] if recipe.kind == "blocks" else None
    optimiser = torch.optim.AdamW(_groups(network, recipe, began is not None))
    losses = []
    network.train()
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = group["first"] * 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
        drawn = torch.from_numpy(rng.choice(len(used), recipe.batch, p=chances)).to(device)
        margins = network.of_rows(rows[drawn])[..., 0]
        loss = F.binary_cross_entropy_with_logits(margins, target[drawn, None].expand_as(margins))
        held = sum(((p - q) ** 2).sum() for p, q in zip(trained, began)) * recipe.hold if began else 0
        optimiser.zero_grad()
        (loss + held).backward()
        optimiser.step()
        losses.append(float(loss))
    return network.cpu().eval(), float(np.mean(losses[-max(1, recipe.steps // 10) :]))


def _groups(network: nn.Module, recipe: Recipe, is_held: bool) -> list[dict]:
    """How far the present model is to be trusted is one number, which may move quickly and shrinks for no reason."""
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    others = [p for name, p in named if name != "trust"]
    groups = [{"params": others, "lr": recipe.rate, "weight_decay": 0 if is_held else recipe.decay}]
    trust = [p for name, p in named if name == "trust"]
    if trust:
        groups.append({"params": trust, "lr": 10 * recipe.rate, "weight_decay": 0})
    return [{**group, "first": group["lr"]} for group in groups]
