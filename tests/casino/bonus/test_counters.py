"""What has been granted so far, in the form that limits are weighed on."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.bonus.limits import Limits
from casino.document import load_yaml
from casino.money import Money
from casino.values import Value

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)  # a Thursday


def configuration(limits: Limits | None = None, *, zone: str = "UTC", day_begins: time = time(0)) -> Configuration:
    read = parse_configuration(load_yaml("{id: some, name: Some, priority: 1}", name="some.yaml"))
    return replace(read, limits=Limits() if limits is None else limits, time_zone=zone, day_begins=day_begins)


def grant(at: datetime, *, by: str = "some", settled: bool = True) -> PastGrant:
    return PastGrant(by, at, settled)


def counted(
    *grants: PastGrant, of: Configuration | None = None, spent: tuple[Spent, ...] = (), now: datetime = NOON
) -> dict[str, Value]:
    some = configuration() if of is None else of
    found = counters_document([some], grants, {"some": spent}, now=now)["some"]
    assert isinstance(found, dict)
    return found


def test_without_a_grant_everything_is_zero() -> None:
    assert counters_document([configuration()], [], {}, now=NOON) == {
        "some": {
            "grants_day": 0,
            "grants_week": 0,
            "grants_month": 0,
            "grants_year": 0,
            "grants_lifetime": 0,
            "campaign_grants": 0,
        },
        "lifetime_grants": 0,
        "live_bonuses": 0,
    }


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        ("grants_day", datetime(2026, 11, 19, tzinfo=UTC)),
        ("grants_week", datetime(2026, 11, 16, tzinfo=UTC)),
        ("grants_month", datetime(2026, 11, 1, tzinfo=UTC)),
        ("grants_year", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_period_holds_its_first_instant_and_none_before(period: str, begins: datetime) -> None:
    assert counted(grant(begins))[period] == 1
    assert counted(grant(begins - timedelta(microseconds=1)))[period] == 0


def test_a_lifetime_has_no_beginning() -> None:
    assert counted(grant(datetime(1999, 1, 1, tzinfo=UTC)))["grants_lifetime"] == 1


def test_a_day_begins_by_the_casino_day_of_the_configuration() -> None:
    here = configuration(zone="Europe/Malta", day_begins=time(6))
    begins = datetime(2026, 11, 19, 5, tzinfo=UTC)  # 06:00 in Malta
    assert counted(grant(begins), of=here)["grants_day"] == 1
    assert counted(grant(begins - timedelta(seconds=1)), of=here)["grants_day"] == 0
    before_dawn = begins - timedelta(minutes=1)
    assert counted(grant(begins - timedelta(days=1)), of=here, now=before_dawn)["grants_day"] == 1


def test_a_day_keeps_its_beginning_when_the_clocks_change() -> None:
    here = configuration(zone="Europe/Malta")
    summer_time_ends = datetime(2026, 10, 25, 12, tzinfo=UTC)
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert counted(grant(midnight), of=here, now=summer_time_ends)["grants_day"] == 1
    assert counted(grant(midnight - timedelta(seconds=1)), of=here, now=summer_time_ends)["grants_day"] == 0


def test_a_cool_off_counts_back_from_now_and_its_end_is_not_included() -> None:
    cooling = configuration(Limits(cool_off=timedelta(hours=72)))
    assert counted(grant(NOON - timedelta(hours=72)), of=cooling)["grants_in_cool_off"] == 0
    assert counted(grant(NOON - timedelta(hours=71)), of=cooling)["grants_in_cool_off"] == 1
    assert "grants_in_cool_off" not in counted(grant(NOON))


def test_other_configurations_count_for_the_lifetime_of_the_player_only() -> None:
    grants = [grant(NOON, by="other"), grant(NOON, settled=False)]
    found = counters_document([configuration()], grants, {}, now=NOON)
    assert found["lifetime_grants"] == 2
    assert found["live_bonuses"] == 1  # the one that is not settled; the platform knows of the others
    assert counted(*grants)["grants_lifetime"] == 1


def test_the_campaign_counts_the_grants_of_all_players() -> None:
    spent = (Spent(100, 20, "EUR"), Spent(20, None, None))
    assert counted(spent=spent)["campaign_grants"] == 120


@pytest.mark.parametrize(
    ("spent", "total"),
    [
        ((), 0),
        ((Spent(2, Decimal("20.50"), "EUR"), Spent(1, 5, "EUR")), Decimal("46.00")),
        ((Spent(2, 20, "EUR"), Spent(1, 5, "GBP")), None),
        ((Spent(2, 20, "EUR"), Spent(1, None, None)), None),
    ],
)
def test_a_budget_is_summed_only_where_every_cost_is_known(spent: tuple[Spent, ...], total: Value) -> None:
    budgeted = configuration(Limits(campaign_budget=Money(500_000, "EUR")))
    expected = None if total is None else {"amount": total, "currency": "EUR"}
    assert counted(of=budgeted, spent=spent).get("spent") == expected
    assert "spent" not in counted(spent=spent)


def test_a_cool_off_longer_than_the_calendar_counts_every_grant() -> None:
    cooling = configuration(Limits(cool_off=timedelta(days=999_999)))
    assert counted(grant(NOON), of=cooling)["grants_in_cool_off"] == 1


def test_a_cool_off_is_measured_in_time_and_not_on_clocks_that_go_back() -> None:
    cooling = configuration(Limits(cool_off=timedelta(hours=2)))
    berlin = ZoneInfo("Europe/Berlin")
    begun = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(berlin)  # 02:30, and at 03:00 it is 02:00 again
    assert counted(grant(begun), of=cooling, now=begun.astimezone(UTC) + timedelta(hours=2))["grants_in_cool_off"] == 0
    late = (begun.astimezone(UTC) + timedelta(hours=2)).astimezone(berlin)
    assert counted(grant(begun), of=cooling, now=late)["grants_in_cool_off"] == 0


def test_a_grant_of_a_day_that_begins_in_an_hour_that_is_left_out_counts() -> None:
    here = configuration(zone="Europe/Berlin", day_begins=time(2, 30))
    now = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    assert counted(grant(now - timedelta(minutes=1)), of=here, now=now)["grants_day"] == 1
