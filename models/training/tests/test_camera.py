import unittest
from dataclasses import replace

import cv2
import numpy as np

from recapture.camera import CameraParameters, disc, draw_camera, draw_mild_camera, line, take, take_again, tone_curve
from recapture.surface import to_linear
from tests.portrait import fine_energy, portrait

# A camera that changes nothing: what a test turns on is all that there is.
PERFECT = CameraParameters(
    metering=0.0,
    exposure_error=0.0,
    grey_world=0.0,
    white_error=(0.0, 0.0),
    scale=1.0,
    defocus=0.0,
    disc=False,
    motion=(0.0, 0.0),
    vignetting=0.0,
    flare=0.0,
    shot_noise=0.0,
    read_noise=0.0,
    chroma_noise=0.0,
    denoise="none",
    contrast=0.0,
    gamma=1.0,
    lift=0.0,
    saturation=1.0,
    sharpening=0.0,
    sharpening_radius=1.0,
    jpeg_quality=0,
    h264_crf=0,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def shot(**changes: object) -> np.ndarray:
    """A picture of the drawn portrait by a camera that is perfect but for the changes."""
    return shot_of(picture(), **changes)


def shot_of(shown: np.ndarray, **changes: object) -> np.ndarray:
    return take_again(shown, replace(PERFECT, **changes), rng()).astype(float)


def picture() -> np.ndarray:
    return np.rint(portrait()[80:480, 100:500] * 255).astype(np.uint8)


class CameraTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_picture(self) -> None:
        light = to_linear(portrait())
        for seed in range(12):
            parameters = draw_camera(np.random.default_rng(seed))
            self.assertEqual(parameters, draw_camera(np.random.default_rng(seed)))
            first, again = take(light, parameters, rng()), take(light, parameters, rng())
            np.testing.assert_array_equal(first, again)
            self.assertEqual((first.shape, first.dtype), (light.shape, np.uint8))

    def test_a_perfect_camera_changes_nothing(self) -> None:
        self.assertLess(np.abs(shot() - picture()).max(), 3)

    def test_leaves_the_light_as_it_was(self) -> None:
        light = to_linear(portrait())
        before = light.copy()
        for seed in range(8):
            take(light, draw_camera(np.random.default_rng(seed)), rng())
        np.testing.assert_array_equal(light, before)

    def test_dim_and_bright_scenes_are_exposed_alike(self) -> None:
        light = to_linear(portrait())
        dim, bright = (take(light * np.float32(gain), PERFECT, rng()).mean() for gain in (0.25, 4))
        self.assertLess(abs(dim - bright), 6)

    def test_metering_the_middle_burns_out_a_small_screen_less(self) -> None:
        light = np.full((240, 320, 3), 0.02, np.float32)
        light[60:180, 80:240] = 0.6
        whole, middle = (
            take(light, replace(PERFECT, metering=metering), rng())[120, 160, 0] for metering in (0.0, 1.0)
        )
        self.assertGreater(whole, 200)
        self.assertLess(middle, 140)

    def test_white_balance_takes_a_cold_screen_towards_grey(self) -> None:
        light = np.full((60, 80, 3), (0.2, 0.25, 0.35), np.float32)
        cold, balanced = (
            np.ptp(take(light, replace(PERFECT, grey_world=by), rng())[30, 40].astype(float)) for by in (0, 0.8)
        )
        self.assertGreater(cold, 2.5 * balanced)

    def test_blur_noise_and_sharpening_act_on_fine_detail(self) -> None:
        plain = fine_energy(shot())
        self.assertLess(fine_energy(shot(defocus=2.5)), 0.7 * plain)
        self.assertLess(fine_energy(shot(defocus=2.5, disc=True)), 0.7 * plain)
        self.assertLess(fine_energy(shot(motion=(6.0, 0.3))), 0.85 * plain)
        self.assertLess(fine_energy(shot(scale=0.5)), 0.9 * plain)
        self.assertGreater(fine_energy(shot(sharpening=1.0)), 1.3 * plain)
        self.assertGreater(fine_energy(shot(shot_noise=0.03, read_noise=0.003)), 1.1 * plain)

    def test_denoising_takes_noise_away(self) -> None:
        noisy = {"shot_noise": 0.02, "read_noise": 0.002}
        for denoise in ("median", "bilateral"):
            self.assertLess(fine_energy(shot(denoise=denoise, **noisy)), 0.95 * fine_energy(shot(**noisy)))

    def test_noise_grows_with_light(self) -> None:
        parameters = replace(PERFECT, shot_noise=0.02)
        dark, light = (
            np.std(
                to_linear(take_again(np.full((80, 80, 3), tone, np.uint8), parameters, rng()).astype(np.float32) / 255)
            )
            for tone in (60, 200)
        )
        self.assertGreater(light, 2 * dark)

    def test_errors_of_exposure_and_of_white_are_what_was_drawn(self) -> None:
        self.assertGreater(shot(exposure_error=0.4).mean(), shot().mean() + 15)
        warm = shot(white_error=(0.2, -0.2)).mean((0, 1)) - shot().mean((0, 1))
        self.assertTrue(warm[0] > 3 and abs(warm[1]) < 1 and warm[2] < -3, warm)

    def test_saturation_spreads_colours(self) -> None:
        spread = [float(np.ptp(shot(saturation=saturation), axis=2).mean()) for saturation in (0.5, 1.0, 1.5)]
        self.assertTrue(spread[1] > 1.6 * spread[0] and spread[2] > 1.3 * spread[1], spread)

    def test_a_wide_lens_blurs_to_a_disc_with_a_rim(self) -> None:
        dot = np.zeros((41, 41, 3), np.uint8)
        dot[20, 20] = 255
        row, bell = (shot_of(dot, defocus=3.0, disc=disc_shaped)[20, :, 1] for disc_shaped in (True, False))
        # As bright near its rim as in its middle; a bell is not.
        self.assertLess(abs(row[22] - row[20]), 3)
        self.assertGreater(bell[20] - bell[22], 8)

    def test_pictures_are_coded_as_drawn(self) -> None:
        for changes in ({"jpeg_quality": 30}, {"h264_crf": 36}):
            self.assertGreater(float(np.abs(shot(**changes) - shot()).mean()), 0.2, changes)

    def test_corners_are_darker_than_the_middle(self) -> None:
        flat = np.full((100, 100, 3), 150, np.uint8)
        seen = take_again(flat, replace(PERFECT, vignetting=0.5), rng())
        self.assertGreater(int(seen[50, 50, 0]), int(seen[1, 1, 0]) + 30)

    def test_flare_raises_black(self) -> None:
        self.assertGreater(shot(flare=0.1).min(), shot().min() + 20)

    def test_kernels_keep_the_light(self) -> None:
        for kernel in (disc(1.3), disc(3.0), line(5.5, 0.7)):
            self.assertAlmostEqual(float(kernel.sum()), 1, places=5)
        # A line is longer than it is wide.
        across = line(7, 0.0)
        self.assertGreater(across.sum(0).astype(bool).sum(), 2 * (across.sum(1) > 0.01).sum())

    def test_tone_curves_rise(self) -> None:
        for contrast in (-0.4, 0.0, 0.9):
            curve = tone_curve(contrast, 1.1, 0.03).astype(int)
            self.assertTrue((np.diff(curve) >= 0).all())
            self.assertEqual((curve[0], curve[-1]), (8, 255))
        steep, flat = tone_curve(0.8, 1, 0).astype(int), tone_curve(-0.4, 1, 0).astype(int)
        self.assertGreater(steep[160] - steep[96], flat[160] - flat[96] + 20)

    def test_a_mild_camera_bends_tones_less_and_codes_alike(self) -> None:
        seen = picture()
        shift = {}
        for name, draw in (("any", draw_camera), ("mild", draw_mild_camera)):
            drawn = [draw(np.random.default_rng(seed)) for seed in range(150)]
            shift[name] = np.mean(
                [abs(cv2.mean(take_again(seen, p, rng()))[1] - cv2.mean(seen)[1]) for p in drawn[:40]]
            )
            # Whether a picture was coded, and how, must not tell attack from life.
            self.assertTrue(0.1 < np.mean([p.h264_crf > 0 for p in drawn]) < 0.3)
            self.assertTrue(65 < np.median([p.jpeg_quality for p in drawn if p.jpeg_quality]) < 80)
        self.assertLess(shift["mild"], 0.7 * shift["any"])
