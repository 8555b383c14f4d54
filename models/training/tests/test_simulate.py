import json
import unittest

import cv2
import numpy as np

from recapture.simulate import live_again, simulate
from tests.portrait import FACE, portrait, room


class SimulateTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_picture(self) -> None:
        for kind in ("print", "screen"):
            first, again = (simulate(portrait(), FACE, room(), np.random.default_rng(9), kind) for _ in range(2))
            np.testing.assert_array_equal(first.picture, again.picture)
            np.testing.assert_array_equal(first.mask, again.mask)
            self.assertEqual(first.face, again.face)

    def test_pictures_masks_and_parameters_are_whole(self) -> None:
        kinds = set()
        for seed in range(16):
            sample = simulate(portrait(), FACE, room(), np.random.default_rng(seed))
            kinds.add(sample.kind)
            self.assertEqual(sample.picture.dtype, np.uint8)
            self.assertEqual(sample.picture.shape, (*sample.mask.shape, 3))
            self.assertGreater(float(sample.mask.mean()), 0.02)
            self.assertEqual(json.loads(json.dumps(sample.parameters)), sample.parameters)
            self.assertIn("camera", {name.split(".")[0] for name in sample.parameters})
        self.assertEqual(kinds, {"print", "screen"})

    def test_leaves_what_it_was_given_as_it_was(self) -> None:
        picture, backdrop = portrait(), room()
        simulate(picture, FACE, backdrop, np.random.default_rng(2), "print")
        simulate(picture, FACE, backdrop, np.random.default_rng(2), "screen")
        live_again(picture, FACE, np.random.default_rng(2))
        np.testing.assert_array_equal(picture, portrait())
        np.testing.assert_array_equal(backdrop, room())

    def test_black_bars_round_a_portrait_are_not_shown(self) -> None:
        bars = cv2.copyMakeBorder(portrait()[100:], 60, 60, 100, 100, cv2.BORDER_CONSTANT, value=(0, 0, 0))
        for seed in range(8):
            sample = live_again(bars, FACE.moved(100, -40), np.random.default_rng(seed))
            picture = sample.picture.astype(float)
            self.assertGreater(min(picture[:4].mean(), picture[:, :4].mean()), 25, f"seed {seed}")

    def test_a_genuine_face_is_taken_again_at_another_size(self) -> None:
        sizes = []
        for seed in range(20):
            sample = live_again(portrait(), FACE, np.random.default_rng(seed))
            sizes.append(max(sample.face.width, sample.face.height))
            self.assertEqual((sample.kind, float(sample.mask.max())), ("live", 0))
            self.assertEqual(sample.picture.shape, (*sample.mask.shape, 3))
            x, y = sample.face.centre
            mouth = sample.picture[int(y + 0.27 * sample.face.height), int(x)].astype(float)
            self.assertGreater(mouth[0], 1.3 * mouth[1], f"seed {seed}")
        self.assertGreater(max(sizes) / min(sizes), 1.8)
        self.assertTrue(65 < min(sizes) and max(sizes) < 235)
