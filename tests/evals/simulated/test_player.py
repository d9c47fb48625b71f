"""Who is played at L4: the section of the ticket, and what is taken from its messages where that says nothing."""

import pytest
from pydantic import ValidationError

from evals.simulated.player import Player, Role, role_of

SAYS = ("Can I get a bonus?", "", "ada@example.com, 12 April 1990")


def test_without_a_section_the_player_knows_what_the_ticket_says() -> None:
    assert role_of(SAYS, None) == Role(
        goal="Can I get a bonus?", facts=("Can I get a bonus?", "ada@example.com, 12 April 1990")
    )


def test_a_section_says_who_it_is() -> None:
    told = Player.model_validate(
        {
            "goal": "You want free spins.",
            "facts": ["Your e-mail is ada@example.com."],
            "unknown": ["You do not know when you were born."],
            "manner": "in a hurry",
            "language": "en",
            "messages": 3,
        }
    )
    assert role_of(SAYS, told) == Role(
        goal="You want free spins.",
        facts=("Your e-mail is ada@example.com.",),
        unknown=("You do not know when you were born.",),
        manner="in a hurry",
        language="en",
        messages=3,
    )


def test_a_player_may_know_nothing() -> None:
    assert role_of(SAYS, Player(facts=())).facts == ()


def test_a_ticket_that_says_nothing_has_a_player_without_a_goal() -> None:
    assert role_of(("", " "), None) == Role(goal="", facts=("",))


@pytest.mark.parametrize(
    "section", [{"mood": "x"}, {"goal": ""}, {"language": "xx"}, *({"messages": n} for n in (0, 31, True, "3", 2.5))]
)
def test_a_section_that_cannot_be_used_is_refused(section: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Player.model_validate(section)
