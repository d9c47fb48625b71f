"""What a run that is gone on with says: which verdicts count, what is played again, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evals.run.journal import Writer, begin_run, opened_journal
from evals.run.plan import Choice, Item, plan
from evals.run.results import RunHeader
from evals.run.resumed import going_on
from evals.trial import Status
from tests.evals.run.players import HEADER, cases, trial

VERSIONS = {"croupier": "0.1.0", "model": "policy", "house": "00", "code": "11"}
WAS = replace(HEADER, versions=VERSIONS, plan="p")


def work(*tickets: str, agent: str = "ours", repeat: int = 1) -> tuple[Item, ...]:
    return plan(cases(*tickets), Choice(repeat=repeat), agent=agent)


def said(folder: Path, before: Mapping[Item, Status], today: Sequence[Item], now: RunHeader = WAS) -> str:
    """Keep what was played, and go on with what is planned today."""
    begin_run(folder, WAS)
    with Writer(folder, "here") as writer:
        for item, status in before.items():
            writer.write(item.key, trial(item, status))
    with opened_journal(folder) as journal:
        return going_on(today, journal, was=WAS, now=now)


def test_what_counts_and_what_is_still_to_come(tmp_path: Path) -> None:
    today = work("a", "b", "c", "d")
    before = dict(zip(today, (Status.PASS, Status.FAIL, Status.ERROR), strict=False))
    assert said(tmp_path / "run", before, today) == "Going on: 2 of 4 verdicts are kept, 2 are still to come"


def test_what_another_agent_came_to_is_played_again_and_why(tmp_path: Path) -> None:
    before = dict.fromkeys(work("a", "b", "c", agent="before", repeat=2), Status.PASS)
    before |= dict.fromkeys(
        work("d", agent="before"), Status.ERROR
    )  # it had no verdict, and is not played again for that
    before |= dict.fromkeys(work("a"), Status.PASS)  # somebody went on with it before
    today = work("a", "b", "d", repeat=2)
    now = replace(WAS, versions={**VERSIONS, "house": "01", "code": "12"})
    assert said(tmp_path / "run", before, today, now) == (
        "Going on: 1 of 6 verdicts are kept, 5 are still to come, 3 of them again: "
        "since the run began, the house (procedures, prompts, tools, rules) changed, the code changed"
    )


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ({"versions": {**VERSIONS, "model": "big"}}, "since the run began, model was policy, and is big"),
        (
            {"versions": {**VERSIONS, "croupier": "0.2.0"}, "plan": "q"},
            "since the run began, croupier was 0.1.0, and is 0.2.0, tickets changed",
        ),
        ({"versions": {**VERSIONS, "code": "12"}}, "since the run began, the code changed"),
        ({}, "they were played with another option, or with what has changed back since"),
    ],
)
def test_what_changed_is_named(tmp_path: Path, now: Mapping[str, object], why: str) -> None:
    before = dict.fromkeys(work("a", agent="before"), Status.STALE)
    told = said(tmp_path / "run", before, work("a"), replace(WAS, **now))
    assert told == f"Going on: 0 of 1 verdicts are kept, 1 are still to come, 1 of them again: {why}"
