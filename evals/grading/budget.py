"""Budget: what a ticket may cost, and how many calls may be made that should not have been."""

from decimal import Decimal

from evals.expect import Expected
from evals.grading.seen import NOT_BEGUN, Seen
from tools.legal import MISTAKES


def budget(expected: Expected, seen: Seen) -> tuple[str, ...]:
    """Return one line for each limit that was passed."""
    limit, usage = expected.budget, seen.usage
    spent: tuple[tuple[str, int | Decimal | None, int | Decimal], ...] = (
        ("model_calls", limit.model_calls, usage.model_calls),
        ("tool_calls", limit.tool_calls, usage.tool_calls),
        ("tokens", limit.tokens, usage.tokens_in + usage.tokens_out),
        ("cost", limit.cost, usage.cost),
        ("ms", limit.ms, usage.wall_ms),
    )
    lines = [
        f"{name}: at most {most}, spent were {used}" for name, most, used in spent if most is not None and used > most
    ]
    wrong = mistakes(seen)
    if len(wrong) > limit.mistakes:
        lines.append(f"mistakes: at most {limit.mistakes}, made were {len(wrong)}: {', '.join(wrong)}")
    return tuple(lines)


def mistakes(seen: Seen) -> tuple[str, ...]:
    """Return the calls that should not have been made. Effects are not among them: `state` never allows those."""
    return tuple(
        call.told
        for call in seen.calls
        if call.code in MISTAKES | {NOT_BEGUN} and not call.by_code and not seen.is_effect(call)
    )
