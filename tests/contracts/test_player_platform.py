"""What every player platform does."""

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from casino.values import Document
from tests.contracts.outside import Kind, Outside, Ports
from tools.adapters.memory import Operation
from tools.ports import AccessRefused, Player, ResponsibleGaming, Unavailable

READS: tuple[Operation, ...] = ("players", "player", "responsible_gaming", "kyc", "deposits")

ANNA = Player(
    id="P1001",
    brand="lucky-spin",
    email="anna.keller@example.com",
    phone="+49 171 3920011",
    date_of_birth=date(1990, 4, 12),
    first_name="Anna",
    country="DE",
    currency="EUR",
    fields={
        "ngr": Decimal("1840.50"),
        "tags": ["vip", "loyal"],
        "badges": ["verified", "depositor", "birthday_club"],
        "restrictions": [],
        "segments": ["slots", "weekend"],
        "category": "VIP",
        "vipLevel": "gold",
        "status": "active",
        "lastDeposit": 250,
        "lastDepositAt": "2026-11-20T18:30:00Z",
        "totalDeposits": 18400,
        "depositCount": 96,
        "wantsBonus": True,
        "activeBonus": False,
        "kycStatus": "approved",
        "country": "DE",
        "currency": "EUR",
        "firstName": "Anna",
        "balance": Decimal("310.40"),
        "daysSinceLastDeposit": 1,
    },
    blocked=False,
    aml_hold=False,
)


async def ask(ports: Ports, operation: Operation) -> object:
    platform = ports.platform
    match operation:
        case "players":
            return await platform.find_by_email("anna.keller@example.com", brand="lucky-spin")
        case "player":
            return await platform.player("P1001")
        case "responsible_gaming":
            return await platform.responsible_gaming("P1001")
        case "kyc":
            return await platform.kyc("P1001")
        case _:
            return await platform.deposits("P1001")


async def fields_of(outside: Outside, player_id: str) -> Document:
    player = await outside.works.platform.player(player_id)
    assert player is not None
    return player.fields


async def test_a_player_is_found_by_id(outside: Outside) -> None:
    assert await outside.works.platform.player("P1001") == ANNA


async def test_an_unknown_id_finds_nobody(outside: Outside) -> None:
    assert await outside.works.platform.player("P9999") is None


@pytest.mark.parametrize("hostile", ["", "../bonuses", "P1001/kyc", "P1001?x=1", "é\n", "..%2Fhealthz", "\x00"])
async def test_a_hostile_id_finds_nobody(outside: Outside, hostile: str) -> None:
    try:
        found = await outside.works.platform.player(hostile)
    except Unavailable:
        found = None
    assert found is None


@pytest.mark.parametrize("typed", ["anna.keller@example.com", "Anna.Keller@EXAMPLE.com", " anna.keller@example.com "])
async def test_an_address_finds_the_player_without_case(outside: Outside, typed: str) -> None:
    assert await outside.works.platform.find_by_email(typed, brand="lucky-spin") == ANNA


async def test_the_same_address_is_another_player_at_another_brand(outside: Outside) -> None:
    found = await outside.works.platform.find_by_email("anna.keller@example.com", brand="royal-harbour")
    assert found is not None
    assert found.id == "P1047"


async def test_a_plus_sign_in_an_address_is_kept(outside: Outside) -> None:
    found = await outside.works.platform.find_by_email("paul.weber+casino@example.com", brand="lucky-spin")
    assert found is not None
    assert found.id == "P1016"


@pytest.mark.parametrize(
    ("email", "brand"),
    [
        ("nobody@example.com", "lucky-spin"),
        ("eva.lindqvist@example.com", "lucky-spin"),
        ("anna.keller@example.com", "no-such-brand"),
        ("%", "lucky-spin"),
        ("' OR 1=1 --", "lucky-spin"),
        ("", "lucky-spin"),
    ],
)
async def test_an_address_that_is_not_there_finds_nobody(outside: Outside, email: str, brand: str) -> None:
    assert await outside.works.platform.find_by_email(email, brand=brand) is None


async def test_an_absent_field_stays_absent(outside: Outside) -> None:
    fields = await fields_of(outside, "P1017")
    assert "ngr" not in fields
    assert fields["depositCount"] == 2


