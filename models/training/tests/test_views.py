import unittest

import numpy as np

from views import CROP_SIDE, VIEW_SIDE, Box, crop_of, square_view, whole_view


def ramp() -> np.ndarray:
    """Brighter to the right, another colour further down."""
    x, y = np.meshgrid(np.arange(CROP_SIDE), np.arange(CROP_SIDE))
    return np.stack([x, y, np.full_like(x, 7)], 2).astype(np.uint8)


class ViewsTest(unittest.TestCase):
    def test_the_whole_view_is_the_crop_made_smaller(self) -> None:
        view = whole_view(ramp())
        self.assertEqual(view.shape, (VIEW_SIDE, VIEW_SIDE, 3))
        np.testing.assert_allclose(view[64, :, 0], (np.arange(VIEW_SIDE) + 0.5) * CROP_SIDE / VIEW_SIDE - 0.5, atol=0.8)
        np.testing.assert_allclose(view[..., 2], 7, atol=1e-4)

    def test_the_square_view_is_2_7_faces_wide_about_its_middle(self) -> None:
        view = square_view(ramp(), Box(97, 87, 30, 50))
        # 135 pixels about (112, 112).
        self.assertAlmostEqual(float(view[64, 0, 0]), 112 - 67.5, delta=0.8)
        self.assertAlmostEqual(float(view[127, 64, 1]), 112 + 67.5, delta=1.2)

    def test_beyond_the_crop_its_edge_goes_on(self) -> None:
        view = square_view(ramp(), Box(0, 62, 100, 100))
        self.assertEqual(float(view[64, 0, 0]), 0.0)
        np.testing.assert_allclose(view[..., 2], 7, atol=1e-4)

    def test_a_crop_stays_in_the_picture_and_tells_where_the_face_is(self) -> None:
        picture = np.zeros((300, 400, 3), np.uint8)
        picture[20:60, 10:50] = 255
        crop, face = crop_of(picture, Box(10, 20, 40, 40))
        self.assertEqual(crop.shape, (CROP_SIDE, CROP_SIDE, 3))
        middle = crop[int(face.y + face.height / 2), int(face.x + face.width / 2)]
        self.assertEqual(middle.tolist(), [255, 255, 255])
        self.assertAlmostEqual(face.width, CROP_SIDE / 3, delta=0.01)
        self.assertAlmostEqual(float((crop[..., 0] > 127).mean()), 1 / 9, delta=0.01)


if __name__ == "__main__":
    unittest.main()
