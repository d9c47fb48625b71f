"""The address of a store in the place of a folder, and what an export of what decides holds."""

from pathlib import Path

import pytest

from agent.bonus.files import named, store_address
from agent.bonus.store import own_store
from tests.app.cli.conftest import Croupier
from tests.app.cli.stored_files import WHO, applying, written


@pytest.fixture
def own(tmp_path: Path, croupier: Croupier) -> Path:
    """Return a folder whose one configuration is published in the store, with a draft beside it."""
    folder = tmp_path / "own"
    written(folder)
    applying(croupier)(folder)
    written(folder, status="draft", tiers="default")
    applying(croupier)(folder)
    return folder


def test_only_what_decides_is_exported(croupier: Croupier, own: Path, tmp_path: Path) -> None:
    assert own.is_dir()
    result = croupier("bonus", "export", tmp_path / "out", "--published")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, '"vip": its draft was not written.')
    text = (tmp_path / "out" / "vip.yaml").read_text()
    assert "status: published" in text
    assert "name: top" in text


def test_nothing_published_is_no_export(croupier: Croupier, tmp_path: Path) -> None:
    written(tmp_path / "own", status="draft")
    applying(croupier)(tmp_path / "own")
    refused = croupier("bonus", "export", tmp_path / "out", "--published")
    assert (refused.exit_code, refused.stderr.startswith("Nothing in the store is published.")) == (2, True)


def test_a_draft_beside_what_is_published_is_told_as_that(croupier: Croupier, own: Path) -> None:
    written(own, status="draft", priority=11)
    croupier("bonus", "publish", "vip", *WHO)
    assert "status: + a new draft beside version 3, which stays published" in croupier("bonus", "plan", own).stdout
    history = croupier("bonus", "show", "vip", "--history").stdout
    assert "status: + a new draft beside version 1, which stays published" in history


def test_a_store_is_checked_and_decided_by_as_a_folder_is(
    croupier: Croupier, own: Path, data: Path, tmp_path: Path
) -> None:
    player = tmp_path / "player.json"
    player.write_text('{"player": {"ngr": 600}}')
    result = croupier("bonus", "decide", own_store(data), "--player", player)
    assert result.exit_code == 0, result.output
    assert croupier("bonus", "check", own_store(data)).exit_code in {0, 1}
    both = croupier("bonus", "decide", own_store(data), own, "--player", player)
    assert (both.exit_code, "cannot be read together with other paths" in both.stderr) == (3, True)


@pytest.mark.parametrize("command", ["check", "plan"])
def test_a_database_that_does_not_answer_is_one_message_without_its_password(croupier: Croupier, command: str) -> None:
    result = croupier("bonus", command, "postgresql://desk:s3cret@127.0.0.1:1/bonuses")
    assert result.exit_code == {"check": 4, "plan": 2}[command]
    assert "s3cret" not in result.output


def test_an_address_is_known_again_after_it_was_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.sqlite").touch()
    assert {written: store_address(Path(written)) for written in (
        "sqlite:///here.sqlite", f"sqlite:///{tmp_path}/here.sqlite", "postgresql://u:p@h/db?sslmode=off",
        "postgresql:///db", "bonus", "mysql://h/db",
    )} == {
        "sqlite:///here.sqlite": "sqlite:///here.sqlite",
        f"sqlite:///{tmp_path}/here.sqlite": f"sqlite:///{tmp_path}/here.sqlite",
        "postgresql://u:p@h/db?sslmode=off": "postgresql://u:p@h/db?sslmode=off",
        "postgresql:///db": "postgresql:///db",
        "bonus": None,
        "mysql://h/db": None,
    }  # fmt: skip
    assert named(Path("mysql://u:s3cret@h/db?password=s3cret&x=1")) == "mysql:/u:***@h/db?password=***&x=1"
