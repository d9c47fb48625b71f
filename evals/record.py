"""Record a ticket: keep every question to the model with its answer, and what came of them. Nothing else gets in.

What a recording holds is listed field by field. A header, a key or whatever else an endpoint or a client hands over is
in none of the lists, so it reaches no file; and what looks like a key in the model's own words is hidden from the desk
too, so that the replay of the ticket asks what the recording asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Final

from agent.house import House
from agent.model.policy import PolicyModel
from agent.model.port import Model, ModelDown, Proposal, ProposedCall, Request, Said, Turn
from agent.model.response import HIDDEN, known_fields, reworded, rewritten
from agent.playbook.collection import Library
from agent.prompts import Prompts
from agent.sandbox import sandbox_desk
from casino.values import Value
from evals.end_state import EndState, end_state
from evals.play import play
from evals.recording import Desk, Exchange, RecordedCall, Recording, Response, ToolExchange, Versions
from evals.recording import Final as Ended
from evals.segments import Node, RunIds, Segments, nfc, normal, run_ids, segments_of, segments_of_choice, sha256_of
from evals.ticket import Read
from evals.whole import Stores, Whole, read_whole
from tools.ledger import Effect
from tools.record import Entry, Kind

_PARAMETERS: Final = ("model", "tool_mode", "temperature", "top_p", "max_tokens", "seed", "tool_choice")
_CREDENTIAL: Final = re.compile(
    r"(?i)\bbearer\s+[^\s\"']+|\bbasic\s+(?=[^\s\"']*(?:[\d=+/]|(?-i:[a-z][A-Z])))[^\s\"']{8,}"  # no "basic conditions"
    r"|\b(?:sk|pk|key|ghp|xox[a-z])[-_][\w-]{8,}"
    r"|(?<=://)[^/\s@]+@"
    r"|\b(?:api[-_ ]?key|authorization|token|secret|password)\b[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic)\s+)?[^\s\"',]+"
)


@dataclass(slots=True, kw_only=True)
class RecordingModel:
    """Passes every question on and keeps it with what came of it. One for each ticket."""

    model: Model
    prompts: Prompts
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    texts: dict[str, str] = field(default_factory=dict[str, str])  # by sha256

    @property
    def name(self) -> str:
        """The name of the model that answers."""
        return self.model.name

    @property
    def is_llm(self) -> bool:
        """Whether a language model answers."""
        return self.model.is_llm

    async def propose(self, request: Request) -> Proposal:
        """Return the model's proposal without what looks like a key, or raise its `ModelDown`; both are kept."""
        asked = segments_of(request)
        turn = _turn_of(request.prompt.turns)
        self._date_choices(turn)
        try:
            proposal = reworded(await self.model.propose(request), without_credentials)
        except ModelDown as error:
            self._keep(asked, turn, down=without_credentials(str(error)))
            raise
        self._keep(asked, turn, response=_response(proposal, asked.ids))
        return proposal

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the model's choice, or raise its `ModelDown`; both are kept."""
        asked = segments_of_choice(text, options, route=route_of(self.prompts, options))
        turn = self.exchanges[-1].turn + 1 if self.exchanges else 1
        try:
            chosen = await self.model.choose(text, options)
        except ModelDown as error:
            self._keep(asked, turn, down=without_credentials(str(error)))
            raise
        self._keep(asked, turn, chosen=chosen)
        return chosen

    def _keep(
        self,
        asked: Segments,
        turn: int,
        *,
        response: Response | None = None,
        chosen: str | None = None,
        down: str | None = None,
    ) -> None:
        self.texts.update(asked.texts)
        self.exchanges.append(
            Exchange(
                n=len(self.exchanges) + 1,
                turn=turn,
                node=asked.node,
                segments=dict(asked.hashes),
                key=asked.key,
                response=response,
                chosen=chosen,
                down=None if down is None else down or "the model was down",
            )
        )

    def _date_choices(self, turn: int) -> None:
        """Give the choices before a question its message: a choice is asked without the conversation."""
        for at in range(len(self.exchanges) - 1, -1, -1):
            if self.exchanges[at].node != _CHOOSE:
                return
            self.exchanges[at] = self.exchanges[at].model_copy(update={"turn": turn})


NATIVE: Final = Desk()
_CHOOSE: Final[Node] = "choose"
_THINK: Final[Node] = "think"
_SYSTEM_FAILURE: Final = "system_failure"
_BROKE: Final = f"something broke, and the desk handed the ticket over ({_SYSTEM_FAILURE})"


def route_of(prompts: Prompts, options: Mapping[str, str]) -> str:
    """Return the prompt in which these options are shown to a language model."""
    return prompts.render("route.j2", {"options": options})


def _turn_of(turns: Sequence[Turn]) -> int:
    return sum(isinstance(one, Said) and one.role == "player" for one in turns)


def without_credentials(text: str) -> str:
    """Return a text without what looks like a key: nobody vouches for what a model says, or what is in an exception."""
    return _CREDENTIAL.sub(HIDDEN, nfc(text))


