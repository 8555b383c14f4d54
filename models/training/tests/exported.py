"""A folder as `npm run train` exports it, of the drawn face."""

import json
from pathlib import Path

import cv2
import numpy as np

from tests.portrait import FACE, portrait


def write_portraits(folder: Path, portraits: list[tuple[str, str, int]]) -> Path:
    """`portraits`: source, label, and how many."""
    (folder / "portraits").mkdir(parents=True)
    drawn = cv2.cvtColor(np.rint(portrait() * 255).astype(np.uint8), cv2.COLOR_RGB2BGR)
    rows = []
    for source, label, count in portraits:
        for i in range(count):
            picture = f"portraits/{source}-{label.replace(':', '-')}-{i}.png"
            cv2.imwrite(str(folder / picture), drawn)
            box = {"x": FACE.x, "y": FACE.y, "width": FACE.width, "height": FACE.height}
            rows.append({"picture": picture, "file": f"{source}.mp4", "label": label, "source": source, "face": box})
    (folder / "portraits.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder
