"""From a live ticket to a ticket file: rebuilt, played again with the answers that were given, and compared."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agent.house import House
from agent.run import Handled
from casino.values import Document, Value
from evals.end_state import EndState, end_state
from evals.grading.budget import mistakes
from evals.grading.seen import see
from evals.importing.invented import without_invented
from evals.importing.live import Live, span
from evals.importing.retold import RetoldModel
from evals.importing.world import rebuilt
from evals.playback import tool_divergences
from evals.record import RecordingModel, recording_of, tools_of, versions_of
from evals.recording import Desk, Recording, Redaction
from evals.replay import Replayed, players, replay
from evals.ticket import TicketError, ticket_from
from evals.trial import Status
from evals.trying import tried
from evals.whole import Whole, established
from tools.ledger import EffectState
from tools.record import Entry, Kind
from tools.world import VERIFIED

TAG: Final = "imported"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")  # a hash with figures in it may look like a phone number
_OF_OTHERS: Final = frozenset({"grantId", "handoffId", "messageId"})  # numbers that other systems give
_NO_ANSWER: Final = frozenset({"unavailable", "failed", "unknown"})  # its message is in another system's words
_INVENTED: Final = "an id such as D-1 was made up, which a replay gives itself: another stands in its place"
_COMPARED: Final = ("outcome", "procedure", "verified", "decision", "tier", "effects", "handoff", "replies")


class NotImported(Exception):  # noqa: N818  # named by what happens
    """No ticket file can be made of this live ticket; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A ticket file of a live ticket."""

    ticket: dict[str, Value]
    unlike: tuple[str, ...] = ()  # where its replay is not what really happened: then it has no recording
    notes: tuple[str, ...] = ()  # what is not on record
    wrong: tuple[str, ...] = ()  # what grading finds wrong with what really happened

    @property
    def is_faithful(self) -> bool:
        """Tell whether it plays as it really went."""
        return not self.unlike


async def imported(
    live: Live,
    house: House,
    *,
    redaction: Redaction | None = None,
    hold_order: bool = False,
    keep_personal: bool = False,
) -> Imported:
    """Make a ticket file of a live ticket. `redaction` says how it was made impersonal. Raises `NotImported`.

    Where the replay differs from what really happened the ticket has no recording: it would be one of something else.
    """
    live, is_changed = without_invented(live)
    whole = live.whole()
    end = end_of(whole)
    ticket, notes = _ticket(live, whole, end, redaction)
    notes = (*notes, _INVENTED) if is_changed else notes
    try:
        desk = _desk(whole.entries, hold_order=hold_order)
        if not _is_triaged(whole):
            notes = (*notes, *await _with_procedure(ticket, whole, house, desk))
        read = ticket_from(ticket, name=live.place)
        model = RecordingModel(model=RetoldModel(whole.entries), prompts=house.prompts)
        played = await replay(read, house, model=model, desk=desk)
    except (TicketError, ValueError) as error:
        raise NotImported(_unplayable(error, is_kept=keep_personal)) from error
    recording = _recording(model, played, house, desk)
    unlike = (*_differing(end, played.found), *_other_results(recording, whole.entries, played.whole.entries))
    if unlike:
        return Imported(ticket=ticket, unlike=tuple(dict.fromkeys(unlike)), notes=notes)
    recorded: dict[str, Value] = {**ticket, "recording": recording.document()}
    trial = await tried(ticket_from(recorded, name=live.place), house)
    wrong = () if trial.status is Status.PASS else trial.wrong or (trial.why or trial.status.value,)
    return Imported(ticket=recorded, notes=notes, wrong=tuple(wrong))


def _unplayable(error: Exception, *, is_kept: bool) -> str:
    """Say that what was rebuilt cannot be played. Why may quote somebody's data, so it is told to who keeps it."""
    what = "what was rebuilt of it cannot be played"
    more = "its reason may quote somebody; import it with --keep-personal to read it"
    return f"{what} ({type(error).__name__}): {error}" if is_kept else f"{what} ({type(error).__name__}): {more}"


def end_of(whole: Whole) -> EndState:
    """Return how a live ticket really ended. Raises `NotImported` where it has not."""
    outcomes = [
        str(one.body["outcome"])
        for one in whole.entries
        if one.kind in {Kind.TURN, Kind.OUTCOME} and one.body.get("outcome") is not None
    ]
    if not outcomes:
        raise NotImported("it has not ended yet; import it once it has")
    chosen = [str(one.body["procedure"]) for one in whole.entries if one.kind == Kind.TRIAGE]
    procedure = chosen[-1] if chosen else None
    return end_state(whole, Handled(ticket_id=whole.ticket_id, outcome=outcomes[-1], procedure=procedure))


def _ticket(
    live: Live, whole: Whole, end: EndState, redaction: Redaction | None
) -> tuple[dict[str, Value], tuple[str, ...]]:
    messages = [one for one in whole.entries if one.kind == Kind.PLAYER_MESSAGE]
    if not messages:
        raise NotImported("the player has said nothing")
    brand = str(messages[0].body["brand"])
    world = rebuilt(whole, brand=brand)
    notes = [*world.notes]
    session = _session(messages, notes)
    source: dict[str, Value] = {"kind": "production", "by": RetoldModel(whole.entries).name}
    if redaction is not None:
        source["redaction"] = {"version": redaction.version, "counts": dict(redaction.counts)}
    ticket: dict[str, Value] = {
        "schema": "ticket/1",
        "id": _id(whole.ticket_id, is_redacted=redaction is not None),
        "title": f"A live ticket: {end.procedure or 'a chosen procedure'} ends {end.outcome}",
        "brand": brand,
        "clock": span(whole)[0].isoformat(),
        **({"session": session} if session is not None else {}),
        "says": [_said(live, one, notes) for one in messages],
        "world": world.document(),
        "expect": _expected(whole, end),
        "tags": [TAG],
        "source": source,
    }
    return ticket, tuple(dict.fromkeys(notes))


