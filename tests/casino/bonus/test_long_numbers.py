"""Numbers at the limits of exactness: whatever a decision reads or works out can be written and read again."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.decide import Decision, decide
from casino.bonus.replay import replay
from casino.document import canonical_json, dump_json, load_json, load_yaml
from casino.exact import NotExact, checked_number
from casino.facts import SAFETY_FLAGS, Facts
from casino.fields.catalogue import OPEN, parse_catalogue
from casino.loaded import DocumentError
from casino.values import Value

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIELDS = """\
fields:
  - {path: player.a, type: number}
  - {path: player.b, type: number}
  - {path: player.worth, type: money}
  - {path: player.product, expression: player.a * player.b}
  - {path: player.rest, expression: player.a - player.b}
"""
WRITTEN = f"""\
id: c
name: C
priority: 1
status: published
qualification: [player.product != 7, player.rest != 7, "player.worth >= {"9" * 61}.50 EUR"]
tiers:
  - {{name: t, priority: 1, reward: {{type: premium, templateName: T, valuePerSpinDescription: 1 EUR}}}}
"""


def configurations() -> ConfigurationSet:
    return load_set([load_yaml(WRITTEN, name="c.yaml")], parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN))


def decided(tried: ConfigurationSet, a: Value, b: Value) -> Decision:
    facts: dict[str, Value] = {
        "player": {"a": a, "b": b, "worth": {"amount": a, "currency": "EUR"}},
        "safety": {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 34},
    }
    return decide(tried, Facts.of(facts), brand="b", now=NOW)


SET = configurations()
digits = st.integers(-(10**65), 10**65) | st.integers(-(10**3), 10**3)
numbers = digits | st.tuples(digits, st.integers(-70, 70)).map(lambda drawn: Decimal(f"{drawn[0]}E{drawn[1]}"))


@given(numbers, numbers)
@example(Decimal("-0.1234567890123456789012345678901"), Decimal("0.123456789012345678901234567890123"))
@example(Decimal("1" * 61 + "E2"), 1)
@example(1 - 10**64, Decimal("1E-64"))
@example(Decimal("-1." + "1" * 63 + "E-64"), Decimal("0E+64"))
def test_a_number_that_can_be_read_stands_in_a_record_that_can_be_read(a: int | Decimal, b: int | Decimal) -> None:
    try:
        read = load_json(dump_json([a, b]), name="facts").value
    except DocumentError:
        return
    assert isinstance(read, list)
    decision = decided(SET, *read)
    for record in (decision.record(), decision.lean_record()):
        written = dump_json(record)
        again = load_json(written, name="record").value
        assert isinstance(again, dict)
        assert dump_json(again) == written
        assert canonical_json(replay(again, SET).record()) == canonical_json(decision.record())


@given(numbers)
def test_what_facts_take_and_what_a_document_takes_is_the_same(number: int | Decimal) -> None:
    try:
        checked_number(number)
    except NotExact:
        taken = False
    else:
        taken = True
    try:
        load_json(dump_json(number), name="facts")
    except DocumentError:
        assert not taken
    else:
        assert taken
