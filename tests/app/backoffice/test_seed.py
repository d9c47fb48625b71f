import re
from collections import Counter
from decimal import Decimal

import pytest

from app.backoffice.exact import Json
from app.backoffice.seed import seed_world


def look(document: Json, *path: str) -> Json:
    for step in path:
        if not isinstance(document, dict):
            return None
        document = document.get(step)
    return document


@pytest.fixture(scope="module")
def players() -> list[Json]:
    found = seed_world()["players"]
    assert isinstance(found, list)
    return found


def test_there_are_players_enough_at_both_brands(players: list[Json]) -> None:
    assert Counter(look(player, "brand") for player in players) == {"lucky-spin": 24, "royal-harbour": 24}


def test_ids_run_from_the_first_to_the_last(players: list[Json]) -> None:
    assert sorted(str(look(player, "id")) for player in players) == [f"P{number}" for number in range(1001, 1049)]


def test_an_address_is_used_once_per_brand_and_belongs_to_nobody_real(players: list[Json]) -> None:
    addresses = [(look(player, "brand"), str(look(player, "email"))) for player in players]
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"[a-z.+]+@example\.(com|net|org)", email) for _, email in addresses)


def test_the_first_six_are_what_the_table_says(players: list[Json]) -> None:
    by_id = {str(look(player, "id")): player for player in players}
    anna, ben, carla, dario, eva, finn = (by_id[f"P{number}"] for number in range(1001, 1007))
    assert [look(anna, key) for key in ("email", "date_of_birth", "category")] == [
        "anna.keller@example.com",
        "1990-04-12",
        "VIP",
    ]
    assert look(anna, "kpi", "ngr") == Decimal("1840.50")
    assert look(ben, "kpi", "ngr") == Decimal("-340.25")
    assert look(carla, "responsible_gaming", "self_excluded") is True
    assert look(dario, "kpi", "last_deposit") == 900
    assert (look(eva, "brand"), look(eva, "kpi", "ngr")) == ("royal-harbour", Decimal("231.75"))
    assert (look(finn, "kpi", "deposit_count"), look(finn, "kpi", "last_deposit")) == (0, None)


def test_the_figures_of_a_player_agree_with_each_other(players: list[Json]) -> None:
    for player in players:
        deposits, kpi = look(player, "deposits"), look(player, "kpi")
        assert isinstance(deposits, list)
        assert look(player, "kyc", "status") == look(player, "kyc_status")
        if not isinstance(kpi, dict):
            continue
        newest = deposits[0] if deposits else None
        assert (kpi["last_deposit"], kpi["last_deposit_at"]) == (look(newest, "amount"), look(newest, "at"))
        ltd, ltw, ltnc, count = kpi["ltd"], kpi["ltw"], kpi["ltnc"], kpi["deposit_count"]
        assert isinstance(ltd, int | Decimal)
        assert isinstance(ltw, int | Decimal)
        assert isinstance(count, int)
        assert ltd - ltw == ltnc
        assert count >= len(deposits)


@pytest.mark.parametrize(
    "path",
    [
        ("responsible_gaming", "self_excluded"),
        ("responsible_gaming", "cooling_off"),
        ("responsible_gaming", "rg_closed"),
        ("responsible_gaming", "strong_harm"),
        ("blocked",),
        ("aml_hold",),
        ("kpi", "active_bonus"),
    ],
)
def test_every_veto_has_a_player(players: list[Json], path: tuple[str, ...]) -> None:
    assert any(look(player, *path) is True for player in players)
