"""Which sources are held out together."""

from __future__ import annotations

from examples import Examples

FOLDS_OF_LIVE_ONLY = 4


def folds_of(examples: Examples) -> dict[str, set[str]]:
    """
    Every source with attacks by itself, for they are what is scarce. Sources of live people alone go into a few folds
    together: leaving out several is harder on the network than leaving out one, never easier.
    """
    with_attacks = sorted({face.source for face in examples.real if face.is_recapture})
    others = sorted({face.source for face in examples.real} - set(with_attacks))
    folds = {f"fold-{i}": {source} for i, source in enumerate(with_attacks)}
    for i in range(min(FOLDS_OF_LIVE_ONLY, len(others))):
        folds[f"fold-{len(with_attacks) + i}"] = set(others[i::FOLDS_OF_LIVE_ONLY])
    return folds
