"""False alarms and misses of the check of outgoing texts, by language and kind, on the corpus of the tests.

Run it with `python bench/outgoing.py`; it takes a second or two, and ends with 1 where a ceiling is missed on the part
that the check was tuned on. The other parts are printed as they are. `--show` prints the messages of the tuned part.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.agent.outgoing.corpus import Corpus, Message, Part, read_corpus

AT_MOST = 0.03


def _table(of: Callable[[Message], str], messages: Sequence[Message], wrong: Sequence[Message]) -> str:
    every, bad = Counter(map(of, messages)), Counter(map(of, wrong))
    return "  ".join(f"{name} {bad[name]}/{count}" for name, count in every.items())


def _print(what: str, messages: Sequence[Message], wrong: Sequence[Message]) -> float:
    share = len(wrong) / len(messages)
    print(f"  {what:<13}{len(wrong):>4} of {len(messages):>4}  {share:6.1%}")
    print(f"    by language: {_table(lambda one: one.language, messages, wrong)}")
    print(f"    by kind:     {_table(lambda one: one.kind, messages, wrong)}")
    return share


def _part(corpus: Corpus, part: Part) -> float:
    print(part.value)
    honest = [one for one in corpus.honest if one.part is part]
    planted = [one for one in corpus.planted if one.part is part]
    alarms, misses = corpus.false_alarms(part), corpus.misses(part)
    worst = max(_print("false alarms", honest, alarms), _print("misses", planted, misses))
    if part is Part.TUNED and "--show" in sys.argv:
        for one in (*alarms, *misses):
            print(f"    {one.language} {one.kind}: {one.text!r}")
    return worst


def main() -> int:
    """Print both parts and the time of one check."""
    corpus = read_corpus()
    tuned = _part(corpus, Part.TUNED)
    for part in (Part.HELD_OUT, Part.LATER):
        _part(corpus, part)
    every = (*corpus.honest, *corpus.planted)
    started = time.process_time()
    for one in every:
        corpus.refused(one)
    print(f"one check: {(time.process_time() - started) * 1000 / len(every):.2f} ms CPU")
    return int(tuned > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
