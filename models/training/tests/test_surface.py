import unittest

import numpy as np

from recapture.surface import Box, to_linear, to_srgb


class SurfaceTest(unittest.TestCase):
    def test_light_of_a_picture_gives_the_picture_again(self) -> None:
        picture = np.linspace(0, 1, 3000, dtype=np.float32).reshape(10, 100, 3)
        again = to_srgb(to_linear(picture))
        self.assertEqual(again.dtype, np.float32)
        self.assertLess(float(np.abs(again - picture).max()), 1 / 512)

    def test_follows_the_curve_of_srgb(self) -> None:
        self.assertAlmostEqual(float(to_linear(np.array([0.5], np.float32))[0]), 0.2140, places=3)
        self.assertAlmostEqual(float(to_srgb(np.array([0.18], np.float32))[0]), 0.4613, places=3)

    def test_clips_what_is_brighter_than_white(self) -> None:
        self.assertEqual(float(to_srgb(np.array([7.0], np.float32))[0]), 1.0)
        self.assertEqual(float(to_linear(np.array([-1.0], np.float32))[0]), 0.0)

    def test_a_box_moves_and_scales(self) -> None:
        self.assertEqual(Box(1, 2, 4, 6).moved(1, -1).scaled(2), Box(4, 2, 8, 12))
        self.assertEqual(Box(1, 2, 4, 6).centre, (3, 5))