async def _with_procedure(ticket: dict[str, Value], whole: Whole, house: House, desk: Desk) -> tuple[str, ...]:
    """Put in the procedure that the channel chose: the one by which the first prompt is the one that was sent.

    Returns a note where there is not exactly one.
    """
    sent = _first_prompt(whole)
    fitting: list[str] = []
    for one in house.procedures.published(str(ticket["brand"]), "chat") if sent is not None else ():
        read = ticket_from({**ticket, "procedure": one.id}, name=whole.ticket_id)
        played = await replay(read, house, model=RetoldModel(whole.entries), desk=desk)
        if _first_prompt(played.whole) == sent and not _is_triaged(played.whole):
            fitting.append(one.id)
    if len(fitting) != 1:
        return ("the channel chose the procedure, and which is not on record: add `procedure`",)
    ticket["procedure"] = fitting[0]
    return ()


def _is_triaged(whole: Whole) -> bool:
    return any(one.kind == Kind.TRIAGE for one in whole.entries)


def _first_prompt(whole: Whole) -> Value:
    """Return the sha256 of the head of the first prompt: the house's words, the procedure as it holds among them."""
    return next((one.body.get("head") for one in whole.entries if one.kind == Kind.MODEL_REQUEST), None)


def _id(name: str, *, is_redacted: bool) -> str:
    """Return the id of the ticket: its own where that is one, and says nothing that must not be said."""
    if not is_redacted and _ID.fullmatch(name):
        return name
    return f"live-{hashlib.sha256(name.encode()).hexdigest()[:12].translate(_LETTERS)}"


def _session(messages: Sequence[Entry], notes: list[str]) -> str | None:
    """Return whom the channel has signed in."""
    signed = [str(fact["player_id"]) if (fact := _first([one])) else None for one in messages]
    if len(set(signed)) > 1:
        notes.append("the channel signed somebody in on some messages only; a ticket's session is of all")
    return signed[0]


def _first(entries: Sequence[Entry]) -> Document | None:
    return next(established(entries, VERIFIED), None)


def _said(live: Live, message: Entry, notes: list[str]) -> str:
    """Return a message as it came in; what was changed on the way in is changed again in a replay."""
    as_sent = message.body.get("as_sent")
    if as_sent is None:
        return str(message.body["text"])
    if str(as_sent) in live.as_sent:
        return live.as_sent[str(as_sent)]
    notes.append(f"message {message.body['message_id']} was changed as it came in; only evidence has it as it was sent")
    return str(message.body["text"])


def _expected(whole: Whole, end: EndState) -> dict[str, Value]:
    """Return what really happened, as it is expected of a replay."""
    seen = see(whole, end)
    granted: list[Value] = [
        str(one.intent["player_id"])
        for one in whole.effects
        if one.tool == "issue_bonus" and one.state is EffectState.DONE
    ]
    refused: list[Value] = [one.told for one in seen.refused]
    made = len(mistakes(seen))
    told: dict[str, Value] = {name: value for name, value in end.document().items() if name != "replies"}
    if not end.procedure:
        del told["procedure"]
    return {
        **told,
        "granted": granted,
        **({"refused": refused} if refused else {}),
        **({"budget": {"mistakes": made}} if made else {}),
    }


def _desk(entries: Sequence[Entry], *, hold_order: bool) -> Desk:
    asked = [one.body.get("parameters") for one in entries if one.kind == Kind.MODEL_REPLY]
    in_json = any(isinstance(one, Mapping) and one.get("tool_mode") == "json" for one in asked)
    return Desk(json_mode=in_json, hold_order=hold_order)


def _recording(model: RecordingModel, played: Replayed, house: House, desk: Desk) -> Recording:
    return recording_of(
        model,
        played.whole,
        end=played.found,
        granted=players(played.granted),
        versions=versions_of(house.procedures, procedure=played.found.procedure, model=model.name),
        desk=desk,
    )


def _differing(was: EndState, now: EndState) -> Iterator[str]:
    before, after = was.document(), now.document()
    for name in _COMPARED:
        if before[name] != after[name] and (name != "procedure" or before[name]):
            yield f"its {name} " + ("differ" if name in {"effects", "replies"} else "differs")


def _other_results(recording: Recording, was: Sequence[Entry], now: Sequence[Entry]) -> Iterator[str]:
    """Say which call of a tool is another one, or came to something else."""
    really, _ = tools_of(_without_numbers(was), ())
    for one in tool_divergences(recording.model_copy(update={"tools": tuple(really)}), _without_numbers(now)):
        yield f"{one.segment}{one.pointer}: {one.kind.value}"


def _without_numbers(entries: Sequence[Entry]) -> list[Entry]:
    """Return a record without the numbers and the messages of other systems: a sandbox has its own."""
    return [replace(one, body=_without(one.body)) if one.kind == Kind.TOOL_RESULT else one for one in entries]


def _without(body: Document) -> dict[str, Value]:
    data = body.get("data")
    if body.get("status") in _NO_ANSWER and isinstance(data, dict):
        data = {"code": data.get("code")}
    kept = {name: value for name, value in data.items() if name not in _OF_OTHERS} if isinstance(data, dict) else data
    return {**body, "data": kept}
