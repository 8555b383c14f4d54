import unittest

import numpy as np

from examples import Examples, _class_of, _origin_of
from faces import Face
from folds import folds_of
from views import Box

BOX = Box(70, 70, 80, 80)


def face(label: str, source: str, file: str = "a.jpg") -> Face:
    return Face(file, label, source, "frame", 0.0, BOX, 2.8, 100.0)


def examples(*faces: Face) -> Examples:
    live, origin = np.array([_class_of(f) for f in faces]), np.array([_origin_of(f) for f in faces])
    return Examples(list(faces), [], live, origin, np.array([f.source for f in faces]))


FACES = [
    *[face("image:live", "large", f"{i}.jpg") for i in range(200)],
    face("image:live", "small"),
    face("image:spoof_replay_phone", "large"),
    face("live", "clip", "c.mp4"),
    face("spoof_print_photo", "clip", "d.mp4"),
    face("simulated:print:recapture", "small"),
    face("simulated:again:live", "small"),
    face("simulated:again:recapture", "large"),
    face("spoof_deepfake", "clip", "e.mp4"),
    face("image:spoof_recapture_unsure", "large"),
]


class ExamplesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.examples = examples(*FACES)

    def weight_of(self, weights: np.ndarray, label: str) -> float:
        return float(sum(w for w, f in zip(weights, FACES) if f.label == label))

    def test_live_and_recaptured_count_half_each_and_doubtful_ones_nothing(self) -> None:
        weights = self.examples.weights(set(), 0.2, 0.3)
        self.assertAlmostEqual(weights[self.examples.live == 1].sum(), 0.5)
        self.assertAlmostEqual(weights[self.examples.live == 0].sum(), 0.5)
        self.assertEqual(self.weight_of(weights, "spoof_deepfake"), 0)
        self.assertEqual(self.weight_of(weights, "image:spoof_recapture_unsure"), 0)

    def test_simulated_attacks_and_faces_taken_again_have_their_shares(self) -> None:
        weights = self.examples.weights(set(), 0.2, 0.3)
        self.assertAlmostEqual(self.weight_of(weights, "simulated:print:recapture"), 0.1)
        self.assertAlmostEqual(self.weight_of(weights, "simulated:again:recapture"), 0.15)
        self.assertAlmostEqual(self.weight_of(weights, "simulated:again:live"), 0.25)

    def test_a_large_collection_counts_no_more_than_the_bound(self) -> None:
        weights = self.examples.weights(set(), 0, 0)
        # 200 pictures count as 40, one picture as one, one clip as eight.
        large = sum(w for w, f in zip(weights, FACES) if f.source == "large" and f.label == "image:live")
        self.assertAlmostEqual(large, 0.5 * 40 / 49)
        self.assertAlmostEqual(self.weight_of(weights, "live"), 0.5 * 8 / 49)

    def test_nothing_of_a_source_that_is_held_out_is_drawn_real_or_not(self) -> None:
        weights = self.examples.weights({"small"}, 0.2, 0.3)
        self.assertEqual(sum(w for w, f in zip(weights, FACES) if f.source == "small"), 0)
        self.assertAlmostEqual(weights.sum(), 1)

    def test_each_source_with_attacks_is_a_fold_and_every_source_is_in_one(self) -> None:
        folds = folds_of(self.examples)
        self.assertEqual(sorted(sorted(fold) for fold in folds.values()), [["clip"], ["large"], ["small"]])


if __name__ == "__main__":
    unittest.main()