def _response(proposal: Proposal, ids: RunIds) -> Response:
    parameters = {name: proposal.parameters[name] for name in _PARAMETERS if name in proposal.parameters}
    return Response(
        model=proposal.model,
        calls=tuple(_call(one, ids) for one in proposal.calls),
        text=None if proposal.text is None else str(ids.without(nfc(proposal.text))),
        tokens_in=proposal.tokens_in,
        tokens_out=proposal.tokens_out,
        attempts=tuple(without_credentials(one) for one in proposal.attempts),
        parameters={name: normal(value) for name, value in parameters.items() if not isinstance(value, list | dict)},
        response=_object(ids.without(normal(rewritten(known_fields(proposal.response), without_credentials)))),
    )


def _call(call: ProposedCall, ids: RunIds) -> RecordedCall:
    arguments = _object(ids.without(normal(call.arguments)))
    return RecordedCall(name=nfc(call.name), arguments=arguments, confidence=call.confidence)


def _object(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def recording_of(
    recorded: RecordingModel,
    whole: Whole,
    *,
    end: EndState,
    granted: Sequence[str],
    versions: Versions,
    desk: Desk = NATIVE,
) -> Recording:
    """Return the section of what was played: `whole` is all that is kept of it, and `end` what it came to.

    Raises ValueError where the ticket was erased.
    """
    calls, ids = tools_of(whole.entries, recorded.exchanges)
    effects = [_object(ids.without(normal(_effect(one)))) for one in whole.effects]
    return Recording(
        versions=versions,
        desk=desk,
        segments=dict(recorded.texts),
        exchanges=tuple(recorded.exchanges),
        tools=tuple(calls),
        final=Ended(end=end.document(), effects=tuple(effects), granted=tuple(granted), replies=end.replies),
    )


def _effect(effect: Effect) -> dict[str, Value]:
    told = {"tool": effect.tool, "state": effect.state.value}
    return {**told, "intent": dict(effect.intent), "outcome": dict(effect.outcome)}


def tools_of(entries: Sequence[Entry], exchanges: Sequence[Exchange]) -> tuple[list[ToolExchange], RunIds]:
    """Return each call with its newest result, in the order of the calls; one that still waits is left out.

    Raises ValueError where the ticket was erased.
    """
    if any(entry.kind == Kind.ERASED for entry in entries):
        raise ValueError("the ticket was erased, so it cannot be recorded; play another")
    asked = _asked_in(entries, exchanges)
    results = {str(entry.body["id"]): entry for entry in entries if entry.kind == Kind.TOOL_RESULT}
    calls = [entry for entry in entries if entry.kind == Kind.TOOL_CALL and str(entry.body["id"]) in results]
    said = [(_object(one.body["arguments"]), _object(results[str(one.body["id"])].body["data"])) for one in calls]
    ids = run_ids([part for both in said for part in both])
    return [
        ToolExchange(
            n=number,
            exchange=asked.get(call.seq, 0),
            name=str(call.body["name"]),
            arguments=_object(ids.without(normal(arguments))),
            status=str(results[str(call.body["id"])].body["status"]),
            data=_object(ids.without(normal(data))),
            at=results[str(call.body["id"])].at.isoformat(),
        )
        for number, (call, (arguments, data)) in enumerate(zip(calls, said, strict=True), start=1)
    ], ids


def _asked_in(entries: Sequence[Entry], exchanges: Sequence[Exchange]) -> dict[int, int]:
    """Return the question to the model for each entry of a call that the model proposed."""
    thought = iter([one for one in exchanges if one.node == _THINK])
    asked: Exchange | None = None
    found: dict[int, int] = {}
    for entry in entries:
        if entry.kind == Kind.MODEL_REQUEST:
            asked = next(thought, None)
        elif entry.kind == Kind.TOOL_CALL and asked is not None and entry.body.get("by") != "code":
            found[entry.seq] = asked.n
    return found


def broken(recording: Recording) -> str | None:
    """Return why a recording is none of its model: it was down, or the desk broke. None where it can be kept."""
    downs = (one.down for one in recording.exchanges if one.down is not None)
    failure = _BROKE if recording.final.end.get("handoff") == _SYSTEM_FAILURE else None
    return next(downs, failure)


def versions_of(procedures: Library, *, procedure: str, model: str) -> Versions:
    """Return what a ticket was recorded with."""
    own = procedures.by_id.get(procedure)
    return Versions(
        croupier=version("croupier"),
        procedure="" if own is None else f"{procedure}@{sha256_of(own.source)}",
        model=model,
    )


async def record(read: Read, house: House, *, model: Model | None = None, desk: Desk = NATIVE) -> Recording:
    """Play a ticket in a sandbox with a model (without one, the built-in policy model) and return its recording."""
    ticket = read.ticket
    recorded = RecordingModel(model=model or PolicyModel(house.prompts), prompts=house.prompts)
    sandbox = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=recorded)
    deps = replace(sandbox.deps, json_mode=desk.json_mode, hold_order=desk.hold_order)
    _, closed = await play(ticket, deps, deps.world, ticket_id=ticket.id)
    kept = sandbox.stores
    whole = await read_whole(ticket.id, Stores(record=kept, ledger=kept, decisions=kept, desk=kept))
    end = end_state(whole, closed)
    return recording_of(
        recorded,
        whole,
        end=end,
        granted=[grant.order.player_id for grant in sandbox.world.grants],
        versions=versions_of(house.procedures, procedure=end.procedure, model=recorded.name),
        desk=desk,
    )
