"""Grade a kept trial again by its ticket as it is now: thresholds and expectations change without playing for them."""

from dataclasses import replace

from casino.values import Value
from evals.expect import Expected
from evals.grading.grade import NoCriteria, grade
from evals.kept import NotKept, seen_of
from evals.trial import Level, Part, Status, Trial

GRADED = frozenset({Level.CODE, Level.MODEL, Level.LIVE, Level.SIMULATED})  # L0 and L5 are judged otherwise
JUDGE = "judge"
PLAYED = frozenset({Status.PASS, Status.FAIL, Status.STALE})


class CannotGrade(Exception):  # noqa: N818  # named by what is not possible
    """A trial cannot be graded again; the message says why and how to mend it."""


def regraded(trial: Trial, expected: Expected | None) -> Trial:
    """Return a trial with every part graded anew. One that came to no verdict stays as it is, and so does a stale one.

    What a judge said is kept: nobody is asked again. Raises `CannotGrade`.
    """
    if trial.level not in GRADED:
        raise CannotGrade(f"trials of {trial.level.value} are not graded by their tickets; play them again")
    if trial.status not in PLAYED and not trial.kept:
        return trial
    try:
        parts = (*grade(expected, seen_of(trial)), *_judged(trial))
    except NoCriteria as error:
        return replace(trial, status=Status.ERROR, why=str(error), parts=())
    except NotKept as error:
        raise CannotGrade(str(error)) from error
    return replace(trial, status=_status(trial, parts), why="", parts=parts)


def _judged(trial: Trial) -> tuple[Part, ...]:
    return tuple(part for part in trial.parts if part.name == JUDGE)


def _status(trial: Trial, parts: tuple[Part, ...]) -> Status:
    if trial.divergences:
        return Status.STALE
    return Status.FAIL if any(part.gates and not part.holds for part in parts) else Status.PASS


def changed(before: Trial, after: Trial) -> dict[str, Value]:
    """Return what grading anew has changed of a trial; nothing where it is the same."""
    was, now = [*before.findings], [*after.findings]
    if before.status is after.status and was == now:
        return {}
    old, new = ({(part.name, line) for part in parts for line in part.wrong} for parts in (was, now))
    return {
        "was": before.status.value,
        "now": after.status.value,
        "gone": [f"{name}: {line}" for name, line in sorted(old - new)],
        "new": [f"{name}: {line}" for name, line in sorted(new - old)],
    }
