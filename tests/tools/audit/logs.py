"""Logs for tests: a few tickets, entries sealed as a store seals them, chained, and signed here and there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.audit.chain import FIRST, chained
from tools.audit.heads import Head, sign
from tools.audit.sealing import seal
from tools.record import Kind, Link

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TALK = (Kind.PLAYER_MESSAGE, Kind.TRIAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.AGENT_MESSAGE, Kind.OUTCOME)


def log(count: int, *, tickets: int = 3) -> list[Link]:
    """Return a log of so many entries, the tickets taking turns."""
    keys = [bytes([number]) * 32 for number in range(tickets)]
    links: list[Link] = []
    previous = FIRST
    for number in range(count):
        seq, turn = divmod(number, tickets)
        ticket, kind = f"t{turn + 1}", TALK[seq % len(TALK)]
        link = chained(
            id=number + 1,
            ticket=ticket,
            seq=seq + 1,
            kind=kind,
            at=(NOON + timedelta(seconds=number)).isoformat(),
            body=seal(keys[turn], f'{{"text": "entry {number}, olé"}}', ticket=ticket, seq=seq + 1, kind=kind),
            once=f"message:{number}" if kind is Kind.PLAYER_MESSAGE else None,
            previous=previous,
        )
        links.append(link)
        previous = link.hash
    return links


def signed(links: Sequence[Link], *places: int, key: Ed25519PrivateKey = KEY) -> list[Head]:
    """Return the heads of a log as they were signed when it had so many lines, a day after each other."""
    return [sign(links[place - 1], key, at=NOON + timedelta(days=day)) for day, place in enumerate(places, 1)]
