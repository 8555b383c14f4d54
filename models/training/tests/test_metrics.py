import unittest

import numpy as np

from metrics import area_under_roc, bounds_by_source, equal_error_rate, separation, threshold_refusing


class MetricsTest(unittest.TestCase):
    def test_the_area_counts_pairs_and_halves_of_equal_ones(self) -> None:
        self.assertEqual(area_under_roc(np.array([3.0, 2.0]), np.array([1.0, 2.0])), 3.5 / 4)

    def test_scores_that_are_apart_have_no_error_and_reversed_ones_nothing_else(self) -> None:
        low, high = np.arange(10.0), np.arange(20.0, 30.0)
        self.assertEqual((area_under_roc(high, low), equal_error_rate(high, low)), (1.0, 0.0))
        self.assertEqual(area_under_roc(low, high), 0.0)
        self.assertGreaterEqual(equal_error_rate(low, high), 0.95)

    def test_the_operating_point_refuses_no_more_of_the_live_than_it_may(self) -> None:
        live = np.arange(100.0)
        threshold = threshold_refusing(live, 0.05)
        self.assertEqual(np.mean(live < threshold), 0.05)
        self.assertEqual(separation(live, np.array([4.0, 5.0, 6.0, -1.0])).accepted_at_5, 0.5)

    def test_bounds_are_those_of_sources_not_of_recordings(self) -> None:
        rng = np.random.default_rng(1)
        live, attacks = rng.normal(1, 1, 400), rng.normal(-1, 1, 400)
        many = bounds_by_source(live, attacks, np.arange(400), np.arange(400))
        # The same scores, as recordings of a few rooms that each differ from the others.
        order = np.argsort(attacks)
        few = bounds_by_source(live, attacks[order], np.arange(400), np.arange(400) // 100)
        width = lambda bounds: bounds["auc"][1] - bounds["auc"][0]  # noqa: E731
        self.assertGreater(width(few), 2 * width(many))


if __name__ == "__main__":
    unittest.main()
