"""One hash for all that a trial depends on: whatever changes, changes it, and nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.playbook.collection import Library
from agent.prompts import read_prompts
from agent.settings import read_settings, shipped
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import Packs
from evals.run.digest import agent_digest, case_of, code_digest, comparable, house_digest, house_segments
from evals.ticket import read_ticket
from tools.gate.rules import Mode

TICKET = Path("evals/tickets/demo/1-issued.json")


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def test_the_same_house_has_the_same_digest(house: House) -> None:
    assert house_digest(read_house(read_settings({}))) == house_digest(house)


def test_what_has_no_order_is_written_in_one() -> None:
    words = [f"word-{number}" for number in range(10)]  # their order in a set is another one in every process
    assert comparable(frozenset(words)) == words
    assert comparable({"b": {2, 1}, "a": Mode.SHADOW}) == {"b": [1, 2], "a": "shadow"}


def test_what_has_no_one_spelling_is_refused() -> None:
    with pytest.raises(TypeError, match="a object has no one spelling"):
        comparable(object())


def test_every_part_of_a_house_has_a_segment(house: House) -> None:
    segments = house_segments(house)
    kinds = {name.partition("/")[0] for name in segments}
    assert kinds == {"procedure", "prompt", "tool", "bonuses", "jurisdictions", "gate"}
    assert {len(sha) for sha in segments.values()} == {64}
    assert len({sha for name, sha in segments.items() if name.startswith("tool/")}) > 10


def _other_procedure(house: House) -> House:
    first, *others = house.procedures.procedures
    changed = replace(first, source=first.source + "\nBe kind.\n")
    library = Library((changed, *others), {**house.procedures.by_id, changed.id: changed}, house.procedures.fallback)
    return replace(house, procedures=library)


def _other_mode(house: House) -> House:
    rules = house.gate_rules
    return replace(house, gate_rules=replace(rules, modes={**rules.modes, "another": Mode.SHADOW}))


def _without_law(house: House) -> House:
    return replace(house, packs=Packs())


def _without_bonuses(house: House) -> House:
    return replace(house, configurations=ConfigurationSet(()))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (_other_procedure, "procedure"),
        (_other_mode, "gate"),
        (_without_law, "jurisdictions"),
        (_without_bonuses, "bonuses"),
    ],
)
def test_a_change_shows_in_its_segment_and_in_no_other(
    house: House, change: Callable[[House], House], kind: str
) -> None:
    before, after = house_segments(house), house_segments(change(house))
    assert [name.partition("/")[0] for name in before if before[name] != after[name]] == [kind]
    assert house_digest(change(house)) != house_digest(house)


def test_a_changed_prompt_shows(house: House, tmp_path: Path) -> None:
    (tmp_path / "note.j2").write_text("Another note.")
    changed = replace(house, prompts=read_prompts(tmp_path, shipped("prompts")))
    before, after = house_segments(house), house_segments(changed)
    assert [name for name in before if before[name] != after[name]] == ["prompt/note.j2"]


def test_the_content_of_a_ticket_is_what_it_says_not_how_it_is_written(tmp_path: Path) -> None:
    text = TICKET.read_text("utf-8")
    spaced, changed = tmp_path / "spaced.json", tmp_path / "changed.json"
    spaced.write_text(text.replace("\n", "\n  "))
    changed.write_text(text.replace('"title": "', '"title": "Another: '))
    shipped_case = case_of(replace(read_ticket(TICKET), offset=3))
    assert (shipped_case.tags, shipped_case.offset, shipped_case.file) == ((), 3, str(TICKET))
    assert case_of(read_ticket(spaced)).content == shipped_case.content
    assert case_of(read_ticket(changed)).content != shipped_case.content


def test_the_agent_is_its_house_its_code_its_model_and_how_that_is_asked() -> None:
    digests = [
        agent_digest(house="h", code="c", model="m"),
        agent_digest(house="x", code="c", model="m"),
        agent_digest(house="h", code="x", model="m"),
        agent_digest(house="h", code="c", model="x"),
        agent_digest(house="h", code="c", model="m", parameters={"temperature": 0}),
    ]
    assert len(set(digests)) == len(digests)
    assert agent_digest(house="h", code="c", model="m", parameters={}) == digests[0]


def test_the_code_has_one_digest() -> None:
    assert code_digest() == code_digest()


def test_a_ticket_with_a_section_attack_is_one_however_it_is_tagged() -> None:
    read = read_ticket(Path("evals/tickets/attacks/ticket-text").glob("*.json").__next__())
    untagged = replace(read, ticket=read.ticket.model_copy(update={"tags": ("bonus",)}))
    assert case_of(untagged).tags == ("bonus", "attack")
    tagged = replace(read, ticket=read.ticket.model_copy(update={"tags": ("attack", "bonus")}))
    assert case_of(tagged).tags == ("attack", "bonus")
    plain = read_ticket(TICKET)
    assert case_of(plain).tags == plain.ticket.tags
