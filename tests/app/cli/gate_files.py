"""A gate's file with people, and a desk that is opened on a back office of its own, for the tests of its commands."""

import json
from pathlib import Path
from typing import Any

from tests.app.cli.conftest import Croupier

SAYS = ["Can I get a bonus?", "My e-mail is anna.keller@example.com and I was born on 12 April 1990."]
PEOPLE = "people: {anna: [approver], ben: [approver], vera: [viewer]}\n"


def gate_file(folder: Path, *, mode: str = "automatic", approvers: int = 0) -> Path:
    """Write a gate's file: one policy for everything."""
    path = folder / "gate.yaml"
    path.write_text(
        f"modes: {{bonus-request: {mode}}}\n"
        f"approvals:\n  - {{name: ours, when: [\"effect.tool == 'issue_bonus'\"], approvers: {approvers}}}\n{PEOPLE}"
    )
    return path


def approvals(croupier: Croupier, *words: str) -> list[dict[str, Any]]:
    """Return what `croupier approvals list` tells a machine."""
    listed: list[dict[str, Any]] = json.loads(croupier("approvals", "list", "--json", *words).stdout)["approvals"]
    return listed


def effects(croupier: Croupier, *words: str) -> list[dict[str, Any]]:
    """Return what `croupier ledger list` tells a machine."""
    listed: list[dict[str, Any]] = json.loads(croupier("ledger", "list", "--json", *words).stdout)["effects"]
    return listed
