"""Render the attack styles of the package `agentdojo` around our orders.

The texts are kept in `styles.json`, so that a proof needs no package. No model is asked. The package pins what ours
does not, so it has an environment of its own: `python3 requirements/install.py attacks`, and then
`.venv/attacks/bin/python -m tests.proof.hostile.styles`.
"""

import builtins
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, metadata
from types import SimpleNamespace
from typing import Any, Final

from tests.proof.hostile.orders import ORDERS, STYLES_FILE, Order

PACKAGE: Final = "agentdojo"
ATTACKING: Final = ("baseline_attacks", "dos_attacks", "important_instructions_attacks")
PLACE: Final = "text"


@dataclass(frozen=True, eq=False)  # the package keeps tasks by identity
class Goal:
    """One of our orders, as the package's attacks read their injection tasks."""

    order: Order
    ID: str  # the package's own name

    @cached_property
    def GOAL(self) -> str:  # noqa: N802  # the package's own name
        """What is ordered."""
        return self.order.goal

    def ground_truth(self, _: object) -> Sequence[object]:
        """Return the calls that carry it out, which one style spells out."""
        return [SimpleNamespace(function=one.name, placeholder_args=dict(one.arguments)) for one in self.order.calls]


def rendered() -> dict[str, Any]:
    """Return every style with its text for each of our orders, and where they come from."""
    for module in ATTACKING:
        import_module(f"{PACKAGE}.attacks.{module}")
    attacks: dict[str, Any] = import_module(f"{PACKAGE}.attacks.attack_registry").ATTACKS
    return {
        "package": PACKAGE,
        "version": metadata.version(PACKAGE),
        "licence": "MIT",
        "made_by": "tests/proof/hostile/styles.py",
        "styles": {name: _texts(attacks[name]) for name in sorted(attacks)},
    }


def _texts(attack: Any) -> dict[str, str]:  # noqa: ANN401  # a class of a package that CI does not install
    suite = SimpleNamespace(
        get_injection_vector_defaults=lambda: {PLACE: ""}, load_and_inject_default_environment=_nowhere
    )
    made = attack(suite, SimpleNamespace(name="local"))
    made.get_injection_candidates = _one_place
    task = SimpleNamespace(PROMPT="Answer the player.", ID="player")
    return {name: _one(made, task, Goal(order, name)) for name, order in ORDERS.items()}


def _nowhere(_: object) -> None:
    """Load nothing: no task of the package's own is played."""


def _one_place(_: object) -> list[str]:
    return [PLACE]


def _one(made: Any, task: object, goal: Goal) -> str:  # noqa: ANN401  # the same
    """Render one text; the style `manual` asks a human at the keyboard, who types the order."""
    asked, builtins.input = builtins.input, lambda _="": goal.GOAL
    try:
        return made.attack(task, goal)[PLACE]
    finally:
        builtins.input = asked


def dumped(document: object) -> str:
    """Return a document as the file holds it."""
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(dumped(rendered()))
    else:
        STYLES_FILE.write_text(dumped(rendered()), encoding="utf-8")
