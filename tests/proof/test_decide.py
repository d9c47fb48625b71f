"""The generated function against the naive interpreter. A million pairs by `make proof` (CROUPIER_PROOF=full)."""

import os
from random import Random

from tests.casino.bonus.pairs import compare_all

FULL = os.environ.get("CROUPIER_PROOF") == "full"
PAIRS = 1_000_000 if FULL else 2_000
RECORDS = 0.005 if FULL else 0.02


def test_the_engine_decides_as_the_naive_interpreter() -> None:
    drawing = Random(20261122)  # noqa: S311  # reproducible, and no secret
    compare_all(drawing, pairs=PAIRS, players_of_a_set=100, records=RECORDS)
