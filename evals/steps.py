"""The time line of a trial, made of the record of its ticket."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from casino.values import Document, Value
from evals.changes import changes_of
from evals.replay import Replayed
from evals.trial import Step
from tools.record import Entry, Kind

_SHOWN: Final[Mapping[str, str]] = MappingProxyType(
    {  # what a step is called by, of the body of its entry
        Kind.PLAYER_MESSAGE: "text",
        Kind.AGENT_MESSAGE: "text",
        Kind.TRIAGE: "procedure",
        Kind.MODEL_REQUEST: "note",
        Kind.REPLY_REJECTED: "text",
        Kind.TOOL_CALL: "name",
        Kind.TOOL_RESULT: "name",
        Kind.OUTCOME: "outcome",
        Kind.EFFECT_CLAIMED: "tool",
        Kind.EFFECT_SHADOWED: "tool",
        Kind.EFFECT_SETTLED: "state",
        Kind.EFFECT_REFUSED: "code",
        Kind.DECISION_MINTED: "status",
        Kind.APPROVAL_ASKED: "tool",
        Kind.HANDED_OVER: "handoff_id",
        Kind.SUBJECT_NOTED: "subject",
        Kind.FAILURE: "why",
    }
)
_LONG: Final = frozenset({"head", "schemas", "source"})  # what the prompts were made of


def steps_of(played: Replayed) -> tuple[Step, ...]:
    """Return a step for each entry of a ticket's record, with what it changed."""
    whole = played.whole
    changed = changes_of(whole.entries, granted=played.granted, handoffs=whole.handoffs)
    return tuple(_step(entry, changes) for entry, changes in zip(whole.entries, changed, strict=True))


def _step(entry: Entry, changes: tuple[Value, ...]) -> Step:
    title = _title(entry) or entry.kind
    return Step(kind=entry.kind, at=entry.at.isoformat(), title=title, body=_body(entry), changes=changes)


def _title(entry: Entry) -> str:
    body = entry.body
    if entry.kind == Kind.MODEL_REPLY:
        return _proposed(body)
    named = body.get(_SHOWN.get(entry.kind, ""))
    said = "" if named is None else str(named)
    return f"{said}: {body.get('status')}" if entry.kind == Kind.TOOL_RESULT else said


def _proposed(body: Document) -> str:
    """Return what a model answered: its calls, or else its words."""
    calls = body.get("calls")
    names = [str(one["name"]) for one in calls if isinstance(one, dict)] if isinstance(calls, list) else []
    return f"calls {', '.join(names)}" if names else str(body.get("text") or "")


def _body(entry: Entry) -> Document:
    return {name: value for name, value in entry.body.items() if name not in _LONG}
