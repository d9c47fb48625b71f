"""The page on tickets is true: its example replays as it says, and it names every key and every word."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from agent.house import read_house
from agent.settings import read_settings
from evals.expect import DECISIONS, HANDOFFS, OUTCOMES, Budget, Expected, Order
from evals.grading.language import LANGUAGES
from evals.ticket import Ticket, TicketError, read_ticket
from evals.trial import Status
from evals.trying import tried
from tools.adapters.memory import Fault, Operation, WorldJson, world_from
from tools.ledger import EffectState

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tickets.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
(REFUSAL,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def first_column(heading: str) -> list[str]:
    """Return the words in the first column of the table with this heading."""
    table = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def words_of(key: str) -> set[str]:
    """Return the quoted words in the row of a key of `expect`."""
    (row,) = re.findall(rf"^\| `{key}` \| (.*) \|$", PAGE.split("\n| expect key |")[1], re.MULTILINE)
    return {word.strip('"') for word in re.findall(r"`([^`]*)`", row)}


def keys_of(model: type[Ticket | Expected | Order | Budget | WorldJson]) -> list[str]:
    return sorted(field.alias or name for name, field in model.model_fields.items())


async def test_the_example_replays_without_a_difference(tmp_path: Path) -> None:
    file = tmp_path / "example.json"
    file.write_text(EXAMPLE, "utf-8")
    trial = await tried(read_ticket(file), read_house(read_settings({})))
    assert (trial.status, trial.wrong) == (Status.PASS, ())


def test_the_refusal_is_what_the_misspelt_example_gives(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(EXAMPLE.replace('"issued"', '"isued"'), "utf-8")
    with pytest.raises(TicketError) as caught:
        read_ticket(file)
    assert f"{caught.value}\n".replace(f"{tmp_path}/", "") == REFUSAL


def test_the_least_player_is_taken() -> None:
    (player,) = re.findall(r'taken is `(\{"id".*?\})`', PAGE, re.DOTALL)
    least = json.loads(player)
    assert world_from({"players": [least]}).players == {"P1": least}
    for key in least:
        with pytest.raises(ValueError, match=rf"`world\.players\.0\.{key}`: this field is missing"):
            world_from({"players": [{name: value for name, value in least.items() if name != key}]})


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("ticket key", keys_of(Ticket)),
        ("world key", keys_of(WorldJson)),
        ("expect key", keys_of(Expected)),
        ("order key", keys_of(Order)),
        ("budget key", keys_of(Budget)),
        ("operation", get_args(Operation)),
        ("fault", [*Fault]),
        ("hand-over", [word for word in HANDOFFS if word]),
    ],
)
def test_a_table_names_every_word_and_no_other(heading: str, known: Iterable[str]) -> None:
    assert sorted(first_column(heading)) == sorted(known)


def test_the_end_states_are_named() -> None:
    assert words_of("outcome") == set(OUTCOMES)
    assert words_of("decision") == set(DECISIONS)
    assert words_of("effects") == {"tool: state", *EffectState}
    assert words_of("language") == set(LANGUAGES)
