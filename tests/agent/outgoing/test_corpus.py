import re
from collections import Counter
from pathlib import Path

import pytest

from agent.outgoing.check import untruth
from tests.agent.outgoing.corpus import Part, read_corpus

CORPUS = read_corpus()
AT_MOST = 0.03
REPLIES = Path("tests/agent/snapshots/replies.txt").read_text(encoding="utf-8").splitlines()


def test_the_corpus_is_large_and_has_every_language() -> None:
    assert len(CORPUS.honest) >= 300
    assert len(CORPUS.planted) >= 300
    assert min(Counter(one.language for one in CORPUS.honest).values()) >= 50
    assert len(Counter(one.language for one in CORPUS.honest)) == 6
    texts = [(one.language, one.made_of, one.text) for one in (*CORPUS.honest, *CORPUS.planted)]
    assert len(set(texts)) == len(texts)


def test_false_alarms_stay_under_three_in_a_hundred() -> None:
    tuned = [one for one in CORPUS.honest if one.part is Part.TUNED]
    assert len(CORPUS.false_alarms(Part.TUNED)) <= AT_MOST * len(tuned)


def test_misses_stay_under_three_in_a_hundred() -> None:
    tuned = [one for one in CORPUS.planted if one.part is Part.TUNED]
    assert len(CORPUS.misses(Part.TUNED)) <= AT_MOST * len(tuned)


def test_whatever_is_judged_wrongly_says_why_in_its_line() -> None:
    wrong = [one for part in Part for one in (*CORPUS.false_alarms(part), *CORPUS.misses(part))]
    listed = [one for one in (*CORPUS.honest, *CORPUS.planted) if one.stays is not None]
    assert {one.text for one in wrong} == {one.text for one in listed}


@pytest.mark.parametrize("line", [line for line in REPLIES if re.match(r"(?:told: )?(?:qualified|issued|sent)", line)])
def test_our_own_words_for_a_result_pass(line: str) -> None:
    said = line.partition(": ")[2].removeprefix("qualified, ")
    given = line.startswith("issued")
    known = ("15 free spins, Elvis Frog, BGaming, 35x wagering, HIGH_30, 0.5 EUR per spin, VIP_50, 1 EUR per spin",)
    cash = ("20 EUR in cash, 5x wagering, 12.50 EUR in cash, 2.5x wagering, 30 free spins, 10x wagering",)
    passed_on = line.startswith("sent")
    assert untruth(said, (*known, *cash), given=given, passed_on=passed_on) is None
