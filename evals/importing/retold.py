"""A model that says again what a model has said on a live ticket, question by question."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from agent.model.port import ModelDown, Proposal, ProposedCall, Request, Said
from casino.values import Document, Value
from evals.segments import RunIds, run_ids, segments_of
from tools.record import Entry, Kind

_POLICY: Final = "policy"


@dataclass(slots=True)
class RetoldModel:
    """The model port over the record of a live ticket. One for each replay.

    Ids that the live run gave itself stand in its answers; here they are those that the replay has at the same places.
    """

    entries: Sequence[Entry]
    is_llm: bool = False
    _ids: RunIds = field(init=False)
    _left: dict[int, deque[Entry]] = field(init=False)
    _chosen: deque[str | None] = field(init=False)

    def __post_init__(self) -> None:
        """Sort what was answered by the message that it belongs to."""
        left: dict[int, deque[Entry]] = {}
        said = 0
        for entry in self.entries:
            said += entry.kind == Kind.PLAYER_MESSAGE
            if entry.kind == Kind.MODEL_REPLY or _is_down(entry):
                left.setdefault(said, deque()).append(entry)
        self._left = left
        told = [one.body for one in self.entries if one.kind == Kind.TRIAGE and one.body.get("why") != "words"]
        self._chosen = deque(str(one["procedure"]) if one["why"] == "model" else None for one in told)
        named = [
            part
            for one in self.entries
            for key in ("arguments", "data")
            if one.kind in {Kind.TOOL_CALL, Kind.TOOL_RESULT} and isinstance(part := one.body.get(key), dict)
        ]
        self._ids = run_ids(named)

    @property
    def name(self) -> str:
        """The name of the model that answered."""
        replies = [one for one in self.entries if one.kind == Kind.MODEL_REPLY]
        return str(replies[-1].body["model"]) if replies else _POLICY

    async def propose(self, request: Request) -> Proposal:
        """Return what was answered to this question, or raise the `ModelDown` that was met."""
        said = sum(isinstance(turn, Said) and turn.role == "player" for turn in request.situation.turns)
        if not self._left.get(said):
            raise ModelDown("the record has no answer to this question")
        entry = self._left[said].popleft()
        if entry.kind == Kind.FAILURE:
            raise ModelDown(str(entry.body.get("why", "")))
        return _proposal(entry.body, self._ids, segments_of(request).ids)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return what was chosen, or nothing where the words decided."""
        del text
        chosen = self._chosen.popleft() if self._chosen else None
        return chosen if chosen in options else None


def _is_down(entry: Entry) -> bool:
    return entry.kind == Kind.FAILURE and entry.body.get("what") == "model"


def _proposal(body: Document, was: RunIds, now: RunIds) -> Proposal:
    calls, tokens = _list(body.get("calls")), _object(body.get("tokens"))
    text = body.get("text")
    return Proposal(
        model=str(body["model"]),
        calls=tuple(_call(_object(one), was, now) for one in calls),
        text=None if text is None else str(_as_now(text, was, now)),
        tokens_in=int(str(tokens.get("in", 0))),
        tokens_out=int(str(tokens.get("out", 0))),
        attempts=tuple(str(one) for one in _list(body.get("attempts"))),
        parameters=_object(body.get("parameters")),
        response=_object(body.get("response")),
    )


def _as_now(value: Value, was: RunIds, now: RunIds) -> Value:
    """Return a value with the ids of this run; one that the model made up stays as it is."""
    return was.within(now.within(was.without(value)))


def _call(call: Document, was: RunIds, now: RunIds) -> ProposedCall:
    confidence = call.get("confidence")
    return ProposedCall(
        name=str(call["name"]),
        arguments=_object(_as_now(_object(call.get("arguments")), was, now)),
        confidence=Decimal(str(confidence)) if confidence is not None else None,
    )


def _object(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
