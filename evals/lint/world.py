"""Rules for the world of a ticket, and for its recording: what the player's side must have for it to be played."""

from collections.abc import Iterator, Mapping

from casino.loaded import Path as Steps
from casino.nearest import did_you_mean
from casino.values import Document, Value
from evals.lint.finding import Remark
from evals.ticket import Ticket
from evals.words import FAULTS, OPERATIONS, PLAYER, WORLD


def world(ticket: Ticket, document: Document) -> Iterator[Remark]:
    """Yield what is wrong with the world of a ticket."""
    for key in document:
        if key not in WORLD:
            yield Remark(("world", key), f'a world has no "{key}"', did_you_mean(key, WORLD))
    yield from _faults(document.get("faults", {}))
    players = _objects(document.get("players", []))
    yield from _players(players)
    yield from _brand(ticket, players)
    yield from _strangers(ticket, {str(player.get("id")) for player in players})


def _faults(faults: Value) -> Iterator[Remark]:
    for operation, fault in faults.items() if isinstance(faults, dict) else ():
        path = ("world", "faults", operation)
        if operation not in OPERATIONS:
            yield Remark(path, f'there is no operation "{operation}"', did_you_mean(operation, OPERATIONS))
        if fault not in FAULTS:
            yield Remark(path, f'there is no fault "{fault}"', did_you_mean(str(fault), FAULTS))


def _players(players: list[Document]) -> Iterator[Remark]:
    first: dict[str, int] = {}
    for at, player in enumerate(players):
        for key in PLAYER:
            if not isinstance(player.get(key), str):
                yield Remark(("world", "players", at, key), f"the player has no `{key}`", "Write it as text.")
        name = str(player.get("id"))
        if first.setdefault(name, at) != at:
            what = f'"{name}" is the id of the player number {first[name] + 1} too'
            yield Remark(("world", "players", at, "id"), what, "Give every player an id of its own.")


def _brand(ticket: Ticket, players: list[Document]) -> Iterator[Remark]:
    """Find a world in which nobody can be verified, where the ticket does not say that nobody is."""
    brands = {str(player.get("brand")) for player in players}
    about = ticket.expect is not None and ticket.expect.verified == ""
    if brands and ticket.brand not in brands and not about:
        what = f'every player is of another brand ({", ".join(sorted(brands))}) than the chat ("{ticket.brand}")'
        yield Remark(("world", "players"), what, 'Mend the brand, or expect `verified: ""`.')


def _strangers(ticket: Ticket, known: set[str]) -> Iterator[Remark]:
    """Find ids of players that the world does not have."""
    named: list[tuple[Steps, str | None]] = [(("session",), ticket.session)]
    if ticket.expect is not None:
        named.append((("expect", "verified"), ticket.expect.verified))
        named += [(("expect", "granted", at), one) for at, one in enumerate(ticket.expect.granted or ())]
    for path, name in named:
        if name and name not in known:
            mend = did_you_mean(name, known) if known else "Add the player."
            yield Remark(path, f'the world has no player "{name}"', mend)


def recording(ticket: Ticket, procedures: Mapping[str, str]) -> Iterator[Remark]:
    """Yield where a recording is of another procedure, or of another version of it; `procedures` has their sha256."""
    recorded = ticket.recording
    name, at, version = recorded.versions.procedure.partition("@") if recorded is not None else ("", "", "")
    if not at:
        return
    path = ("recording", "versions", "procedure")
    wanted = (ticket.expect and ticket.expect.procedure) or ticket.procedure
    if wanted and wanted != name:
        mend = "Record the ticket again."
        yield Remark(path, f'it was recorded with "{name}", and the ticket is about "{wanted}"', mend, "warning")
    elif name not in procedures:
        yield Remark(path, f'there is no procedure "{name}" any more', "Record the ticket again.", "warning")
    elif version != procedures[name]:
        mend = "`croupier eval stale` tells whether that concerns it."
        yield Remark(path, f'it was recorded with another version of "{name}"', mend, "warning")


def _objects(value: Value) -> list[Document]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
