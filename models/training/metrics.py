"""How well scores tell live from recapture, and the bounds that so few recordings leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Separation:
    auc: float
    # Where as many live are refused as attacks accepted.
    eer: float
    # Share of attacks accepted where at most 5 % of live are refused.
    accepted_at_5: float
    live: int
    attacks: int


def separation(live: np.ndarray, attacks: np.ndarray) -> Separation:
    return Separation(
        auc=area_under_roc(live, attacks),
        eer=equal_error_rate(live, attacks),
        accepted_at_5=float(np.mean(attacks >= threshold_refusing(live, 0.05))),
        live=len(live),
        attacks=len(attacks),
    )


def area_under_roc(live: np.ndarray, attacks: np.ndarray) -> float:
    """The chance that a live one has the higher score; equal scores count half."""
    ordered = np.sort(attacks)
    below = np.searchsorted(ordered, live, "left")
    not_above = np.searchsorted(ordered, live, "right")
    return float(np.mean(below + not_above) / 2 / len(attacks))


def equal_error_rate(live: np.ndarray, attacks: np.ndarray) -> float:
    thresholds = np.unique(np.concatenate([live, attacks]))
    refused = np.searchsorted(np.sort(live), thresholds, "left") / len(live)
    accepted = 1 - np.searchsorted(np.sort(attacks), thresholds, "left") / len(attacks)
    nearest = int(np.argmin(np.abs(refused - accepted)))
    return float((refused[nearest] + accepted[nearest]) / 2)


def threshold_refusing(live: np.ndarray, share: float) -> float:
    """The highest score that at most so many of the live stay below."""
    return float(np.sort(live)[int(np.floor(share * len(live)))])


def bounds_by_source(
    live: np.ndarray, attacks: np.ndarray, live_sources: np.ndarray, attack_sources: np.ndarray, rounds: int = 500
) -> dict[str, tuple[float, float]]:
    """95 % intervals, drawing whole sources anew: recordings of one source are no independent witnesses."""
    rng = np.random.default_rng(1)
    live_groups = [live[live_sources == name] for name in np.unique(live_sources)]
    attack_groups = [attacks[attack_sources == name] for name in np.unique(attack_sources)]
    draws = []
    for _ in range(rounds):
        some = [live_groups[i] for i in rng.integers(len(live_groups), size=len(live_groups))]
        others = [attack_groups[i] for i in rng.integers(len(attack_groups), size=len(attack_groups))]
        drawn = separation(np.concatenate(some), np.concatenate(others))
        draws.append((drawn.auc, drawn.eer, drawn.accepted_at_5))
    low, high = np.percentile(np.array(draws), [2.5, 97.5], axis=0)
    return {name: (float(a), float(b)) for name, a, b in zip(("auc", "eer", "accepted_at_5"), low, high)}
