"""What every command of `croupier bonus` has in common: files that are not there, and settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.app.cli.conftest import Croupier
from tests.app.cli.stored_files import WHO, written


@pytest.mark.parametrize("words", [("plan",), ("apply", *WHO), ("format",), ("check",)])
@pytest.mark.parametrize("name", ["none.yaml", "n" * 300])
def test_a_file_that_is_not_there_is_one_message(
    *, croupier: Croupier, tmp_path: Path, one_message: Callable[[Result], str], words: tuple[str, ...], name: str
) -> None:
    refused = croupier("bonus", *words, tmp_path / name)
    assert refused.exit_code == 3
    assert one_message(refused).startswith(f"{tmp_path / name}: this file cannot be read (")


@pytest.mark.parametrize("words", [("plan", "x"), ("check", "x"), ("decide", "x", "--player", "y"), ("list",)])
def test_a_setting_that_cannot_be_used_is_one_message_of_every_command(
    croupier: Croupier, one_message: Callable[[Result], str], words: tuple[str, ...]
) -> None:
    refused = croupier("bonus", *words, CROUPIER_BACKOFFICE_TIMEOUT_S="abc")
    assert refused.exit_code == 2
    assert one_message(refused).startswith('CROUPIER_BACKOFFICE_TIMEOUT_S is "abc"; it must be a number of seconds')


def test_every_command_that_weighs_the_law_takes_the_packs_of_the_settings(croupier: Croupier, tmp_path: Path) -> None:
    file, table = written(tmp_path / "own"), tmp_path / "players.csv"
    table.write_text("player.id\nP1\n")
    words = (
        ("check", file),
        ("decide", file, "--player", "x.json"),
        ("test", file, "--random", "1"),
        ("population", file, "--players", table),
    )
    for command in words:
        refused = croupier("bonus", *command, CROUPIER_JURISDICTIONS=str(tmp_path / "nowhere"))
        assert (refused.exit_code, refused.stdout) == (3, "")
        said = refused.stderr.strip()  # the progress of a population run leaves an empty line
        assert said.startswith(f"{tmp_path / 'nowhere'}: there is no jurisdiction pack here.")
