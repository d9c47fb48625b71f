"""All that a grader may look at: what is kept about a played ticket, read once.

Verification, decision, grant, hand-over and reply are rows. A call counts from the moment at which it is proposed: one
that the tool layer refused was still asked for, and one that was never begun too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from casino.values import Document, Value
from evals.end_state import EndState
from evals.trial import Usage
from evals.whole import Whole
from tools.catalog import CATALOG
from tools.ports import GrantOrder
from tools.record import Entry, Kind
from tools.tool import EFFECTS, Status, Tool

NOT_BEGUN = "not_begun"  # the code of a call that was proposed and never begun
ISSUE = "issue_bonus"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """One call as it stands on the record."""

    at: int  # the entry by which it began; where it never did, that of its proposal
    name: str
    arguments: Document
    by_code: bool = False  # the house's own hand-over, which no model proposed
    status: str = ""  # "" while it has no result
    code: str = NOT_BEGUN
    data: Document = field(default_factory=dict[str, Value])
    establishes: Mapping[str, Document] = field(default_factory=dict[str, Document])
    ended: int | None = None  # the entry of its result

    @property
    def succeeded(self) -> bool:
        """Tell whether it read, decided or did what was asked for."""
        return self.status in {Status.OK, Status.DONE}

    @property
    def told(self) -> str:
        """Return the call as an expectation writes it: `tool: code`."""
        return f"{self.name}: {self.code or self.status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A played ticket, as graders look at it. `see` makes one."""

    whole: Whole
    end: EndState
    calls: tuple[CallSeen, ...]
    usage: Usage
    granted: tuple[Document, ...] | None = None  # rows of the bonus system; None: they cannot be seen from here
    tools: Mapping[str, Tool[Any]] = field(default_factory=lambda: CATALOG)
    named: frozenset[str] = frozenset()  # names of bonuses, templates, games and providers that the house has
    judged: tuple[str, ...] | None = None  # what a judge found wrong; None: nobody has judged

    @property
    def refused(self) -> tuple[CallSeen, ...]:
        """Return the effects that were asked for and not let through."""
        return tuple(one for one in self.calls if self.is_effect(one) and _is_refused(one))

    def is_effect(self, call: CallSeen) -> bool:
        """Tell whether a call would change the world."""
        tool = self.tools.get(call.name)
        return tool is not None and tool.kind in EFFECTS

    def entries(self, *kinds: Kind) -> tuple[Entry, ...]:
        """Return the entries of these kinds, in order."""
        return tuple(entry for entry in self.whole.entries if entry.kind in kinds)

    def established(self, fact: str, *, before: int | None = None) -> Document | None:
        """Return the newest value of a fact that was established before an entry; None: there is none."""
        found: Document | None = None
        for entry in self.whole.entries:
            if before is not None and entry.seq >= before:
                break
            facts = entry.body.get("establishes")
            value = facts.get(fact) if isinstance(facts, dict) else None
            found = value if isinstance(value, dict) else found
        return found


def see(  # noqa: PLR0913  # each is a thing of its own that a grader may look at
    whole: Whole,
    end: EndState,
    *,
    granted: Sequence[Document] | None = None,
    usage: Usage | None = None,
    tools: Mapping[str, Tool[Any]] = CATALOG,
    named: Iterable[str] = (),
    judged: Sequence[str] | None = None,
) -> Seen:
    """Read a played ticket. Without `usage` what can be counted is counted: cost and time are 0 then."""
    return Seen(
        whole=whole,
        end=end,
        calls=calls_of(whole.entries),
        usage=usage_of(whole) if usage is None else usage,
        granted=None if granted is None else tuple(granted),
        tools=tools,
        named=frozenset(named),
        judged=None if judged is None else tuple(judged),
    )


def granted_row(order: GrantOrder) -> Document:
    """Return a grant of the bonus system as graders read it."""
    return {
        "player_id": order.player_id,
        "brand": order.brand,
        "decision_id": order.decision_id,
        "reward": dict(order.reward),
    }


