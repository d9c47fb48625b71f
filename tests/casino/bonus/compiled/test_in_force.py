from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.compiled.in_force import in_force
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus
from casino.bonus.law.jurisdictions import JurisdictionRule, Packs, Predicate

NOW = datetime(2026, 11, 22, tzinfo=UTC)
moments = st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days))


@st.composite
def sets(draw: st.DrawFn) -> ConfigurationSet:
    return ConfigurationSet(
        tuple(
            Configuration(
                id=f"c{number}",
                name="c",
                brands=draw(st.sampled_from(((), ("a",), ("a", "b")))),
                priority=-number,
                status=draw(st.sampled_from((*ConfigurationStatus, ConfigurationStatus.PUBLISHED))),
                segmentation=(),
                qualification=(),
                tiers=(),
                comment=None,
                on_unqualified="continue",
                effective_from=draw(st.none() | moments),
                effective_until=draw(st.none() | moments),
            )
            for number in range(draw(st.integers(0, 4)))
        )
    )


@given(sets(), st.lists(st.tuples(st.sampled_from("abc"), moments), max_size=8))
def test_what_is_in_force_is_found_as_the_set_itself_says_whatever_was_asked_before(
    configurations: ConfigurationSet, asked: list[tuple[str, datetime]]
) -> None:
    for brand, now in asked:
        found = in_force(configurations, brand=brand, now=now)
        assert found.configurations == configurations.in_force(brand=brand, now=now)
        assert found is in_force(configurations, brand=brand, now=now)


def test_the_same_is_in_force_until_something_begins_or_ends() -> None:
    one = Configuration(
        id="c",
        name="c",
        brands=(),
        priority=1,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=(),
        qualification=(),
        tiers=(),
        comment=None,
        on_unqualified="continue",
        effective_from=NOW,
        effective_until=None,
    )
    configurations = ConfigurationSet((one,))
    before = in_force(configurations, brand="b", now=NOW - timedelta(microseconds=1))
    after = in_force(configurations, brand="b", now=NOW)
    assert (before.configurations, after.configurations) == ((), (one,))
    assert in_force(configurations, brand="b", now=NOW + timedelta(days=999)) is after
    assert after.set_hash == configurations.hash
    assert after.hashes == {"c": one.hash}


def test_another_set_takes_nothing_over_that_was_worked_out() -> None:
    configurations = ConfigurationSet(())
    assert replace(configurations).kept is not configurations.kept


def test_packs_that_are_equal_and_spelt_otherwise_have_hashes_of_their_own() -> None:
    rule = JurisdictionRule(
        id="r",
        jurisdiction="SE",
        predicate=Predicate.MAX_WAGER,
        value=10,
        effective_from=None,
        source="s",
        verified=True,
        text="t",
    )
    exact, other = Packs((rule,)), Packs((replace(rule, value=Decimal("10.0")),))
    found = in_force(ConfigurationSet(()), brand="b", now=NOW)
    assert exact == other
    assert found.packs_hash(exact) != found.packs_hash(other)


def test_the_order_in_which_the_rules_were_read_makes_no_other_hash() -> None:
    rules = tuple(
        JurisdictionRule(
            id=place,
            jurisdiction=place,
            predicate=Predicate.NO_BONUS,
            value=None,
            effective_from=None,
            source="s",
            verified=True,
            text="t",
        )
        for place in ("SE", "GB", "MT")
    )
    found = in_force(ConfigurationSet(()), brand="b", now=NOW)
    assert len({found.packs_hash(Packs(order)) for order in (rules, rules[::-1])}) == 1
    assert found.packs_hash(Packs(rules)) != found.packs_hash(Packs(rules[1:]))
