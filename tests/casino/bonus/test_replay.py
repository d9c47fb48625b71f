"""A record is enough to make the decision again; whatever is not as it was then is refused."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus, load_set
from casino.bonus.decide import Compact, Decision, Status, decide
from casino.bonus.law.jurisdictions import JurisdictionRule, Packs, Predicate
from casino.bonus.replay import NotReplayable, replay
from casino.document import canonical_json, load_json, load_yaml
from casino.facts import Facts
from casino.fields.catalogue import OPEN, parse_catalogue
from casino.values import Document, Value

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLEAR: dict[str, Value] = {
    **dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False),
    "age_years": 34,
}
FIELDS = """\
fields:
  - {path: player.bonusTotal, type: number, description: Bonuses in all.}
  - {path: player.totalDeposits, type: number, description: Deposits in all.}
  - {path: player.deposits, type: record_list, description: Deposits.}
  - {path: player.lastBonusAt, type: moment, description: The last bonus.}
  - {path: player.rate, description: Bonus rate., expression: "player.bonusTotal / player.totalDeposits * 100"}
  - {path: player.recent, description: Recent deposits.,
     expression: "count(player.deposits where at > player.lastBonusAt)"}
  - {path: player.both, description: Both., expression: "player.rate + player.recent"}
"""
WRITTEN = """\
id: loyalty
name: Loyalty
priority: 1
status: published
qualification: ["player.both <= 30", "days since player.lastBonusAt >= 2"]
tiers:
  - {name: vip, priority: 2, when: ["player.category == 'VIP'"],
     reward: {type: boosted, templateName: VIP, valuePerSpinDescription: 1 EUR}}
  - {name: rest, priority: 1, when: ["bucket 'autumn' of player.id < 5000"],
     reward: {type: boosted, templateName: REST, valuePerSpinDescription: 1 EUR}}
