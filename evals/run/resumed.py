"""What becomes of a kept run that is gone on with: which verdicts count, what is played again, and why."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from evals.run.journal import Journal, opened_trials
from evals.run.plan import Item
from evals.run.results import RunHeader

_HASHED: Final = {"house": "the house (procedures, prompts, tools, rules)", "code": "the code"}
_NAMED: Final = ("croupier", "model")


def going_on(items: Sequence[Item], journal: Journal, *, was: RunHeader, now: RunHeader) -> str:
    """Say in one line what a run goes on with. `was` is what the kept run was asked, `now` what it is with today."""
    left = [item for item in items if not _has_verdict(item, journal)]
    again = 0
    if left:
        earlier = {*_judged_otherwise(items, journal)}
        again = sum((item.case.ticket, item.repeat) in earlier for item in left)
    why = f", {again} of them again: {_changed(was, now)}" if again else ""
    kept = len(items) - len(left)
    return f"Going on: {kept} of {len(items)} verdicts are kept, {len(left)} are still to come{why}"


def _has_verdict(item: Item, journal: Journal) -> bool:
    one = journal.kept.played.get(item.key)
    return one is not None and one.has_verdict


def _judged_otherwise(items: Sequence[Item], journal: Journal) -> Iterator[tuple[str, int]]:
    """Yield the ticket and the repeat of every verdict that was kept and does not count."""
    planned = {item.key for item in items}
    with opened_trials() as trials:
        for key, one in journal.kept.played.items():
            if one.has_verdict and key not in planned:
                told: dict[str, Any] = json.loads(trials.text(one))
                yield str(told["ticket"]), int(told["repeat"])


def _changed(was: RunHeader, now: RunHeader) -> str:
    """Say what is another than when the run began; what the header does not hold are options, such as --controls."""
    before, today = was.versions, now.versions
    others = {name for name in (*_NAMED, *_HASHED) if before.get(name) != today.get(name)}
    changed = [f"{name} was {before.get(name)}, and is {today.get(name)}" for name in _NAMED if name in others]
    changed += [f"{words} changed" for name, words in _HASHED.items() if name in others]
    changed += ["tickets changed"] if was.plan not in {"", now.plan} else []
    if not changed:
        return "they were played with another option, or with what has changed back since"
    return f"since the run began, {', '.join(changed)}"