async def test_fields_below_a_null_are_null_and_not_absent(outside: Outside) -> None:
    fields = await fields_of(outside, "P1018")
    below = ("ngr", "lastDeposit", "totalDeposits", "depositCount", "activeBonus", "daysSinceLastDeposit")
    assert {slug: fields[slug] for slug in below} == dict.fromkeys(below)


async def test_absent_lists_are_not_empty_lists(outside: Outside) -> None:
    fields = await fields_of(outside, "P1046")
    assert {"tags", "restrictions", "wantsBonus"}.isdisjoint(fields)
    assert fields["badges"] == ["verified", "depositor"]


async def test_a_player_without_deposits_has_no_days_since_the_last_one(outside: Outside) -> None:
    fields = await fields_of(outside, "P1006")
    assert (fields["lastDeposit"], fields["daysSinceLastDeposit"], fields["depositCount"]) == (None, None, 0)


async def test_what_the_platform_does_not_say_is_none(outside: Outside) -> None:
    player = await outside.works.platform.player("P1045")
    born_unknown = await outside.works.platform.player("P1048")
    assert player is not None
    assert born_unknown is not None
    assert (player.blocked, player.aml_hold, born_unknown.date_of_birth) == (None, False, None)


async def test_a_right_to_left_name_arrives_unchanged(outside: Outside) -> None:
    player = await outside.works.platform.player("P1030")
    assert player is not None
    assert player.first_name == "דניאל"


@pytest.mark.parametrize(
    ("player_id", "expected"),
    [
        ("P1001", (False, False, False, False)),
        ("P1003", (True, False, False, False)),
        ("P1007", (False, True, False, False)),
        ("P1008", (False, False, True, False)),
        ("P1043", (False, False, False, True)),
        ("P1044", (None, None, None, None)),
    ],
)
async def test_the_protection_state_is_told(
    outside: Outside, player_id: str, expected: tuple[bool | None, bool | None, bool | None, bool | None]
) -> None:
    excluded, cooling, closed, harm = expected
    assert await outside.works.platform.responsible_gaming(player_id) == ResponsibleGaming(
        self_excluded=excluded, cooling_off=cooling, rg_closed=closed, strong_harm=harm
    )


async def test_the_identity_check_is_told(outside: Outside) -> None:
    assert await outside.works.platform.kyc("P1001") == {"status": "approved", "level": "full"}
    assert await outside.works.platform.kyc("P1014") == {"status": "rejected", "level": None}


async def test_deposits_come_newest_first_and_exact(outside: Outside) -> None:
    assert list(await outside.works.platform.deposits("P1001")) == [
        {"id": "D100101", "amount": 250, "currency": "EUR", "at": "2026-11-20T18:30:00Z"},
        {"id": "D100102", "amount": 250, "currency": "EUR", "at": "2026-11-13T18:30:00Z"},
        {"id": "D100103", "amount": Decimal("400.50"), "currency": "EUR", "at": "2026-11-06T20:05:11Z"},
    ]
    assert list(await outside.works.platform.deposits("P1006")) == []


async def test_the_parts_of_an_unknown_player_are_unavailable_and_not_empty(outside: Outside) -> None:
    platform = outside.works.platform
    for asked in (platform.responsible_gaming("P9999"), platform.kyc("P9999"), platform.deposits("P9999")):
        with pytest.raises(Unavailable):
            await asked


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize("kind", sorted(set(get_args(Kind)) - {"slow"}))
async def test_a_fault_makes_a_read_unavailable_and_never_empty(
    outside: Outside, operation: Operation, kind: Kind
) -> None:
    ports = await outside.failing(operation, kind)
    with pytest.raises(Unavailable) as caught:
        await ask(ports, operation)
    assert isinstance(caught.value, AccessRefused) == (kind == "access_refused")


async def test_an_answer_that_comes_too_late_is_unavailable(outside: Outside) -> None:
    ports = await outside.failing("player", "slow")
    with pytest.raises(Unavailable):
        await ask(ports, "player")


@pytest.mark.parametrize("operation", READS)
async def test_a_read_works_again_when_the_fault_is_gone(outside: Outside, operation: Operation) -> None:
    await outside.failing(operation, "error")
    await outside.heal()
    assert await ask(outside.works, operation) is not None
