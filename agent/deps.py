"""What a run is given: nothing is global, nothing is read from the environment."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from agent.model.port import Model
from agent.playbook.library import Library
from agent.prompts import Prompts
from tools.ports import Ledger, Record
from tools.tool import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Budgets. A run that spends one of them ends in a clean hand-over, never in a loop."""

    steps: int = 16  # model proposals in one turn
    turns: int = 30  # player messages on one ticket; a procedure may allow fewer
    calls: int = 60  # tool calls on one ticket
    tokens: int = 200_000  # model tokens on one ticket, in and out
    message_chars: int = 8000  # of one player message


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """One desk: its tools and procedures, who proposes, where it is written down, and what time it is."""

    tools: Mapping[str, Tool[Any]]
    library: Library
    model: Model
    prompts: Prompts
    record: Record
    ledger: Ledger
    checkpointer: BaseCheckpointSaver[str]
    world: Any  # handed to the tools as it is
    clock: Callable[[], datetime]
    limits: Limits = Limits()
    verifier: str | None = None  # the tool that `verify_player: true` asks for
    escalation: str | None = None  # the tool that hands over to a human
    json_mode: bool = False
    hold_order: bool = False  # offer the next step of the procedure only, for small models
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
