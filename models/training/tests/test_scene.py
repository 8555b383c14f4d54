import unittest

import cv2
import numpy as np

from recapture.hands import paint_capsules, skin_colour
from recapture.scene import compose, mapped
from recapture.surface import Box, Surface, to_linear
from tests.portrait import FACE, portrait, room


def sheet(emits: bool = False) -> Surface:
    return Surface(to_linear(portrait()), np.ones((600, 600), np.float32), FACE, emits)


class SceneTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_scene(self) -> None:
        first, again, other = (compose(sheet(), room(), np.random.default_rng(seed))[0] for seed in (3, 3, 4))
        np.testing.assert_array_equal(first, again)
        self.assertNotEqual(first.shape, other.shape)

    def test_every_draw_shows_the_face_on_the_medium(self) -> None:
        views = set()
        for seed in range(60):
            light, face, mask, parameters = compose(sheet(seed % 2 == 0), room(), np.random.default_rng(seed))
            views.add(parameters["view"])
            height, width = mask.shape
            self.assertEqual(light.shape, (height, width, 3))
            self.assertEqual((light.dtype, mask.dtype), (np.float32, np.float32))
            self.assertLessEqual(max(height, width), 722)
            self.assertTrue(np.isfinite(light).all() and light.min() >= 0)
            self.assertTrue(0 <= mask.min() and mask.max() <= 1)
            self.assertTrue(55 < max(face.width, face.height) < 260, f"seed {seed}: {face}")
            x, y = (int(value) for value in face.centre)
            middle = mask[
                y - int(face.height / 4) : y + int(face.height / 4), x - int(face.width / 4) : x + int(face.width / 4)
            ]
            self.assertGreater(float(middle.mean()), 0.97, f"seed {seed}")
        self.assertEqual(views, {"fills", "edges", "whole"})

    def test_the_face_box_follows_the_drawn_face(self) -> None:
        for seed in range(20):
            light, face, _, _ = compose(sheet(), room(), np.random.default_rng(seed))
            x, y = face.centre
            mouth = cv2.blur(light, (3, 3))[int(y + 0.27 * face.height), int(x)]
            cheek = cv2.blur(light, (3, 3))[int(y + 0.14 * face.height), int(x + 0.2 * face.width)]
            self.assertGreater(mouth[0] / mouth[1], 1.5 * cheek[0] / cheek[1], f"seed {seed}")

    def test_a_view_that_the_medium_fills_shows_nothing_else(self) -> None:
        shares = {"fills": [], "edges": [], "whole": []}
        for seed in range(60):
            _, _, mask, parameters = compose(sheet(), room(), np.random.default_rng(seed))
            shares[str(parameters["view"])].append(float(mask.mean()))
        self.assertGreater(min(shares["fills"]), 0.85)
        self.assertLess(np.mean(shares["whole"]), np.mean(shares["edges"]))
        self.assertLess(np.mean(shares["edges"]), np.mean(shares["fills"]))

    def test_the_mask_is_what_is_seen_of_the_medium_without_fingers(self) -> None:
        held = 0
        # A small sheet of pure green, in a room without green: other light on it is a finger's.
        green = np.zeros((330, 260, 3), np.float32)
        green[..., 1] = 1
        small = Surface(green, np.ones((330, 260), np.float32), Box(40, 50, 180, 220), True)
        for seed in range(60):
            light, face, mask, parameters = compose(
                small, np.full((90, 90, 3), (0.5, 0, 0.5), np.float32), np.random.default_rng(seed)
            )
            held += int(parameters["fingers"] > 0)
            self.assertLess(float(light[mask > 0.999][:, 0].max()), 0.01, f"seed {seed}")
            self.assertGreater(float(light[mask > 0.999][:, 1].min()), 0.3)
            x, y = (int(value) for value in face.centre)
            reach = int(face.width * 0.2)
            self.assertGreater(float(mask[y - reach : y + reach, x - reach : x + reach].min()), 0.999, f"seed {seed}")
        self.assertGreater(held, 10)

    def test_the_room_is_seen_beyond_the_medium(self) -> None:
        for seed in range(60):
            light, _, mask, parameters = compose(sheet(), room(), np.random.default_rng(seed))
            if parameters["view"] == "whole" and parameters["fingers"] == 0:
                corner = light[2:6, 2:6].mean((0, 1))
                self.assertEqual(mask[3, 3], 0)
                self.assertGreater(corner[1], 3 * corner[0])
                return
        self.fail("no whole view was drawn")

    def test_a_box_is_mapped_with_the_homography(self) -> None:
        place = np.array([[2.0, 0, 5], [0, 2.0, 7], [0, 0, 1]])
        np.testing.assert_allclose(mapped(Box(1, 2, 3, 4), place), (7, 11, 6, 8), atol=1e-9)

    def test_a_finger_is_round_and_covers_what_it_is_painted_on(self) -> None:
        rng = np.random.default_rng(1)
        light = np.ones((100, 100, 3), np.float32)
        covered = paint_capsules(
            light, [(np.array([50.0, 90.0]), np.array([50.0, 40.0]), 12.0)], np.full(3, 0.5, np.float32), rng
        )
        self.assertEqual((covered[70, 50], covered[70, 80], covered[10, 50]), (1, 0, 0))
        self.assertEqual(float(light[10, 50, 0]), 1)
        self.assertGreater(light[70, 50, 0], 1.2 * light[70, 59, 0])

    def test_skin_is_of_every_tone(self) -> None:
        tones = [float(skin_colour(np.random.default_rng(seed)).mean()) for seed in range(60)]
        self.assertLess(min(tones), 0.05)
        self.assertGreater(max(tones), 0.55)
