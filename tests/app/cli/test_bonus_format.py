import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.bonus.tidy import tidy

UNTIDY = "id: {0}\nname: A\npriority: 1  # high\nqualification:\n  - player.ngr>0\n"
TIDY = UNTIDY.replace("player.ngr>0", "player.ngr > 0")
FIELDS = "fields:\n  - {path: player.half, expression: player.ngr/2}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(UNTIDY.format("a"))
    (tmp_path / "b.yml").write_text(TIDY.format("b"))
    (tmp_path / "fields.yaml").write_text(FIELDS)
    (tmp_path / "notes.txt").write_text("player.ngr>0")
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(tidy, [str(word) for word in words])


def test_a_folder_is_rewritten_in_the_form_of_the_house(folder: Path) -> None:
    found = run(folder)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout == f"{folder / 'a.yaml'}: rewritten\n{folder / 'fields.yaml'}: rewritten\n"
    assert (folder / "a.yaml").read_text() == TIDY.format("a")
    assert (folder / "fields.yaml").read_text() == FIELDS.replace("player.ngr/2", '"player.ngr / 2"')
    assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "b.yml", "fields.yaml", "notes.txt"]
    assert run(folder).stdout == "All in the form of the house.\n"


def test_check_writes_nothing_and_ends_with_1_where_something_would_change(folder: Path) -> None:
    found = run("--check", "--json", folder)
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {
        "schema_version": 1,
        "changed": [str(folder / "a.yaml"), str(folder / "fields.yaml")],
        "written": False,
    }
    assert (folder / "a.yaml").read_text() == UNTIDY.format("a")
    told = run("--check", folder / "a.yaml")
    assert (told.exit_code, told.stdout) == (1, f"{folder / 'a.yaml'}: would change\n")
    assert run("--check", folder / "b.yml").exit_code == 0


def test_nothing_is_written_where_one_file_cannot_be_taken(folder: Path) -> None:
    (folder / "c.yaml").write_text("id: c\nname: C\npriority: 1\nsegmentation: [player.ngr = 0]\n")
    found = run(folder)
    assert (found.exit_code, found.stdout) == (3, "")
    assert found.stderr == (f'{folder / "c.yaml"}:4:27: "=" is not an operator. Did you mean "=="?\n')
    assert (folder / "a.yaml").read_text() == UNTIDY.format("a")


def test_a_file_keeps_its_permissions(folder: Path) -> None:
    (folder / "a.yaml").chmod(0o640)
    assert run(folder / "a.yaml").exit_code == 0
    assert (folder / "a.yaml").stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_written_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    found = run(folder / "a.yaml")
    assert (found.exit_code, found.stdout) == (3, "")
    assert found.stderr == f"{folder / 'a.yaml'}: it cannot be written (No space left on device).\n"
    assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "b.yml", "fields.yaml", "notes.txt"]
    assert (folder / "a.yaml").read_text() == UNTIDY.format("a")


def test_of_several_files_none_is_written_where_one_cannot_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def full(file: int) -> None:
        synced.append(file)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    found = run(folder)
    assert (found.exit_code, found.stderr) == (
        3,
        f"{folder / 'fields.yaml'}: it cannot be written (No space left on device).\n",
    )
    assert (folder / "a.yaml").read_text() == UNTIDY.format("a")
    assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "b.yml", "fields.yaml", "notes.txt"]


def test_a_link_stays_one_and_what_it_leads_to_is_written(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (folder / "a.yaml").rename(elsewhere / "a.yaml")
    (folder / "a.yaml").symlink_to(elsewhere / "a.yaml")
    assert run(folder / "a.yaml").exit_code == 0
    assert (folder / "a.yaml").is_symlink()
    assert (elsewhere / "a.yaml").read_text() == TIDY.format("a")
