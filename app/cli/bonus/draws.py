"""Many players drawn at random: how their decisions end, one example of each end, and what was never hit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.bonus.trial import Trial
from app.cli.exits import Exit, Stopped
from app.cli.trace import LONGEST_VALUE, clipped
from casino.bonus.decide import Decision
from casino.bonus.players.drawn import random_players
from casino.bonus.told.steps import trace_of
from casino.document import Writable
from casino.facts import SAFETY_FLAGS, Facts, Found, SafetyFacts
from casino.rules.condition import literal
from casino.values import Document, Value

End: TypeAlias = tuple[str, str | None, str | None]  # status, configuration, tier
Rule: TypeAlias = tuple[str, str, str]  # configuration, stage, condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of the players that were drawn."""

    players: int
    seed: int
    ends: Mapping[End, int]
    examples: Mapping[End, Document]  # the first player of each end
    reads: frozenset[str]  # the fields that the configurations in force read
    rules: Mapping[Rule, Mapping[str, int]]  # how often each condition ended in yes, no and unknown

    def document(self) -> dict[str, Writable]:
        """Return it for a machine."""
        return {
            "players": self.players,
            "seed": self.seed,
            "outcomes": [
                {**_named(end), "count": count, "example": dict(self.examples[end])} for end, count in self.sorted()
            ],
            "conditions": [
                {"configuration": where, "stage": stage, "condition": rule, **counts}
                for (where, stage, rule), counts in self.rules.items()
            ],
            "oneSided": [{"configuration": one[0], "stage": one[1], "condition": one[2]} for one in self.one_sided()],
        }

    def sorted(self) -> list[tuple[End, int]]:
        """Return the ends, the most frequent first."""
        return sorted(self.ends.items(), key=lambda item: (-item[1], str(item[0])))

    def one_sided(self) -> list[Rule]:
        """Return the conditions that were never met, or never failed: look at them again, or draw more players."""
        return [rule for rule, counts in self.rules.items() if not (counts["yes"] and counts["no"])]


def _named(end: End) -> dict[str, Value]:
    return dict(zip(("status", "configuration", "tier"), end, strict=True))


def drawn(trial: Trial, count: int, *, seed: int) -> Drawn:
    """Draw players at the boundaries of the configurations in force, and decide for each."""
    in_force = trial.configurations.in_force(brand=trial.brand, now=trial.now)
    if not in_force:
        mend = "name another one with --brand, or another moment with --at"
        message = f"no configuration is in force for the brand {trial.brand} at {trial.now.isoformat()}; {mend}"
        raise Stopped(message, Exit.USAGE)
    places = sorted({rule.jurisdiction for rule in trial.bonuses.packs.rules})
    ends: Counter[End] = Counter()
    examples: dict[End, Document] = {}
    rules: dict[Rule, Counter[str]] = {}
    for player in random_players(
        in_force, count, seed=seed, now=trial.now, catalogue=trial.bonuses.catalogue, places=places
    ):
        decision = trial.decide(player)
        end = (decision.status.value, decision.configuration, decision.tier)
        ends[end] += 1
        examples.setdefault(end, player)
        _count(decision, rules)
    return Drawn(players=count, seed=seed, ends=ends, examples=examples, reads=trial.reads(), rules=rules)


def _count(decision: Decision, rules: dict[Rule, Counter[str]]) -> None:
    for configuration in trace_of({"trace": decision.trace_document()}).all_of("configuration"):
        for stage in configuration.children:
            name = f"tier {stage.label}" if stage.kind == "tier" else stage.kind
            for step in stage.conditions():
                rules.setdefault((configuration.label, name, step.label), Counter())[step.verdict] += 1


def show_drawn(console: Console, found: Drawn) -> None:
    """Show the ends with an example each, and what was hit on one side only."""
    table = Table("decision", "configuration", "tier", "players", title=f"{found.players} players, seed {found.seed}")
    for (status, configuration, tier), count in found.sorted():
        table.add_row(status, configuration or "", tier or "", str(count))
    console.print(table)
    for (status, configuration, tier), _ in found.sorted():
        where = " · ".join(word for word in (status, configuration, tier) if word)
        seen = ", ".join(_seen(found.examples[status, configuration, tier], found.reads))
        console.print(Text.assemble((f"{where}, for example: ", "bold"), seen or "a player as any other"))
    for where, stage, rule in found.one_sided():
        counts = found.rules[where, stage, rule]
        side = "never failed" if counts["yes"] else "was never met"
        console.print(Text(f"{where}, {stage}: {rule} {side} ({sum(counts.values())} players)", style="yellow"))


def _seen(player: Document, reads: frozenset[str]) -> Iterator[str]:
    """Yield what the configurations read of a player, and what stands against every bonus."""
    facts = Facts.of(player)
    for path in sorted(reads):
        look = facts.look(path)
        yield f"{path} {clipped(literal(look.value), LONGEST_VALUE) if isinstance(look, Found) else look.value}"
    for name, look in SafetyFacts.of(facts).looks.items():
        if not isinstance(look, Found) or (name in SAFETY_FLAGS and look.value is not False):
            yield f"safety.{name} {literal(look.value) if isinstance(look, Found) else look.value}"
