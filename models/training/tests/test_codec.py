import os
import unittest
from unittest import mock

import numpy as np

from recapture.codec import h264, jpeg
from tests.portrait import portrait


def error(picture: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(picture.astype(float) - other.astype(float)).mean())


class CodecTest(unittest.TestCase):
    def setUp(self) -> None:
        noise = np.random.default_rng(0).normal(0, 8, (200, 300, 1))
        self.picture = np.clip(portrait()[150:350, 150:450] * 255 + noise, 0, 255).astype(np.uint8)

    def test_a_lower_quality_loses_more(self) -> None:
        self.assertGreater(
            error(jpeg(self.picture, 30), self.picture), 1.3 * error(jpeg(self.picture, 95), self.picture)
        )

    def test_a_greater_rate_factor_loses_more(self) -> None:
        fine = h264(self.picture, 16, np.random.default_rng(1))
        coarse = h264(self.picture, 36, np.random.default_rng(1))
        self.assertGreater(error(coarse, self.picture), 1.3 * error(fine, self.picture))

    def test_colours_stay_in_their_places(self) -> None:
        flat = np.full((64, 64, 3), (200, 90, 40), np.uint8)
        for coded in (jpeg(flat, 90), h264(flat, 20, np.random.default_rng(1))):
            self.assertLess(error(coded, flat), 4)

    def test_odd_sizes_come_back_as_they_were(self) -> None:
        coded = h264(self.picture[:101, :77], 24, np.random.default_rng(1))
        self.assertEqual((coded.shape, coded.dtype), ((101, 77, 3), np.uint8))
        self.assertLess(error(coded, self.picture[:101, :77]), 12)

    def test_the_same_seed_gives_the_same_frame(self) -> None:
        first, again = (h264(self.picture, 28, np.random.default_rng(3)) for _ in range(2))
        np.testing.assert_array_equal(first, again)

    def test_says_which_program_is_missing(self) -> None:
        with mock.patch.dict(os.environ, {"FFMPEG": "/nowhere/ffmpeg"}):
            with self.assertRaisesRegex(RuntimeError, "/nowhere/ffmpeg.*FFMPEG"):
                h264(self.picture, 28, np.random.default_rng(3))
