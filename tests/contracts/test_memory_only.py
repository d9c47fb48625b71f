"""What only the world in memory does: it is read from a document."""

from datetime import UTC, datetime

import pytest

from casino.values import Document, Value
from tools.adapters.memory import MemoryBonusSystem, MemoryPlatform, world_from
from tools.ports import GrantOrder, OutcomeUnknown, Refused

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def player(**more: Value) -> dict[str, Value]:
    return {
        "id": "P1",
        "brand": "b",
        "email": "ada@example.com",
        "country": "DE",
        "currency": "EUR",
        "blocked": False,
        "kpi": {"active_bonus": False},
        "responsible_gaming": {"self_excluded": False, "cooling_off": False, "rg_closed": False},
        **more,
    }


def order() -> GrantOrder:
    return GrantOrder(decision_id="D", player_id="P1", brand="b", reward={"spinsCount": 15}, reason="r")


async def test_the_document_stays_as_it_is() -> None:
    document: Document = {"players": [player()]}
    await MemoryBonusSystem(world=world_from(document)).grant(order(), idempotency_key="k")
    assert document == {"players": [player()]}


async def test_grants_can_be_read() -> None:
    bonuses = MemoryBonusSystem(world=world_from({"players": [player()]}))
    await bonuses.grant(order(), idempotency_key="k")
    assert [(grant.grant_id, grant.idempotency_key, grant.order) for grant in bonuses.grants] == [
        ("B1001", "k", order())
    ]


async def test_a_fault_stands_in_the_document() -> None:
    bonuses = MemoryBonusSystem(world=world_from({"players": [player()], "faults": {"bonus": "drop"}}))
    with pytest.raises(OutcomeUnknown):
        await bonuses.grant(order(), idempotency_key="k")
    assert len(bonuses.grants) == 1


async def test_parts_that_are_not_there_are_not_known() -> None:
    world = world_from({"players": [player(responsible_gaming=None)]})
    gaming = await MemoryPlatform(world=world, now=lambda: NOON).responsible_gaming("P1")
    answer = await MemoryBonusSystem(world=world).grant(order(), idempotency_key="k")
    assert gaming.self_excluded is None
    assert isinstance(answer, Refused)
    assert answer.code == "self_excluded"


def without(name: str) -> dict[str, Value]:
    return {key: value for key, value in player().items() if key != name}


A_DATE = 'a date such as "1990-04-12" is expected. Change the value.'
A_TIME = 'a time with its zone such as "2026-11-20T18:30:00Z" is expected. Change the value.'


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"player": []}, '`world.player`: there is no such field. Did you mean "players"?'),
        ({"players": None}, "`world.players`: null is written, a list is expected. Change the value."),
        ({"players": [1]}, "`world.players.0`: a number is written, an object is expected. Change the value."),
        ({"templates": ["V"]}, "`world.templates`: a list is written, an object is expected. Change the value."),
        (
            {"templates": {"b": [player(), 1]}},
            (
                "`world.templates.b.0`: a mapping is written, text is expected. Change the value.\n"
                "    `world.templates.b.1`: a number is written, text is expected. Change the value."
            ),
        ),
        ({"faults": {"bonsu": "drop"}}, '`world.faults.bonsu`: there is no such operation. Did you mean "bonus"?'),
        ({"faults": {"bonus": "dorp"}}, '`world.faults.bonus`: there is no such fault. Did you mean "drop"?'),
        (
            {"players": [player(), player(id="P2"), player()]},
            '`world.players.2.id`: "P1" is the id of `world.players.0` too. Give every player an id of its own.',
        ),
        ({"players": [without("email")]}, "`world.players.0.email`: this field is missing. Add it."),
        (
            {"players": [{**without("brand"), "barnd": "b"}]},
            '`world.players.0.brand`: this field is missing. Rename "barnd", or add it.',
        ),
        ({"players": [player(country=49)]}, "`world.players.0.country`: a number is written, text is expected. "),
        (
            {"players": [player(date_of_birth="1990-13-40")]},
            f"`world.players.0.date_of_birth`: text is written, {A_DATE}",
        ),
        ({"players": [player(date_of_birth=1990)]}, f"`world.players.0.date_of_birth`: a number is written, {A_DATE}"),
        (
            {"players": [player(), player(id="P2", kpi={"last_deposit_at": "2026-11-20T18:30:00"})]},
            f"`world.players.1.kpi.last_deposit_at`: text is written, {A_TIME}",
        ),
        ({"players": [player(kpi=[])]}, "`world.players.0.kpi`: a list is written, an object is expected."),
        ({"players": [player(kyc="full")]}, "`world.players.0.kyc`: text is written, an object is expected."),
        ({"players": [player(deposits=[7])]}, "`world.players.0.deposits.0`: a number is written, an object"),
    ],
)
def test_a_document_that_is_no_world_is_refused_with_its_place(document: Document, problem: str) -> None:
    with pytest.raises(ValueError, match="not a world document") as caught:
        world_from(document)
    assert str(caught.value).startswith(f"this is not a world document: {problem}")


def test_a_personal_value_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="not a world document") as caught:
        world_from({"players": [player(date_of_birth="31 February 1990", phone=491713920011)]})
    assert ("February" in str(caught.value), "4917" in str(caught.value)) == (False, False)


async def test_what_may_be_null_or_odd_in_a_player_is_taken() -> None:
    odd = player(kpi={"last_deposit_at": None}, kyc=None, date_of_birth=None, blocked="no", nickname=7)
    found = await MemoryPlatform(world=world_from({"players": [odd]}), now=lambda: NOON).player("P1")
    assert found is not None
    assert (found.blocked, found.date_of_birth, found.fields["daysSinceLastDeposit"]) == (None, None, None)
