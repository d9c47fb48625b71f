"""Where a ticket stands, read from its state: the procedure in force, what is legal, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from agent.deps import Deps
from agent.details import fill, heard_since_answer
from agent.memory.conversation import player_words, this_turn
from agent.model.port import Answered, Turn
from agent.playbook.bind import bind
from agent.playbook.procedure import Procedure
from agent.playbook.resolve import Live, for_brand, steps
from agent.state import State, document_of, facts_of
from casino.clock import CasinoTime
from casino.facts import NO_COMPUTED, Facts
from tools.declined import Wish, can_be_declined, held_back, newest_wish
from tools.legal import live, needing, why_not
from tools.spoken import wants_human
from tools.tool import Fact, Tool

SUB_PROCEDURE = "procedure_"
BINDING = frozenset({"action", "context", "procedure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One look at a ticket."""

    procedure: Procedure
    known: Facts  # what its conditionals may read
    actions: tuple[str, ...]  # what its decided steps ask for, in order
    bound: Mapping[str, Tool[Any]]  # what the procedure may ever use
    legal: Mapping[str, Tool[Any]]  # what may be called now
    facts: Mapping[str, Fact]
    turns: tuple[Turn, ...]
    today: date
    phase: str  # "verify" until the player is verified where the procedure asks for it, else "converse"
    next_action: str | None  # the step that is due and possible
    asked_for_human: bool
    missing: tuple[str, ...]  # details that the verifier still needs from the player
    named_fields: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """The player's own words, oldest first."""
        return player_words(self.turns)


def look(state: State, deps: Deps, turns: tuple[Turn, ...]) -> Standing:
    """Return where the ticket stands now."""
    own = for_brand(_procedure(state, deps), state["brand"])
    procedure, wanted = _bind(own, deps)
    facts = live(facts_of(state), deps.clock())
    known = Facts.of(document_of(state)).seen(at=CasinoTime(deps.clock()), computed=NO_COMPUTED)
    said, today = player_words(turns), deps.clock().date()
    bound = {name: tool for name, tool in deps.tools.items() if name in wanted}
    declined = _declined(bound, said)
    bound = {name: held_back(tool) if name in declined.tools else tool for name, tool in bound.items()}
    legal = {name: tool for name, tool in bound.items() if why_not(tool, facts, state["locked"]) is None}
    verifier = _due_verifier(procedure, state, deps, facts)
    if verifier is not None:
        legal = {name: tool for name, tool in legal.items() if name in {verifier.name, deps.escalation}}
    actions = _actions(procedure, state["brand"], known)
    asked = _asked_for_human(deps.escalation, legal, turns)
    if verifier is not None:
        due = _due_again(verifier, facts, turns, today)
    else:
        due = _due(declined.left_of(actions), legal, state, turns)
    asks = verifier is not None and (bool(due) or not declined.everything)
    return Standing(
        procedure=procedure,
        known=known,
        actions=actions,
        bound=bound,
        legal=legal,
        facts=facts,
        turns=turns,
        today=today,
        phase="verify" if asks else "converse",
        next_action=next((name for name in (*asked, *due) if not fill(legal[name], facts, said, today).missing), None),
        asked_for_human=bool(asked),
        missing=fill(verifier, facts, said, today).missing if verifier is not None and asks else (),
        named_fields=_named_fields(procedure),
    )


class _Declined(NamedTuple):
    """What the player's newest words forbid: these tools, or everything that the procedure would do."""

    tools: frozenset[str]
    everything: bool

    def left_of(self, actions: Sequence[str]) -> tuple[str, ...]:
        """Return the actions that are still wanted."""
        return () if self.everything else tuple(name for name in actions if name not in self.tools)


def _declined(bound: Mapping[str, Tool[Any]], said: tuple[str, ...]) -> _Declined:
    """Return what is declined of a procedure that gives something; the others go on whatever is said of a bonus."""
    giving = frozenset(name for name, tool in bound.items() if can_be_declined(tool))
    wish = newest_wish(said) if giving else None
    if wish not in {Wish.NONE, Wish.KNOW}:
        return _Declined(frozenset(), everything=False)
    return _Declined(giving, everything=wish is Wish.NONE)


def _procedure(state: State, deps: Deps) -> Procedure:
    name = state["procedure"]
    return deps.procedures.by_id.get(name or "", deps.procedures.fallback)


def _bind(procedure: Procedure, deps: Deps) -> tuple[Procedure, set[str]]:
    """Bind the mentions; built-in tools, sub-procedures and the verifier come along."""
    verifier = deps.tools.get(deps.verifier or "")
    verified = None if verifier is None else verifier.establishes[0]
    bound = bind(procedure, needing(deps.tools, verified))
    wanted = set(bound.tools) | {name for name, tool in deps.tools.items() if tool.built_in}
    wanted |= {_action(mention.kind, mention.id) for mention in procedure.mentions if mention.kind == "procedure"}
    if bound.procedure.verify_player and verifier is not None:
        wanted.add(verifier.name)
    return bound.procedure, wanted


def _due_verifier(procedure: Procedure, state: State, deps: Deps, facts: Mapping[str, Fact]) -> Tool[Any] | None:
    """Return the verifier where the procedure asks for a verified player and there is none yet."""
    verifier = deps.tools.get(deps.verifier or "")
    if verifier is None or not procedure.verify_player or verifier.name in state["locked"]:
        return None
    return None if verifier.establishes[0] in facts else verifier


def _actions(procedure: Procedure, brand: str, known: Facts) -> tuple[str, ...]:
    """Return the actions of the steps that hold now, up to the first undecided conditional."""
    found: list[str] = []
    for one in steps(procedure, brand, known):
        if not isinstance(one, Live):
            break
        found += [_action(mention.kind, mention.id) for mention in one.mentions if mention.kind in BINDING]
    return tuple(dict.fromkeys(found))


def _action(kind: str, name: str) -> str:
    return f"{SUB_PROCEDURE}{name}" if kind == "procedure" else name


def _asked_for_human(escalation: str | None, legal: Mapping[str, Tool[Any]], turns: tuple[Turn, ...]) -> list[str]:
    """Return the way to a human where the player's newest words ask for one: that goes before every step."""
    newest = player_words(turns)[-1:]
    return [escalation] if escalation in legal and escalation is not None and any(map(_wants_human, newest)) else []


@lru_cache(maxsize=64)
def _wants_human(text: str) -> bool:
    return wants_human(text)  # asked at every step of a turn


def _due(actions: Sequence[str], legal: Mapping[str, Tool[Any]], state: State, turns: tuple[Turn, ...]) -> list[str]:
    """Return the actions that are legal, not done, and not answered with a refusal in this turn."""
    answered = {turn.name for turn in this_turn(turns) if isinstance(turn, Answered)}
    return [name for name in actions if name in legal and name not in state["done"] and name not in answered]


def _due_again(verifier: Tool[Any], facts: Mapping[str, Fact], turns: tuple[Turn, ...], today: date) -> list[str]:
    """Return the verifier where the player has said something new for it."""
    missing = fill(verifier, facts, player_words(turns), today).missing
    ready = not missing and heard_since_answer(verifier, turns, today)
    return [verifier.name] if ready else []


def _named_fields(procedure: Procedure) -> tuple[str, ...]:
    """Return the fields that the procedure names: all that a model may see of them."""
    return tuple(dict.fromkeys(mention.id for mention in procedure.mentions if mention.kind == "field"))
