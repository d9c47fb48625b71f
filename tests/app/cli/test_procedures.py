"""The commands of `croupier procedures`, run as an author would."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.settings import shipped
from app.cli.procedures import procedures

HEAD = "---\nname: {name}\ndescription: The player wants a test of ours.\nstatus: published\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    fallback = HEAD.format(name="General").replace("status:", "category: fallback\nstatus:")
    (folder / "general.md").write_text(f"{fallback}Answer.\n")
    typed = HEAD.format(name="Typed") + "1. @Player Profile\r\n2. Go on with @General\n"
    (folder / "typed.md").write_bytes(typed.encode())
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(procedures, [str(argument) for argument in arguments])


def test_the_shipped_procedures_are_listed() -> None:
    found = run("list", "--json")
    document = json.loads(found.stdout)
    assert (found.exit_code, found.stderr, document["schema_version"]) == (0, "", 1)
    assert [one["id"] for one in document["procedures"]] == [
        *("bonus-inquiry", "bonus-request", "general-fallback", "high-value-bonus", "notify-back-office"),
    ]


def test_a_list_for_people_is_a_table(folder: Path) -> None:
    found = run("list", "--folder", folder)
    assert found.exit_code == 0
    assert "context:play" in found.stdout


def test_a_procedure_is_shown_as_a_model_reads_it(folder: Path) -> None:
    found = run("show", "typed", "--brand", "red", "--folder", folder)
    assert found.exit_code == 0
    assert "1. `player_profile` (Player Profile)" in found.stdout
    shown = json.loads(run("show", "typed", "--folder", folder, "--json").stdout)["procedure"]
    assert shown["instructions"].startswith(
        "1. `player_profile` (Player Profile)\n2. Go on with procedure `general` (General)"
    )


def test_a_procedure_that_is_not_there_is_wrong_usage_with_the_nearest_name(folder: Path) -> None:
    found = run("show", "typd", "--folder", folder)
    assert found.exit_code == 2
    assert 'There is no procedure "typd". Did you mean "typed"?' in found.stderr


def test_lint_exits_with_0_1_or_3(folder: Path) -> None:
    assert run("lint", folder / "general.md").exit_code == 0
    warned = run("lint", folder)
    assert warned.exit_code == 1
    assert f"{folder}/typed.md:6:4: L101 " in warned.stderr
    (folder / "broken.md").write_text("no front matter")
    broken = run("lint", folder, "--json")
    assert broken.exit_code == 3
    findings = json.loads(broken.stdout)["findings"]
    assert [(Path(one["file"]).name, one["code"]) for one in findings] == [
        *(("broken.md", "P001"), ("typed.md", "L101"), ("typed.md", "P107"), ("typed.md", "L101")),
    ]


def test_lint_knows_from_the_tools_what_has_to_come_first(folder: Path) -> None:
    chip = "@[Issue Bonus](action:issue_bonus)"
    (folder / "typed.md").write_text(f"{HEAD.format(name='Hasty')}1. {chip}\n")
    found = run("lint", folder)
    assert found.exit_code == 1
    assert 'typed.md:6:4: L205 "Issue Bonus" stands where "qualify_for_bonus" has not been done.' in found.stderr


def test_an_invalid_folder_is_refused_with_every_finding(folder: Path) -> None:
    (folder / "typed.md").write_text("no front matter")
    found = run("list", "--folder", folder)
    assert (found.exit_code, found.stdout) == (3, "")
    assert f"{folder}/typed.md:1:1: P001 " in found.stderr


def test_format_checks_and_then_writes_nothing_but_chips(folder: Path) -> None:
    before = (folder / "typed.md").read_bytes()
    checked = run("format", "--check", folder)
    assert (checked.exit_code, (folder / "typed.md").read_bytes()) == (1, before)
    assert run("format", folder / "typed.md").exit_code == 0
    after = before.replace(b"@Player Profile", b"@[Player Profile](context:player_profile)")
    assert (folder / "typed.md").read_bytes() == after.replace(b"@General", b"@[General](procedure:general)")
    assert sorted(file.name for file in folder.iterdir()) == ["general.md", "typed.md"]
    assert run("format", "--check", folder).exit_code == 0


def test_format_without_a_path_is_wrong_usage() -> None:
    assert run("format").exit_code == 2
    assert run("format", "--check").exit_code == 0


def test_format_refuses_a_file_that_is_no_procedure(folder: Path) -> None:
    (folder / "typed.md").write_text("no front matter")
    assert run("format", folder).exit_code == 3


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run("lint", tmp_path / "none.md").exit_code == 2


def test_verification_that_a_mention_forces_on_is_said(tmp_path: Path) -> None:
    forced = (
        (shipped("procedures") / "support" / "bonus-request.md").read_text("utf-8").replace("verify_player: true\n", "")
    )
    (tmp_path / "bonus-request.md").write_text(forced, "utf-8")
    found = run("lint", tmp_path / "bonus-request.md")
    assert found.exit_code == 0
    assert "P107" in found.stderr
    assert 'needs a verified player, so verification is on. Write "verify_player: true"' in found.stderr


def test_lint_without_a_path_checks_the_configured_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped_ones = run("lint", "--json")
    assert (shipped_ones.exit_code, json.loads(shipped_ones.stdout)["files"]) == (0, 5)
    monkeypatch.setenv("CROUPIER_PROCEDURES", str(folder))
    ours = run("lint", "--json")
    found = [(one["file"], one["code"]) for one in json.loads(ours.stdout)["findings"]]
    assert (ours.exit_code, found[0]) == (1, (f"{folder}/typed.md", "L101"))
    assert run("lint", folder / "general.md").exit_code == 0
    monkeypatch.setenv("CROUPIER_PROCEDURES", "")
    assert run("lint", "--json").stdout == shipped_ones.stdout


def test_format_without_a_path_checks_the_configured_folder_and_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "typed.md").read_bytes()
    monkeypatch.setenv("CROUPIER_PROCEDURES", str(folder))
    checked = run("format", "--check")
    assert (checked.exit_code, checked.stderr) == (1, f"would change: {folder}/typed.md\n")
    assert (run("format").exit_code, (folder / "typed.md").read_bytes()) == (2, before)


@pytest.mark.parametrize("command", [("lint",), ("lint", "--json"), ("format", "--check")])
@pytest.mark.parametrize("place", ["none", "x" * 300])
def test_a_configured_folder_that_cannot_be_looked_at_is_wrong_usage_and_named(
    command: tuple[str, ...], place: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("CROUPIER_PROCEDURES", place)
    found = run(*command)
    assert (found.exit_code, found.stdout) == (2, "")
    assert f'CROUPIER_PROCEDURES is "{place}"' in found.stderr
    assert "mend it, or unset it for those that ship" in found.stderr
    assert run(*command, folder / "general.md").exit_code == 0


@pytest.mark.parametrize("command", ["lint", "format"])
def test_the_help_says_where_is_looked_without_a_path(command: str) -> None:
    assert "CROUPIER_PROCEDURES" in run(command, "--help").stdout
