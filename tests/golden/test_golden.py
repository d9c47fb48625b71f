"""The examples of the manual as cases that an author can read: what stands in the YAML files is what the engine says.

A case names a `rule` with players under each outcome, or `configurations` with a player and what is expected.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casino.analysis.analyse import analyse
from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.decide import Decision, decide
from casino.bonus.told.steps import trace_of
from casino.document import dump_json, load_yaml
from casino.facts import SAFETY_FLAGS, Facts
from casino.fields.catalogue import OPEN
from casino.loaded import Loaded
from casino.values import Document, Value
from casino.verdict import Outcome

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAFE: Document = {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 34}
SPINS: Document = {"type": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}
OF_DECISION = {"configuration", "tier", "because"}


def mapping(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def listed(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


def cases() -> Iterator[tuple[str, Document, Document]]:
    """Yield the name of every case, its file and the case."""
    for file in sorted(HERE.glob("*.yaml")):
        whole = mapping(load_yaml(file.read_text("utf-8"), name=file.name).value)
        for case in map(mapping, listed(whole["cases"])):
            yield f"{file.stem}: {case['case']}", whole, case


EVERY = list(cases())


def of(kind: str) -> pytest.MarkDecorator:
    """Parametrize over the cases that have a key."""
    some = [(whole, case) for _, whole, case in EVERY if kind in case]
    names = [name for name, _, case in EVERY if kind in case]
    return pytest.mark.parametrize(("whole", "case"), some, ids=names)


def configured(whole: Document, case: Document) -> ConfigurationSet:
    """Return the configurations of a case: those it uses, else all of its file, else one made of its rule or reward."""
    if "rule" in case or "reward" in case:
        tier: Document = {"name": "default", "priority": 1, "reward": case.get("reward", dict(SPINS))}
        made: dict[str, Value] = {"id": "example", "name": "Example", "priority": 1, "status": "published"}
        made |= {"qualification": [case["rule"]] if "rule" in case else [], "tiers": [dict(tier)]}
        return load_set([as_loaded({**made, "comment": case.get("comment")})])
    known = mapping(whole["configurations"])
    used = listed(case["use"]) if "use" in case else list[Value](known)
    return load_set([as_loaded(mapping(known[str(name)])) for name in used])


def as_loaded(configuration: Document) -> Loaded:
    return load_yaml(dump_json({key: value for key, value in configuration.items() if value is not None}), name="case")


def decided(whole: Document, case: Document, **facts: Value) -> Decision:
    document: dict[str, Value] = {"player": {}, "tools": {}, "safety": dict(SAFE), "unavailable": []}
    given = () if "rule" in case else ("player", "tools", "safety", "counters", "unavailable")
    document |= {key: case[key] for key in given if key in case} | facts
    brand = str(case.get("brand", "lucky-spin"))
    return decide(configured(whole, case), Facts.of(document), brand=brand, now=NOW)


def outcomes(decision: Decision) -> Mapping[str, str | None]:
    return {step.label: step.outcome for step in trace_of(decision.record()).conditions() if step.source != "safety"}


@of("rule")
def test_a_rule_ends_as_it_says(whole: Document, case: Document) -> None:
    assert set(case) - {"case", "rule"} <= {*Outcome}
    for outcome in Outcome:
        for example in listed(case.get(outcome.value, [])):
            unread = outcome is Outcome.UNAVAILABLE
            facts: dict[str, Value] = {"unavailable": [example]} if unread else {"player": example}
            decision = decided(whole, case, **facts)
            status = {Outcome.PASS: "qualified", Outcome.UNAVAILABLE: "unknown"}.get(outcome, "not_qualified")
            found = (example, decision.status.value, outcomes(decision))
            assert found == (example, status, {str(case["rule"]): outcome.value})


@of("expect")
def test_a_player_gets_what_is_expected(whole: Document, case: Document) -> None:
    decision = decided(whole, case)
    result = decision.result()
    because: list[Value] = [reason.code for reason in decision.reasons]
    found = {**result, "configuration": decision.configuration, "tier": decision.tier, "because": because}
    expected = mapping(case["expect"])
    assert set(expected) <= set(found)
    assert {key: found[key] for key in expected} == expected
    assert [key for key in listed(case.get("absent", [])) if key in result] == []


@of("outcomes")
def test_its_conditions_end_as_they_say(whole: Document, case: Document) -> None:
    expected = mapping(case["outcomes"])
    found = outcomes(decided(whole, case))
    assert {label: found.get(label) for label in expected} == expected


@of("stages")
def test_its_stages_end_as_they_say(whole: Document, case: Document) -> None:
    (configuration,) = trace_of(decided(whole, case).record()).all_of("configuration")
    expected = mapping(case["stages"])
    assert {stage.kind: stage.verdict for stage in configuration.children} == expected


@of("result")
def test_a_result_has_these_fields_and_no_others(whole: Document, case: Document) -> None:
    assert decided(whole, case).result() == case["result"]


@of("findings")
def test_the_check_at_save_time_finds_it_before_any_player_does(whole: Document, case: Document) -> None:
    names = listed(case.get("templates", []))
    templates = [str(name) for name in names] or None
    found = analyse(configured(whole, case), OPEN, templates=templates)
    worth_mending = [finding.code for finding in found if finding.severity != "hint" and finding.code != "B201"]
    assert worth_mending == case["findings"]


def test_every_case_says_what_it_expects() -> None:
    checked = {"rule", "expect", "result", "path"}
    assert [name for name, _, case in EVERY if not checked & set(case)] == []
    assert len({name for name, _, _ in EVERY}) == len(EVERY)
