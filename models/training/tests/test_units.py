import unittest

import numpy as np

from faces import Face
from units import LARGEST_MARGIN, Unit, past_the_rules, pictures, recordings
from views import Box

BOX = Box(70, 70, 80, 80)


def clip(places: range | list[int], file: str = "a.mp4", kind: str = "frame", label: str = "live") -> list[Face]:
    """Ten faces a second, by their places."""
    return [Face(file, label, "source", kind, place / 10, BOX, 2.8, 100.0) for place in places]


def picture(room: float = 2.8, pixels: float = 100.0, kind: str = "frame") -> Face:
    return Face("a.jpg", "image:live", "source", kind, 0.0, BOX, room, pixels)


class UnitsTest(unittest.TestCase):
    def test_ten_frames_are_one_recording_and_the_views_take_turns(self) -> None:
        first, second = recordings(clip(range(20)))
        self.assertEqual(first.looks, ((0, 0), (2, 1), (4, 0), (6, 1), (8, 0)))
        self.assertEqual(second.looks, ((10, 0), (12, 1), (14, 0), (16, 1), (18, 0)))

    def test_a_place_without_a_face_moves_no_other(self) -> None:
        faces = clip([0, 1, 2, 5, 6, 7, 8, 9])
        # Place 4 is missing; places 6 and 8 are the fifth and the seventh of the faces.
        (unit,) = recordings(faces)
        self.assertEqual(unit.looks, ((0, 0), (2, 1), (4, 1), (6, 0)))

    def test_too_few_frames_are_no_recording(self) -> None:
        self.assertEqual(recordings(clip(range(6))), [])
        self.assertEqual(recordings(clip([1, 3, 5, 7, 9])), [])
        self.assertEqual(len(recordings(clip(range(7)))), 1)

    def test_files_and_kinds_are_not_mixed_and_pictures_are_no_recordings(self) -> None:
        faces = [*clip(range(5)), *clip(range(5, 10), "b.mp4"), *clip(range(5, 10), kind="crop"), picture()]
        self.assertEqual(recordings(faces), [])
        faces = [*clip(range(10)), *clip(range(10), kind="crop"), *clip(range(10), "b.mp4")]
        self.assertEqual([unit.looks[0][0] for unit in recordings(faces)], [0, 10, 20])

    def test_pictures_are_judged_one_by_one_by_both_views_as_they_were_taken(self) -> None:
        faces = [*clip(range(10)), picture(), picture(kind="crop"), picture()]
        self.assertEqual([unit.looks for unit in pictures(faces)], [((10, 0), (10, 1)), ((12, 0), (12, 1))])

    def test_the_rules_ask_for_room_and_for_pixels(self) -> None:
        faces = [picture(1.2, 70), picture(1.19, 70), picture(1.2, 69)]
        self.assertEqual([unit.looks[0][0] for unit in past_the_rules(pictures(faces))], [0])

    def test_a_score_is_the_mean_of_what_was_looked_at_and_no_look_outweighs_the_others(self) -> None:
        unit = Unit(picture(), ((0, 0), (1, 1)))
        self.assertEqual(unit.score(np.array([[1.0, 50.0], [50.0, 4.0]])), 2.5)
        self.assertEqual(unit.score(np.array([[1.0, 0.0], [0.0, 99.0]])), (1 + LARGEST_MARGIN) / 2)
        self.assertEqual(unit.score(np.array([[1.0, 0.0], [0.0, -99.0]])), (1 - LARGEST_MARGIN) / 2)


if __name__ == "__main__":
    unittest.main()
