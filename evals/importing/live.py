"""Live tickets as they are exported: by `croupier tickets show ID --json` or `croupier audit evidence`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from casino.document import load_json
from casino.loaded import DocumentError
from casino.values import Document, Value
from evals.packs import PackError, each_written, is_pack
from evals.whole import Whole
from tools.ledger import Effect, EffectState
from tools.ports import StoredDecision
from tools.record import ERASED, Entry, Kind

# What of an export is needed; the chain of the log and the words of prompts are not.
_NEEDED: Final = ("ticket", "entries", "decisions", "effects", "handoffs")


class LiveError(Exception):
    """An export cannot be used; the message says where, why and how to mend it."""


class _Export(BaseModel):
    """A part of an export. Evidence tells more of everything than is needed here."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Entry(_Export):
    seq: int
    kind: str
    at: AwareDatetime
    body: dict[str, Any]


class _Decision(_Export):
    decision_id: str
    player_id: str
    decided_at: AwareDatetime
    expires_at: AwareDatetime
    record: dict[str, Any]


class _Effect(_Export):
    key: str
    business_key: str
    tool: str
    state: EffectState
    decision_id: str | None = None
    approval_id: str | None = None
    intent: dict[str, Any]
    outcome: dict[str, Any]
    at: AwareDatetime


class _Ticket(_Export):
    ticket: str
    entries: tuple[_Entry, ...] = Field(min_length=1)
    decisions: tuple[_Decision, ...] = ()
    effects: tuple[_Effect, ...] = ()
    handoffs: tuple[dict[str, Any], ...] = ()
    texts: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A live ticket, and where its export stands."""

    place: str
    document: Document  # what of the export is needed
    as_sent: Mapping[str, str] = field(default_factory=dict[str, str])  # messages as they came in, by sha256

    @property
    def entries(self) -> Sequence[Entry]:
        """Return its record."""
        return self.whole().entries

    def whole(self) -> Whole:
        """Return all that is kept about it."""
        ticket = _Ticket.model_validate(dict(self.document))
        name = ticket.ticket
        return Whole(
            ticket_id=name,
            entries=[
                Entry(ticket_id=name, seq=one.seq, kind=one.kind, at=one.at, body=one.body) for one in ticket.entries
            ],
            decisions={one.decision_id: _stored(one, name) for one in ticket.decisions},
            effects=[_done(one, name) for one in ticket.effects],
            handoffs=ticket.handoffs,
        )


def read_live(file: Path) -> list[Live]:
    """Read every live ticket of an export: JSON, or JSONL with one on each line. Raises `LiveError`."""
    try:
        found = [one for place, text in _documents(file) for one in _tickets(place, text)]
    except PackError as error:
        raise LiveError(str(error)) from error
    if not found:
        raise LiveError(f"{file}: there is no ticket in it; export one with `croupier tickets show ID --json`")
    return found


def _documents(file: Path) -> Iterator[tuple[str, Value]]:
    for place, written in each_written(file):
        try:
            yield place.shown, load_json(written.decode(), name=place.shown).value
        except UnicodeDecodeError as error:
            raise LiveError(f"{place.shown}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
        except DocumentError as error:
            mend = "" if is_pack(file) else " Where it has one ticket on each line, name it *.jsonl."
            raise LiveError(f"{error}{mend}") from error


def _tickets(place: str, value: Value) -> Iterator[Live]:
    """Yield the tickets of a document: one, several in a list, or those of an evidence file."""
    match value:
        case list():
            for at, one in enumerate(value):
                yield from _tickets(f"{place}: /{at}", one)
        case {"tickets": list(tickets)}:
            for at, one in enumerate(tickets):
                yield from _tickets(f"{place}: /tickets/{at}", one)
        case {"ticket": str(), "entries": list()}:
            yield _live(place, value)
        case _:
            what = "an object with `ticket` and `entries`, as `croupier tickets show ID --json` writes it, is expected"
            raise LiveError(f"{place}: this is no live ticket; {what}")


def _live(place: str, value: Document) -> Live:
    try:
        ticket = _Ticket.model_validate(dict(value))
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        raise LiveError(f"{place}: /{where}: {first['msg'].lower()}; export the ticket again") from error
    if any(one.kind == Kind.ERASED or one.body == ERASED for one in ticket.entries):
        raise LiveError(f"{place}: the ticket was erased; there is nothing to import")
    sent = {str(one.body["as_sent"]) for one in ticket.entries if "as_sent" in one.body}
    as_sent = {sha256: text for sha256, text in ticket.texts.items() if sha256 in sent}
    needed: dict[str, Value] = {name: value[name] for name in _NEEDED if name in value}
    return Live(place=place, document=needed, as_sent=as_sent)


def _stored(one: _Decision, ticket: str) -> StoredDecision:
    """Return a decision; what its row repeats stands in its record too."""
    told = one.record
    return StoredDecision(
        decision_id=one.decision_id,
        ticket_id=ticket,
        player_id=one.player_id,
        brand=str(told.get("brand", "")),
        status=str(told.get("status", "")),
        configuration=told.get("configuration"),
        configuration_hash=str(told.get("configuration_hash", "")),
        tier=told.get("tier"),
        reward=told.get("reward"),
        record=told,
        decided_at=one.decided_at,
        expires_at=one.expires_at,
    )


def _done(one: _Effect, ticket: str) -> Effect:
    return Effect(
        key=one.key,
        business_key=one.business_key,
        ticket_id=ticket,
        tool=one.tool,
        intent=one.intent,
        state=one.state,
        outcome=one.outcome,
        at=one.at,
        decision_id=one.decision_id,
        approval_id=one.approval_id,
    )


def span(whole: Whole) -> tuple[datetime, datetime]:
    """Return the moments of the first and of the last entry."""
    return whole.entries[0].at, whole.entries[-1].at
