"""Places that cannot be looked at, and a store that gives up half way: one message, and nothing that is untrue."""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from agent.settings import SettingsError, read_settings
from app.backoffice.serve import running
from app.cli.configured import with_folders
from app.cli.exits import Stopped
from app.cli.places import places
from tests.app.cli.conftest import Croupier

NOBODY = 65534
LONG = "x" * 300
FOLDERS = ["CROUPIER_GATE", "CROUPIER_PROCEDURES", "CROUPIER_BONUSES", "CROUPIER_PROMPTS"]
OneMessage = Callable[[Result], str]


@contextmanager
def closed(folder: Path) -> Generator[Path]:
    """Close a folder to whoever runs the tests; where that is root, who is let in everywhere, to somebody else."""
    folder.mkdir()
    folder.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_setting_whose_place_cannot_be_looked_at_is_wrong_usage(
    croupier: Croupier, one_message: OneMessage, ticket_file: Callable[..., Path], name: str
) -> None:
    found = croupier("run", ticket_file(), **{name: LONG})
    why = "it cannot be looked at (File name too long): mend it, or unset it for what ships"
    assert (found.exit_code, one_message(found)) == (2, f'{name} is "{LONG}"; {why}')


@pytest.mark.parametrize("name", FOLDERS)
def test_a_setting_that_lies_in_a_closed_folder_is_not_said_to_be_missing(tmp_path: Path, name: str) -> None:
    settings = read_settings({name: str(tmp_path / "closed" / "place")})
    with (
        closed(tmp_path / "closed"),
        pytest.raises(SettingsError, match=rf"^{name} is .*\(Permission denied\): mend it"),
    ):
        with_folders(settings)


def test_a_place_below_a_file_or_with_too_long_a_name_holds_no_record_and_is_said(
    croupier: Croupier, one_message: OneMessage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for place, why in ((tmp_path / "file" / "sub", "Not a directory"), (tmp_path / LONG, "File name too long")):
        for words in (["ledger", "list"], ["tickets", "list"]):
            found = croupier(*words, CROUPIER_DATA=str(place))
            message = one_message(found)
            assert (found.exit_code, f"{place}: this folder cannot be read ({why}); " in message) == (3, True), message
        stored = croupier("ledger", "list", CROUPIER_STORE=f"sqlite:///{place}/croupier.sqlite")
        assert (stored.exit_code, f"the store cannot be used ({why})" in one_message(stored)) == (3, True)


@pytest.mark.parametrize("below", ["", "sub"])
def test_a_closed_folder_does_not_look_empty(tmp_path: Path, below: str) -> None:
    why = r"this folder cannot be read \(Permission denied\); give yourself the right"
    with closed(tmp_path / "closed") as folder, pytest.raises(Stopped, match=why):
        places(folder / below)


def test_a_start_that_is_refused_leaves_nothing_behind(
    croupier: Croupier, one_message: OneMessage, ticket_file: Callable[..., Path], tmp_path: Path, data: Path
) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("people: 5")
    for words in (["run", ticket_file()], ["chat"]):
        found = croupier(*words, CROUPIER_GATE=str(gate))
        assert (found.exit_code, one_message(found).startswith(f"{gate}:1:")) == (3, True)
    assert not data.exists()


@pytest.mark.parametrize("is_named", [False, True], ids=["a-file-in-the-data", "a-store-that-is-named"])
def test_a_ticket_that_a_store_stops_half_way_is_named_with_what_to_do(
    croupier: Croupier, ticket_file: Callable[..., Path], data: Path, tmp_path: Path, *, is_named: bool
) -> None:
    with running(token="t", webhook_secret="whsec_b2ZmaWNlLXNlY3JldA==") as office:
        desk = {"CROUPIER_BACKOFFICE_URL": office.url, "CROUPIER_BACKOFFICE_TOKEN": "t"}
        if is_named:
            desk["CROUPIER_STORE"] = f"sqlite:///{tmp_path / 'named' / 'croupier.sqlite'}"
        assert croupier("run", ticket_file(), **desk).exit_code == 0
        states = (tmp_path / "named" if is_named else data) / "checkpoints.sqlite"
        with closing(sqlite3.connect(states)) as connection, connection:
            connection.execute("CREATE TRIGGER b BEFORE INSERT ON writes BEGIN SELECT RAISE(ABORT, 'no room'); END")
        played = croupier("run", ticket_file(), "--json", **desk)
        talked = croupier("chat", typed="Hello\n\n", **desk)
    where = "" if is_named else f" --data {data}"
    for found, name in ((played, "hello-"), (talked, "chat-")):
        (message,) = found.stderr.splitlines()[-1:]
        ticket_id = message.split("Ticket ")[1].split()[0]
        assert (found.exit_code, ticket_id.startswith(name)) == (3, True)
        assert message == (
            f"{states}: the states of tickets cannot be used (no room); mend it, and then do the same again. "
            f"Ticket {ticket_id} stopped half way: see what it has done with "
            f"`croupier ledger list --ticket {ticket_id}{where}`, settle what is in doubt with "
            f"`croupier ledger reconcile{where}`, and then send it again"
        )
        assert croupier("ledger", "list", "--ticket", ticket_id, **desk).exit_code == 0
