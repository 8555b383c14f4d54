import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import report
from examples import Examples
from faces import Face
from views import Box

BOX = Box(70, 70, 80, 80)


def clip(label: str, source: str, file: str, seconds: int) -> list[Face]:
    return [Face(file, label, source, "frame", place / 10, BOX, 2.8, 100.0) for place in range(10 * seconds)]


def pictures(label: str, source: str, count: int, pixels: float = 100.0) -> list[Face]:
    return [Face(f"{source}-{i}.jpg", label, source, "frame", 0.0, BOX, 2.8, pixels) for i in range(count)]


FACES = [
    *clip("live", "one", "a.mp4", 20),
    *clip("spoof_replay_phone", "two", "b.mp4", 4),
    # Neither live nor a recapture: nothing is to be learnt from what it scores.
    *clip("spoof_deepfake", "three", "c.mp4", 3),
    *pictures("image:live", "one", 4),
    *pictures("image:spoof_print", "two", 2),
    *pictures("image:spoof_print", "small", 2, 50.0),
]


def margins() -> np.ndarray:
    """Live recordings: 0.25, 0.5, ... 5. Attacks: 0.375, and three of -3. Pictures: live 3, prints -3, small ones 3."""
    scores = [np.repeat(np.arange(1.0, 21) / 4, 10), np.repeat([0.375, -3, -3, -3], 10), np.full(30, 7.0)]
    scores += [np.full(4, 3.0), np.full(2, -3.0), np.full(2, 3.0)]
    return np.repeat(np.concatenate(scores)[:, None], 2, 1)


class ReportTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.table = self.folder / "runs.tsv"
        self.judged = report.judge(FACES, margins())

    def test_the_operating_point_refuses_one_live_recording_in_twenty(self) -> None:
        # Twenty live ones score 0.25, 0.5 and so on: the lowest alone stays below.
        self.assertEqual(self.judged["threshold"], 0.5)

    def test_figures_count_recordings_pictures_and_those_that_the_rules_let_through(self) -> None:
        figures = self.judged["figures"]
        counts = {name: (of["live"], of["attacks"]) for name, of in figures.items()}
        expected = {"recordings": (20, 4), "pictures": (4, 4), "pictures past the rules": (4, 2)}
        self.assertEqual(counts, expected)
        # One attack of four beats one live recording of twenty.
        self.assertAlmostEqual(figures["recordings"]["auc"], 1 - 1 / 80)
        self.assertEqual(figures["recordings"]["accepted_at_5"], 0)
        # Half of the prints score as the live do.
        self.assertEqual((figures["pictures"]["auc"], figures["pictures"]["accepted_at_5"]), (0.75, 0.5))
        self.assertEqual(figures["pictures past the rules"]["auc"], 1.0)
        self.assertEqual(set(figures["pictures"]["bounds"]), {"auc", "eer", "accepted_at_5"})

    def test_clips_alone_or_pictures_alone_are_judged_and_what_lacks_a_class_is_not(self) -> None:
        clips = [face for face in FACES if not face.is_picture]
        self.assertEqual(set(report.judge(clips, margins()[: len(clips)])["figures"]), {"recordings"})
        single = [face for face in FACES if face.is_picture]
        judged = report.judge(single, margins()[len(clips) :])
        self.assertEqual(set(judged["figures"]), {"pictures", "pictures past the rules"})
        self.assertEqual(judged["threshold"], 3.0)
        self.assertEqual(report.line_of("x", "", "", "", judged).split("\t")[4], "")
        report.write(self.folder, single, margins()[len(clips) :], margins()[len(clips) :], judged)
        self.assertEqual(report.judged_sets([face for face in FACES if face.is_live]), {})

    def test_what_is_accepted_is_told_by_class_and_source_at_the_one_operating_point(self) -> None:
        by_source = self.judged["accepted by source"]
        told = {(row["class"], row["source"]): (row["count"], row["accepted"]) for row in by_source["recordings"]}
        self.assertEqual(told, {("live", "one"): (20, 0.95), ("recapture", "two"): (4, 0.0)})
        told = {(row["class"], row["source"]): (row["count"], row["accepted"]) for row in by_source["pictures"]}
        self.assertEqual(
            told, {("live", "one"): (4, 1.0), ("recapture", "two"): (2, 0.0), ("recapture", "small"): (2, 1.0)}
        )

    def test_simulated_attacks_are_told_by_kind_without_those_that_nothing_judged(self) -> None:
        labels = ["simulated:print:recapture"] * 3 + ["simulated:screen:recapture", "simulated:again:live", "live"]
        faces = [Face("a", label, "one", "frame", 0.0, BOX, 2.8, 100.0) for label in labels]
        examples = Examples(faces, [], np.zeros(6), np.array(["simulated"] * 6), np.array(["one"] * 6))
        seen = np.array([[1.0, 3.0], [-1.0, 1.0], [np.nan, np.nan], [np.nan, np.nan], [99.0, -1.0], [5.0, 5.0]])
        told = report.simulated_accepted(examples, seen, 1.0)
        self.assertEqual(told, {"simulated:print:recapture": 0.5, "simulated:again:live": 1.0})

    def test_a_run_that_is_done_again_takes_the_place_of_its_line(self) -> None:
        for run, loss in (("present model", ""), ("run", "0.5"), ("other", "0.4"), ("run", "0.3")):
            report.add_to_table(self.table, report.line_of(run, "kind x", "2 real", loss, self.judged))
        rows = [line.split("\t") for line in self.table.read_text().splitlines()]
        self.assertEqual(tuple(rows[0]), report.COLUMNS)
        losses = [(row[0], row[3]) for row in rows[1:]]
        self.assertEqual(losses, [("present model", ""), ("run", "0.3"), ("other", "0.4")])
        self.assertEqual({len(row) for row in rows}, {len(report.COLUMNS)})
        self.assertEqual(rows[2][5], "AUC 0.750, EER 25.0 %, at 5 % 50.0 %")

    def test_a_folder_of_a_run_has_its_figures_and_its_plot(self) -> None:
        report.write(self.folder, FACES, margins(), -margins(), self.judged)
        self.assertEqual(json.loads((self.folder / "figures.json").read_text())["threshold"], 0.5)
        self.assertEqual((self.folder / "figures.png").read_bytes()[1:4], b"PNG")


if __name__ == "__main__":
    unittest.main()
