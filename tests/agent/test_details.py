"""What the player's words give: the same text is read once, and always as of today."""

from datetime import date

from agent.details import heard

BORN = "I was born on 12 April 2015, my mail is Anna@Example.com or anna@example.com"


def test_a_text_that_is_read_again_says_the_same() -> None:
    first = heard("email", [BORN], date(2026, 1, 1))
    first.append("tampered@example.com")
    assert heard("email", [BORN], date(2026, 1, 1)) == ["anna@example.com"]


def test_who_is_too_young_today_is_old_enough_later() -> None:
    assert heard("birth_date", [BORN], date(2024, 12, 31)) == []
    assert heard("birth_date", [BORN], date(2025, 1, 1)) == ["2015-04-12"]


def test_the_newest_of_what_was_said_stands_last() -> None:
    said = ["a@example.com b@example.com", "a@example.com"]
    assert heard("email", said, date(2026, 1, 1)) == ["b@example.com", "a@example.com"]
