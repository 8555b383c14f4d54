import unittest
from dataclasses import replace

import cv2
import numpy as np

from recapture.glass import banding, glare
from recapture.housing import Housing, draw_housing
from recapture.panel import moire, pixel_grid, shown_in_pixels
from recapture.screen import LONGEST_SIDE, ScreenParameters, draw_screen, render_screen
from recapture.surface import to_linear
from tests.portrait import FACE, fine_energy, portrait

BARE = Housing("none", (0.0, 0.0), 0.0, (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 0.0, "none")
# A screen that shows a picture as it is: what a test turns on is all that there is.
PERFECT = ScreenParameters(
    jpeg_quality=0,
    h264_crf=0,
    shown_scale=1.0,
    housing=BARE,
    pixel_pitch=0.0,
    layout="stripe",
    pixel_depth=0.8,
    moire_period=0.2,
    moire_strength=0.0,
    moire_colour=1.0,
    moire_waves=1,
    brightness=1.0,
    gamma=1.0,
    contrast=0.0,
    saturation=1.0,
    white=(1.0, 1.0, 1.0),
    black=0.0,
    falloff=0.0,
    banding_depth=0.0,
    banding_period=0.5,
    banding_tilt=0.0,
    glare="none",
    glare_strength=0.5,
    glare_spread=0.2,
    glare_softness=0.01,
    mirror=0.0,
    smudge=0.0,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(6)


def light(**changes: object) -> np.ndarray:
    return render_screen(portrait(), FACE, replace(PERFECT, **changes), rng()).light


def waves_across(grid: np.ndarray, camera_pixels: int) -> np.ndarray:
    """Strength of each number of waves across the red that a camera of so many pixels sees of a grid."""
    pitch = grid.shape[1] / camera_pixels
    soft = cv2.GaussianBlur(grid, (0, 0), 0.35 * pitch) if pitch > 1 else grid
    seen = cv2.resize(soft, (camera_pixels, camera_pixels), interpolation=cv2.INTER_LINEAR)
    return np.abs(np.fft.rfft(seen[..., 0].mean(0))) / camera_pixels


class ScreenTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_screen(self) -> None:
        for seed in range(10):
            parameters = draw_screen(np.random.default_rng(seed))
            self.assertEqual(parameters, draw_screen(np.random.default_rng(seed)))
            first, again = (render_screen(portrait(), FACE, parameters, rng()) for _ in range(2))
            np.testing.assert_array_equal(first.light, again.light)
            self.assertEqual(first.face, again.face)

    def test_screens_are_whole_and_show_the_face_where_they_say(self) -> None:
        for seed in range(30):
            surface = render_screen(portrait(), FACE, draw_screen(np.random.default_rng(seed)), rng())
            self.assertTrue(surface.emits)
            self.assertEqual((surface.light.dtype, surface.alpha.dtype), (np.float32, np.float32))
            self.assertEqual(surface.light.shape, (*surface.alpha.shape, 3))
            self.assertTrue(np.isfinite(surface.light).all() and float(surface.light.min()) >= 0)
            self.assertLessEqual(max(surface.alpha.shape), LONGEST_SIDE + 4)
            x, y = (round(value) for value in surface.face.centre)
            self.assertEqual(float(surface.alpha[y, x]), 1)

    def test_the_face_lies_where_the_box_says_within_bars_and_bezel(self) -> None:
        housing = BARE._replace(device="phone", letterbox=(0.2, 0.1), bezel=(0.05, 0.1, 0.05, 0.1))
        for pitch in (0.0, 2.5):
            surface = render_screen(portrait(), FACE, replace(PERFECT, housing=housing, pixel_pitch=pitch), rng())
            box = surface.face
            x, y = box.centre
            mouth = surface.light[round(y + 0.27 * box.height) - 3 :][:6, round(x) - 3 : round(x) + 3].mean((0, 1))
            self.assertGreater(mouth[0], 4 * mouth[1])
            self.assertAlmostEqual(box.width / box.height, FACE.width / FACE.height, delta=0.01)

    def test_a_perfect_screen_shows_the_picture(self) -> None:
        self.assertLess(np.abs(light() - to_linear(portrait())).max(), 0.03)

    def test_black_is_raised_by_the_backlight_and_white_is_cold(self) -> None:
        self.assertGreater(float(light(black=0.05).min()), float(light().min()) + 0.04)
        cold = light(white=(0.85, 1.0, 1.1)).mean((0, 1)) / light().mean((0, 1))
        self.assertGreater(cold[2], 1.2 * cold[0])

    def test_what_was_compressed_is_shown_compressed(self) -> None:
        for changes in ({"jpeg_quality": 20}, {"h264_crf": 36}, {"shown_scale": 0.4}):
            self.assertGreater(float(np.abs(light(**changes) - light()).mean()), 0.001, changes)

    def test_a_bezel_frames_the_picture_and_has_round_corners(self) -> None:
        housing = BARE._replace(device="phone", bezel=(0.05, 0.05, 0.05, 0.05), bezel_tone=(0.5, 0.5, 0.5), corner=0.08)
        surface = render_screen(portrait(), FACE, replace(PERFECT, housing=housing), rng())
        height = surface.alpha.shape[0]
        np.testing.assert_allclose(surface.light[height // 2, 5], 0.5)
        self.assertEqual((float(surface.alpha[0, 0]), float(surface.alpha[height // 2, 1])), (0, 1))

    def test_the_pixels_of_the_panel_are_seen_and_keep_its_light(self) -> None:
        for layout in ("stripe", "diamond"):
            grid = pixel_grid((600, 400), (240, 160), layout, 0.9)
            np.testing.assert_allclose(grid.mean((0, 1)), 1, atol=0.01)
            self.assertGreaterEqual(float(grid.min()), 0)
            self.assertGreater(fine_energy(light(pixel_pitch=2.5, layout=layout)), 2 * fine_energy(light()))

    def test_sub_pixels_lie_side_by_side(self) -> None:
        """Red, green and blue of a stripe are a third of a pixel apart; those of a diamond share no place."""
        stripe = pixel_grid((600, 30), (50, 30), "stripe", 1.0)[15, :12]
        self.assertEqual(stripe.argmax(0).tolist(), [1, 5, 9])
        diamond = pixel_grid((600, 600), (50, 50), "diamond", 1.0)
        self.assertLess(float(np.corrcoef(diamond[..., 0].ravel(), diamond[..., 2].ravel())[0, 1]), -0.99)

    def test_a_pixel_of_the_panel_has_one_colour(self) -> None:
        shown = shown_in_pixels(portrait(), (600, 600), (100, 100)).reshape(100, 6, 100, 6, 3)
        self.assertEqual(float(np.ptp(shown, axis=(1, 3)).max()), 0)

    def test_moire_depends_on_the_distance_of_the_camera(self) -> None:
        """Waves are as many as the camera has pixels too few or too many for the panel."""
        grid = pixel_grid((800, 800), (320, 320), "stripe", 0.9)
        for camera_pixels in (332, 345, 300):
            strengths = waves_across(grid, camera_pixels)
            self.assertEqual(int(strengths[1:60].argmax()) + 1, abs(camera_pixels - 320))
        # So near that each pixel of the panel is resolved, none are left.
        self.assertLess(float(waves_across(grid, 800)[1:60].max()), 0.1 * float(waves_across(grid, 332)[1:60].max()))

    def test_drawn_moire_has_its_period_its_strength_and_its_colours(self) -> None:
        for period in (6, 40):
            waves = moire((600, 400), period, 0.1, 0.0, 1, rng())
            spectrum = np.abs(np.fft.fft2(waves[..., 1] - 1))
            frequency = np.hypot(np.fft.fftfreq(400)[:, None], np.fft.fftfreq(600)[None, :])
            mean_frequency = float((spectrum**2 * frequency).sum() / (spectrum**2).sum())
            self.assertTrue(0.5 < mean_frequency * period < 2, mean_frequency * period)
        grey, rainbow = (moire((600, 400), 40, 0.1, colour, 1, rng()) for colour in (0.0, 1.0))
        self.assertLess(float(np.ptp(grey, axis=2).max()), 1e-5)
        self.assertGreater(float(np.ptp(rainbow, axis=2).mean()), 0.03)
        faint = moire((600, 400), 40, 0.02, 0.0, 1, rng())
        self.assertGreater(float(np.std(grey)), 4 * float(np.std(faint)))

    def test_moire_bands_and_aslant_views_are_on_the_panel(self) -> None:
        for changes in ({"moire_strength": 0.1}, {"banding_depth": 0.3}, {"falloff": 0.5}):
            factors = light(**changes)[50:-50:5, 50:-50:5, 1] / light()[50:-50:5, 50:-50:5, 1]
            self.assertGreater(float(factors.std()), 0.03, changes)
        self.assertLess(float(light(falloff=0.5).mean()), 0.9 * float(light().mean()))

    def test_a_vivid_panel_is_brighter_steeper_and_more_colourful(self) -> None:
        plain = light()
        self.assertGreater(float(light(brightness=2.0).mean()), 1.9 * float(plain.mean()))
        self.assertGreater(float(light(contrast=0.6).std()), 1.05 * float(plain.std()))
        self.assertLess(float(light(gamma=1.3).mean()), 0.9 * float(plain.mean()))
        colours = [float(np.ptp(picture, axis=2).mean()) for picture in (light(saturation=1.4), plain)]
        self.assertGreater(colours[0], 1.2 * colours[1])

    def test_lamps_only_add_light(self) -> None:
        for kind in ("lamp", "window", "tube"):
            lamp = glare((640, 480), kind, 0.3, 0.01, rng())
            self.assertEqual(lamp.shape, (480, 640))
            self.assertTrue(float(lamp.min()) >= 0 and float(lamp.max()) > 0.5, kind)
            self.assertGreater(float((light(glare=kind) - light()).mean()), 0.001, kind)
        self.assertGreater(float((light(mirror=0.1) - light()).mean()), 0.08)

    def test_bands_lie_across_and_only_darken(self) -> None:
        bands = banding((400, 600), 150, 0.3, 0.0, rng())
        self.assertTrue(0.68 < float(bands.min()) < 0.75 and float(bands.max()) <= 1)
        self.assertGreater(float(bands.mean(1).std()), 10 * float(bands.mean(0).std()))

    def test_smudges_and_bars_change_the_picture_but_not_its_box(self) -> None:
        plain = render_screen(portrait(), FACE, PERFECT, rng())
        for changes in ({"smudge": 0.15}, {"housing": BARE._replace(bars="both")}):
            other = render_screen(portrait(), FACE, replace(PERFECT, **changes), rng())
            self.assertEqual(other.face, plain.face)
            self.assertGreater(float(np.abs(other.light - plain.light).mean()), 0.002)

    def test_most_screens_are_decent(self) -> None:
        drawn = [draw_screen(np.random.default_rng(seed)) for seed in range(300)]
        self.assertTrue(
            0.4 < np.mean([p.moire_strength > 0.01 for p in drawn]) + np.mean([p.pixel_pitch > 0 for p in drawn]) < 0.85
        )
        self.assertLess(np.mean([p.glare != "none" for p in drawn]), 0.45)
        self.assertLess(np.mean([p.banding_depth > 0 for p in drawn]), 0.2)
        self.assertEqual({p.housing.device for p in drawn}, {"none", "phone", "tablet", "monitor"})
        self.assertTrue(all(0 <= min(draw_housing(np.random.default_rng(seed)).bezel) for seed in range(50)))