"""
PLAYER: dict[str, Value] = {
    "id": "P1",
    "category": "Regular",
    "bonusTotal": 50,
    "totalDeposits": Decimal("900.50"),
    "deposits": [{"at": "2026-11-20T10:00:00Z", "amount": 20}, {"at": "2026-11-01T10:00:00Z"}, None],
    "lastBonusAt": "2026-11-19T10:00:00Z",
    "secret": "never looked at",
}


def loyalty() -> ConfigurationSet:
    catalogue = parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN)
    return load_set([load_yaml(WRITTEN, name="loyalty.yaml")], catalogue)


def decided(*, unavailable: tuple[str, ...] = (), packs: Packs | None = None, **player: Value) -> Decision:
    facts: dict[str, Value] = {"player": {**PLAYER, **player}, "safety": CLEAR, "unavailable": [*unavailable]}
    return decide(loyalty(), Facts.of(facts), brand="b", now=NOW, packs=packs or Packs())


def kept(decision: Decision) -> Document:
    """Return the lean record as it comes back from where it was kept."""
    value = load_json(canonical_json(decision.lean_record()), name="record").value
    assert isinstance(value, dict)
    return value


def test_a_decision_with_computed_fields_is_made_again_byte_for_byte() -> None:
    for decision in (
        decided(),
        decided(category="VIP"),
        decided(totalDeposits=0),
        decided(lastBonusAt=None),
        decided(unavailable=("player.deposits",)),
        decided(unavailable=("player.bonusTotal", "player.lastBonusAt")),
    ):
        again = replay(kept(decision), loyalty())
        assert canonical_json(again.record()) == canonical_json(decision.record())
        assert again.trace == decision.trace
        assert decision.trace_document() == decision.trace.to_document()


def test_the_record_holds_what_was_read_and_nothing_else() -> None:
    decision = decided()
    assert isinstance(decision.read, Compact)
    assert decision.lean_record()["read"] == {
        "values": {
            "player.bonusTotal": 50,
            "player.category": "Regular",
            "player.deposits": PLAYER["deposits"],
            "player.id": "P1",
            "player.lastBonusAt": "2026-11-19T10:00:00Z",
            "player.totalDeposits": Decimal("900.50"),
            **{f"safety.{name}": value for name, value in CLEAR.items()},
        },
        "unavailable": [],
    }
    assert decided(unavailable=("player.deposits", "tools")).lean_record()["read"] == {
        "values": {
            "player.bonusTotal": 50,
            "player.category": "Regular",
            "player.id": "P1",
            "player.lastBonusAt": "2026-11-19T10:00:00Z",
            "player.totalDeposits": Decimal("900.50"),
            **{f"safety.{name}": value for name, value in CLEAR.items()},
        },
        "unavailable": ["player.deposits"],
    }


def test_what_becomes_of_the_facts_or_of_a_record_does_not_change_a_decision() -> None:
    deposits: list[Value] = [{"at": "2026-11-20T10:00:00Z"}]
    decision = decided(deposits=deposits)
    written = canonical_json(decision.record())
    deposits.append("later")
    read = decision.lean_record()["read"]
    assert isinstance(read, dict)
    values = read["values"]
    assert isinstance(values, dict)
    found = values["player.deposits"]
    assert isinstance(found, list)
    found.clear()
    assert canonical_json(decision.record()) == written


def test_a_decision_in_an_outage_is_made_again() -> None:
    decision = decided(unavailable=("player.deposits",))
    assert decision.status is Status.UNKNOWN
    assert replay(kept(decision), loyalty()).status is Status.UNKNOWN


def test_an_archived_configuration_still_replays() -> None:
    decision = decided()
    archived = tuple(replace(one, status=ConfigurationStatus.ARCHIVED) for one in loyalty().configurations)
    again = replay(kept(decision), ConfigurationSet(archived))
    assert canonical_json(again.record()) == canonical_json(decision.record())


def test_a_configuration_that_changed_since_is_refused() -> None:
    record = kept(decided())
    changed = ConfigurationSet(tuple(replace(one, comment="changed") for one in loyalty().configurations))
    with pytest.raises(NotReplayable, match=r'the configuration "loyalty" with the hash [0-9a-f]{64} was in force'):
        replay(record, changed)


def test_other_packs_are_refused() -> None:
    rule = JurisdictionRule(
        id="gb",
        jurisdiction="GB",
        predicate=Predicate.NO_BONUS,
        value=None,
        effective_from=None,
        source="s",
        verified=True,
        text="t",
    )
    packs = Packs((rule,))
    record = kept(decided(packs=packs))
    assert replay(record, loyalty(), packs).lean_record() == record
    for others in (Packs(), Packs((replace(rule, text="other"),)), Packs((rule,), required=True)):
        with pytest.raises(NotReplayable, match="the jurisdiction packs are not those of the record"):
            replay(record, loyalty(), others)


def test_another_version_of_the_semantics_is_refused() -> None:
    with pytest.raises(NotReplayable, match="made under version 0 of the semantics, and this is version 1"):
        replay({**kept(decided()), "semantics": 0}, loyalty())


@pytest.mark.parametrize(("key", "value"), [("status", "vetoed"), ("tier", "vip"), ("configuration", "other")])
def test_a_record_that_was_changed_is_refused(key: str, value: str) -> None:
    with pytest.raises(NotReplayable, match=re.escape(f'what the record was decided on gives another "{key}"')):
        replay({**kept(decided()), key: value}, loyalty())


@pytest.mark.parametrize("key", ["reward", "trace", "reasons", "comment"])
def test_a_whole_record_that_was_changed_anywhere_is_refused(key: str) -> None:
    record = decided().record()
    assert replay(record, loyalty()).record() == record
    with pytest.raises(NotReplayable, match=re.escape(f'gives another "{key}"')):
        replay({**record, key: "other"}, loyalty())


def test_configurations_that_cannot_have_been_tried_are_refused() -> None:
    branded = ConfigurationSet(tuple(replace(one, brands=("b",)) for one in loyalty().configurations))
    listed: list[Value] = [{"id": one.id, "hash": one.hash} for one in branded.configurations]
    with pytest.raises(NotReplayable, match='did not count for the brand "elsewhere"'):
        replay({**kept(decided()), "brand": "elsewhere", "in_force": listed}, branded)
    first = loyalty().configurations[0]
    two = ConfigurationSet((replace(first, id="low", priority=1), replace(first, id="high", priority=2)))
    listed = [{"id": one.id, "hash": one.hash} for one in two.configurations]
    with pytest.raises(NotReplayable, match="in the order of their priorities"):
        replay({**kept(decided()), "in_force": listed}, two)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("brand", None),
        ("set", 5),
        ("now", "yesterday"),
        ("now", "2026-11-22T10:00:00"),
        ("legal_age", "18"),
        ("legal_age", True),
        ("in_force", None),
        ("in_force", ["loyalty"]),
        ("in_force", [{"id": "loyalty"}]),
        ("read", None),
        ("read", {}),
        ("read", {"values": {}, "unavailable": None}),
    ],
)
def test_a_record_that_cannot_be_read_is_refused(key: str, value: Value) -> None:
    with pytest.raises(NotReplayable, match="the record has no readable"):
        replay({**kept(decided()), key: value}, loyalty())


@pytest.mark.parametrize("key", [*decided().lean_record()])
def test_a_record_without_one_of_its_keys_is_refused(key: str) -> None:
    record = {name: value for name, value in kept(decided(ngr=0)).items() if name != key}
    with pytest.raises(NotReplayable):
        replay(record, loyalty())


@pytest.mark.parametrize("key", ["comment", "reward"])
def test_a_whole_record_without_one_of_its_keys_is_refused(key: str) -> None:
    record = decided().record()
    del record[key]
    with pytest.raises(NotReplayable, match=f'has no readable "{key}"'):
        replay(record, loyalty())


@pytest.mark.parametrize("record", [decided().record(), decided().lean_record()])
def test_a_record_with_another_key_is_refused(record: Document) -> None:
    with pytest.raises(NotReplayable, match=re.escape('no record has a "note". The record was changed')):
        replay({**record, "note": "approved"}, loyalty())


@pytest.mark.parametrize("age", [5, 17, True, "18"])
def test_a_legal_age_that_no_engine_decides_by_is_refused(age: Value) -> None:
    with pytest.raises(NotReplayable, match='the record has no readable "legal_age"'):
        replay({**kept(decided()), "legal_age": age}, loyalty())


def test_a_moment_that_no_casino_day_has_is_refused() -> None:
    text = "id: day\nname: Day\npriority: 1\nstatus: published\ntime_zone: America/New_York\n"
    text += "qualification: [player.registeredOn < today]\n"
    configurations = load_set([load_yaml(text, name="day.yaml")])
    facts = Facts.of({"player": {"registeredOn": "2026-01-01"}, "safety": CLEAR})
    record = decide(configurations, facts, brand="b", now=NOW).lean_record()
    assert replay(record, configurations).lean_record() == record
    with pytest.raises(NotReplayable, match='the record has no readable "now"'):
        replay({**record, "now": "0001-01-01T00:00:00+00:00"}, configurations)
