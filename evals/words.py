"""The words that a ticket may use, written down: to import what they mean takes longer than all of a lint.

A test holds each of them against the place that decides: the catalogue of tools, the ledger, the world in memory.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

ToolKind: TypeAlias = Literal["read", "decide", "write", "terminal"]
TOOLS: Final[Mapping[str, ToolKind]] = MappingProxyType(
    {
        "verify_player_identity": "decide",
        "qualify_for_bonus": "decide",
        "issue_bonus": "write",
        "inform_player": "decide",
        "send_external_message": "write",
        "transfer_to_live_agent": "terminal",
        "player_profile": "read",
        "player_balance": "read",
        "deposit_history": "read",
        "kyc_status": "read",
    }
)
EFFECTS: Final = frozenset({"write", "terminal"})  # kinds of tools that change the world
SUB_PROCEDURE: Final = "procedure_"  # begins the name of a procedure that is called like a tool
DECISIONS: Final = ("qualified", "not_qualified", "vetoed", "unknown")
HANDOFFS: Final = (  # why a human took over
    *("player_request", "procedure", "cannot_help", "player_protection", "verification_failed"),
    *("decision_unknown", "system_unavailable", "outcome_unknown", "effect_refused"),
    *("approval_denied", "approval_expired", "approval_withdrawn", "budget_spent", "system_failure", "model_failed"),
)
STATES: Final = ("pending", "done", "failed", "unknown", "shadowed")  # of an effect
OPERATIONS: Final = (
    *("players", "player", "responsible_gaming", "kyc", "deposits"),
    *("templates", "bonus", "bonuses", "messages"),
)
FAULTS: Final = ("error", "drop", "refuse", "unavailable", "access_refused")
WORLD: Final = ("players", "templates", "faults")  # the keys of a world
PLAYER: Final = ("id", "brand", "email", "country", "currency")  # what a player of a world must have
EQUIVALENT: Final = "equivalent.yaml"  # beside the tickets: mutants that no grading could tell from the gold
