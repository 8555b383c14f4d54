import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import numpy as np

from faces import read_faces
from simulated import KINDS_OF_LIVE, LOG, MASK_SIDE, MOST_PER_PORTRAIT, Order, backdrop_of, class_of, draw_orders, make
from tests.exported import write_portraits
from tests.portrait import FACE, portrait
from views import CROP_SIDE, Box

PORTRAITS = [
    ("many", "live", 5),
    ("few", "image:live", 1),
    ("attacks", "spoof_replay_phone", 3),
    ("press", "identity:one", 2),
]
CROP_BYTES, MASK_BYTES = CROP_SIDE * CROP_SIDE * 3, MASK_SIDE * MASK_SIDE
FILES = ("faces.rgb", "masks.u8", LOG)


class SimulatedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.exported = write_portraits(cls.folder / "exported", PORTRAITS)
        # Two of each kind, none of which needs a codec: what is tested is the order of things.
        cls.orders = [order for order in draw_orders(cls.exported, 6, 1) if order.source in ("few", "attacks")]
        cls.orders = [order for order in cls.orders if order.kind != "screen"][:5]
        cls.whole = cls.folder / "whole"
        make(cls.exported, cls.whole, cls.orders, 2)

    def orders_by_source(self, per_source: int, seed: int = 1) -> dict[str, list[Order]]:
        found: dict[str, list[Order]] = {}
        for order in draw_orders(self.exported, per_source, seed):
            found.setdefault(order.source, []).append(order)
        return found

    def test_the_same_seed_gives_the_same_orders_and_another_seed_others(self) -> None:
        self.assertEqual(draw_orders(self.exported, 30, 1), draw_orders(self.exported, 30, 1))
        seeds, others = ({order.seed for order in draw_orders(self.exported, 30, seed)} for seed in (1, 2))
        self.assertEqual(seeds & others, set())
        self.assertEqual(len(seeds), len(draw_orders(self.exported, 30, 1)))

    def test_more_orders_keep_those_before(self) -> None:
        fewer, more = self.orders_by_source(12), self.orders_by_source(30)
        for source, orders in fewer.items():
            self.assertEqual(more[source][: len(orders)], orders, source)
            self.assertGreater(len(more[source]), len(orders))

    def test_every_source_gives_as_many_however_many_portraits_it_has(self) -> None:
        counts = {source: len(orders) for source, orders in self.orders_by_source(30).items()}
        # Of attacks one kind is made, of live three; press photographs show many people.
        self.assertEqual(counts, {"many": 30, "few": 30, "attacks": 10, "press": 60})
        used = {order.portrait for order in self.orders_by_source(30)["many"]}
        self.assertEqual(len(used), 5)
        self.assertEqual(len(self.orders_by_source(500)["few"]), MOST_PER_PORTRAIT)

    def test_attacks_are_taken_again_alone_and_stay_attacks(self) -> None:
        orders = self.orders_by_source(30)
        made = {source: Counter((order.kind, order.label) for order in of) for source, of in orders.items()}
        self.assertEqual(made["attacks"], {("again", "again:recapture"): 10})
        kinds = {("print", "print:recapture"): 10, ("screen", "screen:recapture"): 10, ("again", "again:live"): 10}
        self.assertEqual(made["many"], kinds)
        self.assertEqual({kind for kind, _ in made["press"]}, set(KINDS_OF_LIVE))

    def test_what_nobody_calls_live_is_no_live_portrait(self) -> None:
        labels = ("live", "image:live", "identity:x", "image:spoof_print", "spoof_faceswap_crude")
        self.assertEqual([class_of(x) for x in labels], ["live", "live", "press", "recapture", "recapture"])

    def test_pictures_say_of_whom_they_are_and_what_they_are(self) -> None:
        faces, crops = read_faces(self.whole)
        self.assertEqual(crops.shape, (5, CROP_SIDE, CROP_SIDE, 3))
        for face, order, crop in zip(faces, self.orders, crops):
            self.assertEqual((face.file, face.source), (order.portrait, order.source))
            self.assertEqual(face.label, f"simulated:{order.label}")
            self.assertGreater(float(np.std(crop)), 5)
        masks = np.frombuffer((self.whole / "masks.u8").read_bytes(), np.uint8).reshape(5, -1)
        printed = np.array([order.kind == "print" for order in self.orders])
        self.assertTrue(printed.any() and not printed.all())
        np.testing.assert_array_equal(masks.max(1) > 0, printed)

    def cut_off(self, crops: float, masks: float, lines: float) -> Path:
        """As a run leaves it that was ended anywhere: buffers are written at different times, and not at their ends."""
        folder = self.folder / f"cut-{crops}-{masks}-{lines}"
        folder.mkdir()
        log = (self.whole / LOG).read_bytes()
        ends = [0, *(i + 1 for i, byte in enumerate(log) if byte == ord("\n"))]
        middle = (ends[int(lines)] + ends[min(int(lines) + 1, len(ends) - 1)]) // 2
        stops = (int(crops * CROP_BYTES), int(masks * MASK_BYTES), middle if lines % 1 else ends[int(lines)])
        for name, stop in zip(FILES, stops):
            (folder / name).write_bytes((self.whole / name).read_bytes()[:stop])
        return folder

    def test_gone_on_with_after_any_cut_it_is_what_one_run_makes(self) -> None:
        for cut in ((4, 4, 4), (3.5, 5, 5), (5, 4.3, 5), (5, 5, 3.5)):
            folder = self.cut_off(*cut)
            make(self.exported, folder, self.orders, 1)
            for name in FILES:
                self.assertEqual((folder / name).read_bytes(), (self.whole / name).read_bytes(), f"{cut} {name}")

    def test_what_is_whole_is_not_made_again(self) -> None:
        folder = self.cut_off(5, 5, 5)
        before = [(folder / name).read_bytes() for name in FILES]
        # Were one of them made, there would be no portrait to make it of.
        make(self.folder / "nowhere", folder, self.orders, 1)
        self.assertEqual([(folder / name).read_bytes() for name in FILES], before)

    def test_a_backdrop_is_a_piece_of_the_same_room_without_the_face(self) -> None:
        picture, rng = portrait(), np.random.default_rng(1)
        picture[:, int(FACE.x) : int(FACE.x + FACE.width)] = 9.0
        for _ in range(8):
            self.assertLess(float(backdrop_of(picture, Box(*FACE), rng).max()), 9)
        # Nothing but a face in it: no more than its tones are left.
        blurred = backdrop_of(portrait(), Box(20, 20, 560, 560), rng)
        self.assertEqual(blurred.shape, portrait().shape)
        self.assertLess(float(np.abs(np.diff(blurred, axis=1)).max()), 0.02)

    def test_parameters_are_kept_beside_every_picture(self) -> None:
        rows = [json.loads(line) for line in (self.whole / LOG).read_text().splitlines()]
        self.assertTrue(all(row["parameters"] for row in rows))
        self.assertEqual({row["seconds"] for row in rows}, {0})


if __name__ == "__main__":
    unittest.main()
