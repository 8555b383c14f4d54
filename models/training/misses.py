"""
A sheet of simulated attacks that a run took for live, made of the faces that come with the npm packages: nobody else's
face may be shown. Judged by the fold that saw nothing of their source.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from examples import read_examples
from units import LARGEST_MARGIN

COLUMNS, TILE = 6, 160
ALLOWED = "npm:"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True)
    parser.add_argument("--simulated", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="its folder, with margins.npy and figures.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=18)
    options = parser.parse_args()
    examples = read_examples(options.faces, options.simulated)
    margins = np.load(options.run / "margins.npy").clip(-LARGEST_MARGIN, LARGEST_MARGIN).mean(1)
    threshold = json.loads((options.run / "figures.json").read_text())["threshold"]
    own = [
        i
        for i, face in enumerate(examples.faces)
        if face.source.startswith(ALLOWED) and examples.origin[i] == "simulated" and margins[i] >= threshold
    ]
    print(f"{len(own)} simulated attacks on the npm faces pass at the operating point {threshold:.2f}")
    if not own:
        return
    shown = [own[i] for i in np.linspace(0, len(own) - 1, min(options.count, len(own))).astype(int)]
    tiles = [cv2.resize(examples.crop(i), (TILE, TILE), interpolation=cv2.INTER_AREA) for i in shown]
    tiles += [np.full((TILE, TILE, 3), 255, np.uint8)] * (-len(tiles) % COLUMNS)
    sheet = np.vstack([np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)])
    cv2.imwrite(str(options.out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])


if __name__ == "__main__":
    main()
