"""What is typed and what is shown: no byte, no control character and no moment surprises a command."""

from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner
from rich.table import Table
from rich.text import Text

from app.cli.exits import Exit, Stopped
from app.cli.screen import people
from app.cli.words import Moment, escaped, not_text

NASTY = "a\x1b]0;b\x07c\x9b2J\x7f"
SHOWN = r"a\x1b]0;bc\x9b2J\x7f"  # the bell is taken out by the console itself


def test_control_characters_are_written_so_that_they_can_be_seen() -> None:
    assert escaped(f"{NASTY}\n\tأريد") == r"a\x1b]0;b\x07c\x9b2J\x7f" + "\n\tأريد"


def test_people_read_control_characters_and_their_terminal_obeys_none(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table.grid()
    table.add_row(Text(NASTY))
    for part in (NASTY, Text(NASTY, style="bold"), table):
        people(as_json=False).print(part, soft_wrap=True)
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [SHOWN] * 3


def test_colours_are_still_colours(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    people(as_json=False).print(Text("\x1b", style="bold"))
    assert capsys.readouterr().out == "\x1b[1m\\x1b\x1b[0m\n"


def test_a_refusal_that_quotes_a_control_character_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    Stopped("no \x1b[2J", Exit.USAGE).show()
    assert capsys.readouterr().err == "no \\x1b[2J\n"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["bonus", "--brand", "\udcff"], "--brand"),
        (["--brand=\udcff"], "--brand"),
        (["--brand=a", "\udcff"], "argument 2"),
        (["--\udcff=a"], "argument 1"),
        (["--brand", "é"], "CROUPIER_AUTHOR"),
    ],
)
def test_the_place_of_bytes_that_are_no_text_is_named(words: list[str], name: str) -> None:
    assert not_text(words, {"CROUPIER_AUTHOR": "\udcff", "CROUPIER_BRAND": "é", "OTHER": "\udcff"}) == name


def test_text_is_text() -> None:
    assert not_text(["bonus", "--brand", "é"], {"CROUPIER_BRAND": "é"}) is None


@click.command()
@click.option("--at", type=Moment(), default=datetime(2026, 1, 1, tzinfo=UTC))
def _at(at: datetime) -> None:
    click.echo(at.isoformat())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "2026-01-01T00:00:00+00:00"),
        (["--at", "2026-01-31T12:00:00+01:00"], "2026-01-31T11:00:00+00:00"),
        (["--at", "2026-01-31"], "no moment. Write it with its offset, as 2026-01-31T12:00:00Z."),
        (["--at", "0001-01-01T00:00:00Z"], "out of reach. Write a moment from 1970 to 2199."),
        (["--at", "2200-01-01T00:00:00Z"], "out of reach. Write a moment from 1970 to 2199."),
    ],
)
def test_a_moment_is_one_that_every_time_zone_has_a_day_for(words: list[str], said: str) -> None:
    assert CliRunner().invoke(_at, words).output.strip().endswith(said)
