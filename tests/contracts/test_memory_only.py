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


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"player": []}, "player"),
        ({"players": [1]}, "players"),
        ({"templates": ["VIP_50"]}, "templates"),
        ({"faults": {"bonsu": "drop"}}, "faults"),
        ({"faults": {"bonus": "explode"}}, "faults.bonus"),
        ({"players": [player(), player()]}, "players"),
    ],
)
def test_a_document_that_is_no_world_is_refused_with_its_place(document: Document, place: str) -> None:
    with pytest.raises(ValueError, match="not a world document") as caught:
        world_from(document)
    assert f"`{place}" in str(caught.value)
