import pytest

from casino.population.words import several, shown_example, without_password


def test_one_is_no_plural() -> None:
    assert [several(number, "player") for number in (0, 1, 1200)] == ["0 players", "1 player", "1,200 players"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("players.csv", "players.csv"),
        ("postgresql://u:p@ss@h:5432/x::players", "postgresql://u:***@h:5432/x::players"),
        ("mysql://h/x?password=a&ssl=1::p", "mysql://h/x?password=***&ssl=1::p"),
        ("sqlite:///p.db::p", "sqlite:///p.db::p"),
    ],
)
def test_an_address_is_shown_without_its_password(written: str, shown: str) -> None:
    assert without_password(written) == shown


def test_an_example_says_nothing_about_who_a_player_is() -> None:
    assert shown_example("player.lastDepositAt", "20.11.2026") == "20.11.2026"
    assert shown_example("player.birthDate", "20.11.1980") is None
    assert shown_example("player.lastDepositAt", "mara@example.org") is None
    assert shown_example("player.lastDepositAt", None) is None
