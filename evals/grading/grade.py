"""Grade: every part, always, in the same order."""

from typing import Final

from evals.expect import Expected
from evals.grading.budget import budget
from evals.grading.order import order
from evals.grading.provenance import provenance
from evals.grading.seen import Seen
from evals.grading.state import state
from evals.grading.text import text
from evals.trial import Part

NO_CRITERIA = "expect: missing; a ticket without criteria proves nothing"
PARTS: Final = frozenset({"state", "order", "provenance", "text", "budget"})  # that the ticket alone decides


class NoCriteria(Exception):  # noqa: N818  # named by what is missing
    """A ticket expects nothing, so it cannot be graded: it is an error, and no pass."""


def grade(expected: Expected | None, seen: Seen) -> tuple[Part, ...]:
    """Return every part of the grading of a played ticket. Raises `NoCriteria` where there is nothing to grade by.

    A judge's part never gates; without a judge there is none, since an unjudged ticket must not look like a good one.
    """
    if expected is None:
        raise NoCriteria(NO_CRITERIA)
    parts = (
        Part(name="state", wrong=state(expected, seen)),
        Part(name="order", wrong=order(expected, seen)),
        Part(name="provenance", wrong=provenance(expected, seen)),
        Part(name="text", wrong=text(expected, seen)),
        Part(name="budget", wrong=budget(expected, seen)),
    )
    return parts if seen.judged is None else (*parts, Part(name="judge", wrong=seen.judged, gates=False))
