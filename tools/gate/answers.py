"""What the gate answers where nothing is done, and what it keeps of an intent."""

from typing import Any, Final

from casino.values import Document, Value
from tools.approvals import Approval, ApprovalState
from tools.ledger import Denied, Effect, EffectState
from tools.legal import refusal
from tools.record import ERASED, Erased
from tools.tool import Fact, Intent, Kind, Result, Status, Tool

IN_DOUBT: Final = Result(
    status=Status.UNKNOWN,
    data={"code": "outcome_unknown", "message": "it is not known whether this took effect; a human will check"},
    escalate="outcome_unknown",
)
SHADOWED: Final = Result(
    status=Status.SHADOWED,
    data={
        "code": "shadowed",
        "message": "this was written down and not done: nothing has been given or sent, so promise nothing",
    },
)
CONFIRMED: Final[Document] = {"code": "confirmed", "message": "a human has found that it took effect"}
BY_NAME: Final = "confirmed_by"  # in the outcome of an effect that humans have found
ABSENT: Final[Document] = {"code": "absent", "message": "the other side has nothing under this key"}
EXPIRED: Final = refusal("decision_expired", "what this stands on has expired; it has to be decided again")
DONE_BEFORE: Final = refusal("done_before", "this has been done before, under another key")
SILENT: Final = refusal("ticket_silent", "a human has this ticket")


def stopped(code: str, message: str) -> Result:
    """Return a refusal that a human has to look at: what was decided is not done."""
    given = refusal(code, message)
    return Result(status=given.status, data=given.data, escalate="effect_refused")


READ_ONLY: Final = stopped("read_only", "this workflow may change nothing")
BY_HAND: Final = stopped("settled_by_hand", "a human has found that this did not take effect, and has the case")
NOT_YOURS: Final = stopped("no_such_approval", "this call has asked for no such approval")


def not_approved(state: ApprovalState) -> Result:
    """Return the refusal of an effect that nobody has approved."""
    code = f"approval_{state}"
    message = "a colleague has said no" if state is ApprovalState.DENIED else "nobody has approved it in time"
    given = refusal(code, message)
    return Result(status=given.status, data=given.data, escalate=code)


def unclaimed(denied: Denied) -> Result:
    """Return the refusal of an effect that was not claimed. A spent decision is a replay and nothing to look at."""
    if denied.code == "decision_spent":
        return refusal(denied.code, denied.message)
    given = stopped(denied.code, denied.message)
    reason = "decision_unknown" if denied.code == "limit_unknown" else given.escalate
    return Result(status=given.status, data=given.data, escalate=reason)


def done(tool: Tool[Any], given: Document) -> Result:
    """Return the result of an effect that is there."""
    return Result(
        status=Status.DONE,
        data=given,
        establishes={name: Fact(value=given) for name in tool.establishes[:1]},
        spends=tool.spends,
        outcome=tool.outcome,
    )


def found(tool: Tool[Any], row: Effect) -> Result:
    """Return the result of an effect as it stands in the ledger. Who has confirmed it is not for a model to read."""
    if row.state is EffectState.FAILED:
        return stopped(str(row.outcome.get("code")), "this did not take effect")
    if row.state is not EffectState.DONE:
        return IN_DOUBT
    if [*row.outcome] != [BY_NAME]:
        return done(tool, row.outcome)
    return done(tool, CONFIRMED if tool.confirmed is None else tool.confirmed(claimed_intent(row)))


def repeats(tool: Tool[Any], row: Effect) -> bool:
    """Say whether a doubt is settled by doing it once more, so that no human has to be asked.

    The other side drops a repeated key, or it is a way to a human, which nothing may close. What is erased cannot be
    done again.
    """
    return (tool.repeatable or tool.kind is Kind.TERMINAL) and row.intent != ERASED


def kept(intent: Intent) -> dict[str, Value]:
    """Return an intent as an approval holds it: what a human sees is what is done."""
    return {
        "key": intent.key,
        "business_key": intent.business_key,
        "body": {**intent.body},
        "decision_id": intent.decision_id,
    }


def held_intent(approval: Approval) -> Intent:
    """Return the intent that an approval holds. It has no expiry: it was asked for in time.

    Raises `Erased` where it is gone, with all that was known of its ticket.
    """
    held = approval.intent
    if "business_key" not in held:
        raise Erased(approval.ticket_id)
    body, decision_id = held["body"], held.get("decision_id")
    return Intent(
        key=str(held["key"]),
        business_key=str(held["business_key"]),
        body=body if isinstance(body, dict) else {},
        decision_id=None if decision_id is None else str(decision_id),
    )


def claimed_intent(row: Effect) -> Intent:
    """Return the intent of a claimed effect."""
    return Intent(key=row.key, business_key=row.business_key, body=row.intent, decision_id=row.decision_id)
