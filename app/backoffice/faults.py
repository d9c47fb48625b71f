"""Fault switches: make an operation slow, fail, refuse, or commit and then hang up."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.backoffice.answers import problem
from app.backoffice.exact import Json

_ID = r"[^/]+"
OPERATIONS: tuple[tuple[str, str, str], ...] = (  # operation, method, path
    ("players", "GET", r"/v1/players"),
    ("player", "GET", rf"/v1/players/{_ID}"),
    ("responsible_gaming", "GET", rf"/v1/players/{_ID}/responsible-gaming"),
    ("kyc", "GET", rf"/v1/players/{_ID}/kyc"),
    ("deposits", "GET", rf"/v1/players/{_ID}/deposits"),
    ("bonus", "POST", rf"/v1/players/{_ID}/bonus"),
    ("bonuses", "GET", r"/v1/bonuses"),
    ("templates", "GET", r"/v1/bonus-templates"),
    ("messages", "POST", r"/v1/messages"),
)
ALIASES = {"issue": "bonus"}
NAMES = tuple(operation for operation, _, _ in OPERATIONS)


class Switch(BaseModel):
    """The body of `PUT /v1/faults/{operation}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["latency", "error", "drop", "refuse"]
    latency_ms: int = Field(default=0, ge=0, le=60_000)
    times: int | None = Field(default=None, ge=1)  # None: until it is switched off


@dataclass(frozen=True, slots=True)
class Fault:
    """A switch and how often it still strikes."""

    switch: Switch
    left: int | None

    def to_json(self) -> dict[str, Json]:
        """Return the fault as it is answered."""
        return {"kind": self.switch.kind, "latency_ms": self.switch.latency_ms, "times": self.left}


class FaultBoard:
    """The switches of one running back office. Only its event loop touches them, so no lock is needed."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def put(self, operation: str, switch: Switch) -> Fault:
        """Switch a fault on."""
        fault = Fault(switch, switch.times)
        self._faults[operation] = fault
        return fault

    def clear(self) -> None:
        """Switch all faults off."""
        self._faults.clear()

    def to_json(self) -> dict[str, Json]:
        """Return all faults as they are answered."""
        return {"faults": {operation: fault.to_json() for operation, fault in self._faults.items()}}

    def strike(self, operation: str | None) -> Switch | None:
        """Return the fault that strikes now, and count it."""
        fault = None if operation is None else self._faults.get(operation)
        if operation is None or fault is None:
            return None
        if fault.left == 1:
            del self._faults[operation]
        elif fault.left is not None:
            self._faults[operation] = replace(fault, left=fault.left - 1)
        return fault.switch


@dataclass(frozen=True, slots=True)
class FaultyApp:
    """An application whose operations fail as the board says."""

    app: ASGIApp
    board: FaultBoard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with a fault where one is switched on."""
        switch = self.board.strike(operation_of(scope["method"], scope["path"]))
        if switch is not None and switch.latency_ms:
            await asyncio.sleep(switch.latency_ms / 1000)
        match None if switch is None else switch.kind:
            case "error":
                await problem(500, "internal_error", "a fault is switched on: nothing was done")(scope, receive, send)
            case "refuse":
                await problem(422, "refused", "a fault is switched on: the order was refused")(scope, receive, send)
            case "drop":
                await self.app(scope, receive, _without_body(send))
            case "latency" | None:
                await self.app(scope, receive, send)


def operation_of(method: str, path: str) -> str | None:
    """Return the operation that a request asks for, or None where it has no switch."""
    for operation, its_method, pattern in OPERATIONS:
        if method == its_method and re.fullmatch(pattern, path):
            return operation
    return None


def _without_body(send: Send) -> Send:
    """Send the head of an answer and nothing more: the server then hangs up, with the work done."""

    async def head_only(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)

    return head_only
