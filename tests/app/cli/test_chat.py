"""`croupier chat`, typed through a pipe."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from click.testing import Result

WHO = "My e-mail is anna.keller@example.com and I was born on 12 April 1990."


def _granted(data: Path) -> list[str]:
    (database,) = data.glob("chat-*/backoffice.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        return [player for (player,) in connection.execute("SELECT player_id FROM bonuses")]


def test_a_bonus_is_issued_in_a_chat_and_everything_is_on_the_record(
    croupier: Callable[..., Result], data: Path
) -> None:
    found = croupier("chat", typed=f"Can I get a bonus?\n{WHO}\n\n")
    text = " ".join(found.stdout.split())
    assert (found.exit_code, found.stderr, _granted(data)) == (0, "", ["P1001"])
    assert "player Can I get a bonus?" in text
    assert "the VIP_50 bonus at 1 EUR per spin is on your account" in text
    assert "Outcome: issued The whole record: croupier tickets show chat-" in text
    ticket_id, folder = found.stdout.split("croupier tickets show ")[1].split(" --data ")
    shown = json.loads(croupier("tickets", "show", ticket_id, "--data", folder.strip(), "--json").stdout)
    said = [entry["body"]["text"] for entry in shown["entries"] if entry["kind"] == "player_message"]
    assert said == ["Can I get a bonus?", WHO]


def test_a_signed_in_player_is_not_asked_who_they_are(croupier: Callable[..., Result], data: Path) -> None:
    found = croupier("chat", "--as", "P1001", "--procedure", "bonus-request", typed="Can I get a bonus?\n")
    assert (found.exit_code, "Outcome: issued" in found.stdout, _granted(data)) == (0, True, ["P1001"])


def test_a_chat_in_which_a_human_takes_over_is_silent_from_then_on(croupier: Callable[..., Result]) -> None:
    found = croupier("chat", typed="Give me a human agent please\nAre you there?\n")
    assert found.exit_code == 0
    assert found.stdout.count("   agent  ") == 1
    assert "A human has this ticket: nothing automatic is sent any more." in found.stdout


def test_what_there_is_not_is_wrong_usage(
    croupier: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    nobody = croupier("chat", "--as", "P9")
    assert (nobody.exit_code, one_message(nobody)) == (2, 'there is no player "P9"; check the id')
    nothing = croupier("chat", "--procedure", "bonus-reqest")
    message = 'there is no procedure "bonus-reqest". Did you mean "bonus-request"?'
    assert (nothing.exit_code, one_message(nothing)) == (2, message)


def test_a_chat_of_no_words_ends_at_once(croupier: Callable[..., Result]) -> None:
    found = croupier("chat", typed="")
    assert (found.exit_code, found.stderr) == (0, "")
    assert "Nothing was said." in found.stdout
