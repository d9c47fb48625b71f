"""Where a process dies: at a named place of its path, by wrappers around what a desk was given."""

# ruff: noqa: ANN401  # it stands in front of methods of any shape

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import httpx

from agent.deps import Deps
from tools.adapters.http_bonus import HttpBonusSystem
from tools.gate.door import Gate
from tools.issue_bonus import ISSUE_BONUS
from tools.ledger import Effect, EffectState
from tools.record import Kind
from tools.tool import Call, Grounds, Intent, Result, Tool

SENDING = "http11.send_request_body.complete"  # httpcore's word for: the last byte of the order is with the system
LONGEST_S = 5.0  # that the back office may take for an order


class Marker(StrEnum):
    """A place of the path: what is named has just happened, and nothing after it."""

    TAKEN = "taken"  # the message is on the record
    CALLED = "called"  # the call is
    ASKED = "asked"  # a human was asked for approval
    VOTED = "voted"  # the human's vote is kept
    CLAIMED = "claimed"  # the ledger holds the effect
    SENT = "sent"  # the order has left, and may or may not arrive
    GRANTED = "granted"  # the back office has granted, and nobody has read its answer
    ANSWERED = "answered"  # the answer was read, and is written nowhere
    SETTLED = "settled"  # the ledger holds the outcome; the record has no result of the call
    TOLD = "told"  # the reply is on the record


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What a process does at a marker."""

    marker: Marker
    reached: Callable[[], object]  # does not come back
    office: Path  # the back office's own database: only there it shows that an order was carried out


@dataclass(frozen=True, slots=True)
class MortalStores:
    """The real stores; once a marker is reached, the process has come to its end."""

    real: Any
    end: End

    def __getattr__(self, name: str) -> Any:
        """Hand everything to the real stores, and look where that has brought us."""
        method = getattr(self.real, name)
        if not iscoroutinefunction(method):
            return method

        async def looked_at(*given: Any, **named: Any) -> Any:
            answer = await method(*given, **named)
            if _is_at(self.end.marker, (name, *given), named, answer):
                self.end.reached()
            return answer

        return looked_at


def _is_at(marker: Marker, called: Sequence[Any], named: Mapping[str, Any], answer: Any) -> bool:
    found = False
    match marker, *called:
        case (
            (Marker.TAKEN, "append", _, Kind.PLAYER_MESSAGE, _) | (Marker.ASKED, "ask", _) | (Marker.VOTED, "vote", *_)
        ):
            found = True
        case (Marker.CALLED, "append", _, Kind.TOOL_CALL, body):
            found = body["name"] == ISSUE_BONUS.name
        case (Marker.TOLD, "append", _, Kind.AGENT_MESSAGE, body):
            found = "by" not in body  # the reply of the turn, not what code says while it waits
        case (Marker.CLAIMED, "claim", effect):
            found = answer is None and effect.tool == ISSUE_BONUS.name
        case (Marker.SETTLED, "settle", key):
            found = named["state"] is EffectState.DONE and str(key).startswith("issue:")
        case _:
            pass
    return found


@dataclass(frozen=True, slots=True)
class MortalBonuses:
    """The real bonus system, whose answer may come to nobody."""

    real: HttpBonusSystem
    end: End

    def __getattr__(self, name: str) -> Any:
        """Hand everything else to the real one."""
        return getattr(self.real, name)

    async def grant(self, *given: Any, **named: Any) -> Any:
        """Grant, and perhaps come to the end before anybody hears of it."""
        answer = await self.real.grant(*given, **named)
        if self.end.marker is Marker.ANSWERED:
            self.end.reached()
        return answer


def mortal(deps: Deps, end: End) -> Deps:
    """Return the desk as a process has it that comes to its end at a marker."""
    stores, bonuses = MortalStores(deps.record, end), deps.gate.hands.bonuses
    if end.marker in {Marker.SENT, Marker.GRANTED}:
        bonuses.link.client.event_hooks = {"request": [_watching(end)]}
    hands = replace(deps.gate.hands, bonuses=MortalBonuses(bonuses, end))
    gate = replace(deps.gate, hands=hands, ledger=stores, approvals=stores, record=stores)
    return replace(deps, record=stores, gate=gate)


def _watching(end: End) -> Callable[[httpx.Request], Any]:
    """Return what comes to its end once an order has left, or once it was carried out; its answer is not read."""

    async def watch(request: httpx.Request) -> None:
        player = request.url.path.split("/")[-2]

        async def sent(name: str, _: object) -> None:
            if name == SENDING:
                if end.marker is Marker.GRANTED:
                    _await_grant(end.office, player)
                end.reached()

        if request.method == "POST" and request.url.path.endswith("/bonus"):
            request.extensions["trace"] = sent

    return watch


def _await_grant(office: Path, player_id: str) -> None:
    """Stand still until the back office has granted. The answer waits at our door and is not let in."""
    deadline = time.monotonic() + LONGEST_S
    with closing(sqlite3.connect(office, timeout=LONGEST_S)) as connection:
        while connection.execute("SELECT 1 FROM bonuses WHERE player_id = ?", (player_id,)).fetchone() is None:
            if time.monotonic() > deadline:
                raise RuntimeError("the back office has not granted")
            time.sleep(0.005)


class PerformsFirst(Gate[Any]):
    """A negative control: it acts, and writes it down afterwards."""

    async def _claimed(
        self, tool: Tool[Any], intent: Intent, call: Call[Any], grounds: Grounds, *, approval_id: str | None = None
    ) -> Result:
        row = Effect(
            key=intent.key,
            business_key=intent.business_key,
            ticket_id=call.ticket_id,
            tool=tool.name,
            intent=intent.body,
            state=EffectState.PENDING,
            outcome={},
            at=call.now,
            decision_id=intent.decision_id,
            approval_id=approval_id,
        )
        given = await self._acted(tool, row)
        await self.ledger.claim(row, terms=grounds.terms)
        return await self._settled(tool, row, given, call.now)


class RetriesBlindly(Gate[Any]):
    """A negative control: where it does not know what became of an effect, it performs it again."""

    async def _settle_doubt(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        return await self._again(tool, row, intent, call)


GATES: dict[str, type[Gate[Any]]] = {
    "shipped": Gate,
    "performs_first": PerformsFirst,
    "retries_blindly": RetriesBlindly,
}


def with_gate(deps: Deps, name: str) -> Deps:
    """Return the desk with another gate over the same parts."""
    parts = {field.name: getattr(deps.gate, field.name) for field in fields(Gate)}
    return replace(deps, gate=GATES[name](**parts))
