import unittest
from dataclasses import replace

import numpy as np

from recapture.print import PrintParameters, draw_print, render_print
from tests.portrait import FACE, fine_energy, portrait


def plain_print() -> PrintParameters:
    """As good a print as there is: each test spoils one thing."""
    return PrintParameters(
        technique="photo",
        monochrome=False,
        paper=(1.0, 1.0, 1.0),
        black=0.0,
        saturation=1.0,
        cast=(1.0, 1.0, 1.0),
        gamma=1.0,
        cells=70.0,
        dot_depth=0.0,
        dot_hardness=3.0,
        dot_lines=False,
        dot_rotation=0.0,
        blur=0.0,
        banding=0.0,
        fibre=0.0,
        sheen=0.0,
        sheen_size=0.5,
        curl=0.0,
        curl_upright=True,
        fold=0.0,
        border=0.0,
        cut="none",
        holes=False,
        card=False,
    )


def rendered(seed: int = 1, **changes: object) -> tuple[np.ndarray, np.ndarray]:
    surface = render_print(portrait(), FACE, replace(plain_print(), **changes), np.random.default_rng(seed))
    return surface.light, surface.alpha


class PrintTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_print(self) -> None:
        prints = []
        for seed in (5, 5, 6):
            rng = np.random.default_rng(seed)
            prints.append(render_print(portrait(), FACE, draw_print(rng), rng).light)
        np.testing.assert_array_equal(prints[0], prints[1])
        self.assertFalse(prints[0].shape == prints[2].shape and np.array_equal(prints[0], prints[2]))

    def test_every_draw_gives_finite_light_and_a_face_on_the_paper(self) -> None:
        for seed in range(40):
            rng = np.random.default_rng(seed)
            surface = render_print(portrait(), FACE, draw_print(rng), rng)
            self.assertEqual((surface.light.dtype, surface.alpha.dtype), (np.float32, np.float32))
            self.assertEqual(surface.light.shape, (*surface.alpha.shape, 3))
            self.assertTrue(np.isfinite(surface.light).all())
            self.assertTrue(0 <= surface.alpha.min() and surface.alpha.max() <= 1)
            self.assertFalse(surface.emits)
            x, y = surface.face.centre
            self.assertEqual(surface.alpha[int(y + 0.15 * surface.face.height), int(x)], 1, f"seed {seed}")

    def test_ink_reaches_neither_black_nor_the_light_of_the_room(self) -> None:
        light, _ = rendered(black=0.06, paper=(0.85, 0.85, 0.85))
        self.assertGreater(float(light.min()), 0.055)
        self.assertLess(float(light.max()), 0.86)
        best, _ = rendered()
        self.assertGreater(float(np.ptp(best)), float(np.ptp(light)) * 1.1)

    def test_halftone_adds_fine_detail_but_keeps_the_tone(self) -> None:
        smooth, _ = rendered()
        for lines in (False, True):
            dots, _ = rendered(technique="laser", dot_depth=0.6, dot_lines=lines)
            self.assertGreater(fine_energy(dots), 2 * fine_energy(smooth))
            self.assertAlmostEqual(float(dots.mean()), float(smooth.mean()), delta=0.08)

    def test_dots_are_as_far_apart_as_the_pitch(self) -> None:
        dots, _ = rendered(technique="laser", monochrome=True, dot_depth=0.8, dot_lines=True, cells=44.0)
        smooth, _ = rendered(monochrome=True)
        spectrum = np.abs(np.fft.fft2((dots - smooth)[20:148, 20:148, 1]))
        row, column = np.unravel_index(spectrum[:, :64].argmax(), (128, 64))
        cycles = np.hypot(min(row, 128 - row), column) / 128
        self.assertAlmostEqual(1 / cycles, FACE.height / 44, delta=0.4)

    def test_an_ink_jet_scatters_its_droplets(self) -> None:
        self.assertGreater(
            fine_energy(rendered(technique="inkjet", dot_depth=0.8)[0]), 1.5 * fine_energy(rendered()[0])
        )

    def test_a_monochrome_print_has_no_colour(self) -> None:
        for technique in ("photo", "laser"):
            light, _ = rendered(monochrome=True, technique=technique, dot_depth=0.5, cast=(1.2, 1.0, 0.8))
            self.assertLess(float(np.abs(light[..., 0] - light[..., 2]).max()), 1e-4)

    def test_a_head_that_is_cut_out_has_no_paper_round_it_and_holes_for_the_eyes(self) -> None:
        _, alpha = rendered(cut="head", holes=True)
        self.assertEqual(float(alpha[:, :20].max()), 0)
        x, y = FACE.centre
        for side in (-1, 1):
            self.assertEqual(alpha[int(FACE.y + 0.395 * FACE.height), int(x + side * 0.21 * FACE.width)], 0)
        self.assertEqual(alpha[int(y + 0.2 * FACE.height), int(x)], 1)

    def test_a_border_is_blank_paper(self) -> None:
        parameters = replace(plain_print(), border=0.1, paper=(0.9, 0.9, 0.9))
        surface = render_print(portrait(), FACE, parameters, np.random.default_rng(1))
        self.assertEqual(surface.alpha.shape, (644, 644))
        np.testing.assert_allclose(surface.light[:20], 0.9, atol=0.01)
        self.assertEqual(surface.face, FACE.moved(22, 22))

    def test_a_curled_sheet_takes_the_face_with_it(self) -> None:
        for upright in (True, False):
            parameters = replace(plain_print(), curl=0.9, curl_upright=upright)
            surface = render_print(portrait(), FACE, parameters, np.random.default_rng(3))
            x, y = surface.face.centre
            # The drawn mouth is where the middle of the box says that it is: redder than all round it.
            mouth = surface.light[int(y + 0.27 * surface.face.height), int(x)]
            self.assertGreater(mouth[0] / mouth[1], 4)
            self.assertNotEqual(surface.face, FACE)

    def test_a_curled_mask_takes_its_eye_holes_with_it(self) -> None:
        for upright in (True, False):
            parameters = replace(plain_print(), curl=0.9, curl_upright=upright, holes=True)
            for seed in range(4):
                surface = render_print(portrait(), FACE, parameters, np.random.default_rng(seed))
                self.assertEqual(len(surface.eyes), 2)
                for eye in surface.eyes:
                    corners = [(eye.x + eye.width * 0.15, eye.centre[1]), (eye.x + eye.width * 0.85, eye.centre[1])]
                    self.assertTrue(all(surface.alpha[int(y), int(x)] == 0 for x, y in [eye.centre, *corners]))

    def test_a_card_keeps_the_face_and_adds_its_ground(self) -> None:
        surface = render_print(portrait(), FACE, replace(plain_print(), card=True), np.random.default_rng(3))
        self.assertGreater(surface.light.shape[1], 800)
        x, y = surface.face.centre
        mouth = surface.light[int(y + 0.27 * surface.face.height), int(x)]
        self.assertGreater(mouth[0] / mouth[1], 4)