def usage_of(
    whole: Whole, *, cost: Decimal = Decimal(0), cpu_ms: Decimal = Decimal(0), wall_ms: Decimal = Decimal(0)
) -> Usage:
    """Count what the record tells about the cost of a ticket; price and time are not on it."""
    replies = [entry.body.get("tokens") for entry in whole.entries if entry.kind == Kind.MODEL_REPLY]
    return Usage(
        model_calls=sum(entry.kind == Kind.MODEL_REQUEST for entry in whole.entries),
        tool_calls=sum(entry.kind == Kind.TOOL_CALL for entry in whole.entries),
        tokens_in=sum(_tokens(spent, "in") for spent in replies),
        tokens_out=sum(_tokens(spent, "out") for spent in replies),
        cost=cost,
        cpu_ms=cpu_ms,
        wall_ms=wall_ms,
    )


def _tokens(spent: Value, way: str) -> int:
    value = spent.get(way) if isinstance(spent, dict) else 0
    return value if isinstance(value, int) else 0


def _is_refused(call: CallSeen) -> bool:
    return not call.by_code and call.status in {"", Status.REFUSED}


@dataclass(slots=True)
class _Draft:
    """A call while the record is being read."""

    at: int
    name: str
    arguments: Document
    by_code: bool = False
    id: str | None = None
    result: Entry | None = None


def calls_of(entries: Sequence[Entry]) -> tuple[CallSeen, ...]:
    """Return every call that was proposed or made, in order."""
    drafts: list[_Draft] = []
    proposed: list[_Draft] = []  # of the newest proposal
    by_id: dict[str, _Draft] = {}
    for entry in entries:
        match entry.kind:
            case Kind.MODEL_REPLY:
                proposed = [_Draft(entry.seq, str(one["name"]), _object(one["arguments"])) for one in _calls(entry)]
                drafts += proposed
            case Kind.TOOL_CALL:
                _begin(entry, proposed, drafts, by_id)
            case Kind.TOOL_RESULT if (begun := by_id.get(str(entry.body["id"]))) is not None:
                begun.result = entry
            case _:
                pass
    return tuple(_seen(draft) for draft in drafts)


def _begin(entry: Entry, proposed: Sequence[_Draft], drafts: list[_Draft], by_id: dict[str, _Draft]) -> None:
    """Note that a call began: the first of its name that was proposed, or one that nobody proposed."""
    name, by_code = str(entry.body["name"]), entry.body.get("by") == "code"
    waiting = (one for one in proposed if one.name == name and one.id is None and not by_code)
    draft = next(waiting, None)
    if draft is None:
        draft = _Draft(entry.seq, name, _object(entry.body.get("arguments")), by_code=by_code)
        drafts.append(draft)
    draft.at, draft.id = entry.seq, str(entry.body["id"])
    by_id[draft.id] = draft


def _seen(draft: _Draft) -> CallSeen:
    began = CallSeen(
        at=draft.at,
        name=draft.name,
        arguments=draft.arguments,
        by_code=draft.by_code,
        code=NOT_BEGUN if draft.id is None else "",
    )
    if draft.result is None:
        return began
    body = draft.result.body
    data, facts = _object(body.get("data")), _object(body.get("establishes"))
    return CallSeen(
        at=began.at,
        name=began.name,
        arguments=began.arguments,
        by_code=began.by_code,
        status=str(body["status"]),
        code=str(data.get("code") or ""),
        data=data,
        establishes={name: _object(value) for name, value in facts.items()},
        ended=draft.result.seq,
    )


def _calls(entry: Entry) -> list[Document]:
    calls = entry.body.get("calls")
    return [one for one in calls if isinstance(one, dict)] if isinstance(calls, list) else []


def _object(value: Value) -> Document:
    return value if isinstance(value, dict) else {}
