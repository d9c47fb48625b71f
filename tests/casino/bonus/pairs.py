"""One pair of configurations and player, decided in every way there is, and compared."""

from collections import Counter
from random import Random

from casino.bonus.compiled.program import Program
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.decide import Compact, Decision, Status, decide
from casino.bonus.replay import replay
from casino.document import canonical_json, load_json
from casino.facts import Facts
from casino.values import Value
from tests.casino.bonus.drawn_pairs import NOW, draw_player, draw_set
from tests.casino.bonus.naive import naive


def compare_all(random: Random, *, pairs: int, players_of_a_set: int, records: float = 0.05) -> Counter[str]:
    """Compare many pairs, and count how they were decided; of some, also the records."""
    seen: Counter[str] = Counter()
    for _ in range(pairs // players_of_a_set):
        configurations = draw_set(random)
        program = Program(configurations.configurations)
        for _ in range(players_of_a_set):
            document = draw_player(random)
            decision = compare(configurations, program, document)
            seen[decision.status] += 1
            seen["compiled"] += isinstance(decision.read, Compact)
            if random.random() < records:
                check_record(configurations, decision)
    return seen


def compare(configurations: ConfigurationSet, program: Program, document: dict[str, Value]) -> Decision:
    facts = Facts.of(document)
    decision = decide(configurations, facts, brand="b", now=NOW)
    granted = decision.status is Status.QUALIFIED
    choice = decision.status.value, decision.configuration if granted else None, decision.tier
    wanted = naive(configurations.configurations, facts.tree, facts.unavailable, now=NOW)
    assert choice == wanted, (configurations, document)
    end = None if facts.unavailable else program.decide(facts.tree, NOW)
    if end is not None and decision.status is not Status.VETOED:
        assert end == decision.end, (configurations, document)
    return decision


def check_record(configurations: ConfigurationSet, decision: Decision) -> None:
    """A decision made again from its record, as JSON keeps it, is the same one byte for byte, trace and all."""
    written = canonical_json(decision.record())
    lean = load_json(canonical_json(decision.lean_record()), name="record").value
    assert isinstance(lean, dict)
    again = replay(lean, configurations)
    assert canonical_json(again.record()) == written
    assert canonical_json(again.lean_record()) == canonical_json(decision.lean_record())
    assert canonical_json(again.trace.to_document()) == canonical_json(decision.trace_document())
    assert decision.trace_document() == decision.trace.to_document()
    assert decision.status == decision.story.status
    assert decision.end == decision.story.end
