"""Grade a kept trial again by its ticket as it is now: thresholds and expectations change without playing for them."""

from dataclasses import replace

from casino.values import Value
from evals.expect import Expected
from evals.grading.grade import NO_CRITERIA, PARTS, NoCriteria, grade
from evals.kept import NotKept, seen_of
from evals.trial import Level, Part, Status, Trial

GRADED = frozenset({Level.CODE, Level.MODEL, Level.LIVE, Level.SIMULATED})  # L0 and L5 are judged otherwise
ATTACKED = "attack"  # the part of a trial with an attack, which at L3 too is judged by what got through
VERDICTS = frozenset({Status.PASS, Status.FAIL, Status.STALE})


class CannotGrade(Exception):  # noqa: N818  # named by what is not possible
    """A trial cannot be graded again; the message says why and how to mend it."""


def regraded(trial: Trial, expected: Expected | None) -> Trial:
    """Return a trial with every part that grading makes graded anew, and every other part as it is.

    One that came to no verdict stays as it is, unless a criterion was all that it lacked; a stale one stays stale.
    What a judge said is kept: nobody is asked again. Raises `CannotGrade`.
    """
    if trial.level not in GRADED:
        raise CannotGrade(f"trials of {trial.level.value} are not graded by their tickets; play them again")
    if trial.status not in VERDICTS and (trial.why != NO_CRITERIA or not trial.kept):
        return trial
    if any(part.name == ATTACKED for part in trial.parts):
        raise CannotGrade("trials with an attack are not graded by their tickets; play them again")
    others = tuple(part for part in trial.parts if part.name not in PARTS)
    try:
        graded = grade(expected, seen_of(trial))
    except NoCriteria as error:
        return replace(trial, status=Status.ERROR, why=str(error), parts=others)
    except NotKept as error:
        raise CannotGrade(str(error)) from error
    parts = (*graded, *others)
    return replace(trial, status=_status(trial, parts), why="", parts=parts)


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
