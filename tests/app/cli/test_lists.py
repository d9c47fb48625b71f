"""What can be done and by which procedures, for people and for machines."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tools.catalog import CATALOG


def test_the_tools_are_listed_for_a_machine(croupier: Callable[..., Result]) -> None:
    found = croupier("tools", "list", "--json")
    document = json.loads(found.stdout)
    assert (found.exit_code, found.stderr, document["schema_version"]) == (0, "", 1)
    listed = {tool["name"]: tool for tool in document["tools"]}
    assert list(listed) == list(CATALOG)
    issue = listed["issue_bonus"]
    description, arguments = issue.pop("description"), issue.pop("arguments")
    assert issue == {
        "name": "issue_bonus",
        "display_name": "Issue Bonus",
        "kind": "write",
        "needs": ["verified_player", "granted_decision"],
        "establishes": ["grant"],
    }
    assert list(arguments["properties"]) == ["decision_id"]
    assert description.startswith("Give the player the bonus")


def test_the_tools_are_listed_for_people_with_their_whole_names(croupier: Callable[..., Result]) -> None:
    found = croupier("tools", "list")
    assert (found.exit_code, found.stderr) == (0, "")
    assert [name for name in CATALOG if f"{name}  " not in found.stdout] == []


def test_the_procedures_are_listed_and_shown_by_ids_that_can_be_typed(croupier: Callable[..., Result]) -> None:
    ids = [one["id"] for one in json.loads(croupier("procedures", "list", "--json").stdout)["procedures"]]
    table = croupier("procedures", "list").stdout
    assert [id_ for id_ in ids if f" {id_} " not in table] == []
    shown = [json.loads(croupier("procedures", "show", id_, "--json").stdout)["procedure"]["id"] for id_ in ids]
    assert shown == ids


def test_what_ships_is_without_findings_and_formatted(croupier: Callable[..., Result]) -> None:
    lint, form = croupier("procedures", "lint"), croupier("procedures", "format", "--check")
    assert (lint.exit_code, form.exit_code) == (0, 0)


def test_an_unknown_mention_is_a_finding_with_place_and_mend(croupier: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "own.md"
    path.write_text("---\nname: Own\ndescription: A test of ours.\nstatus: published\n---\nUse @Issue Bonuss now.\n")
    found = croupier("procedures", "lint", path, "--json")
    first, *_ = json.loads(found.stdout)["findings"]
    assert (found.exit_code, first["line"], first["column"], first["severity"]) == (3, 6, 5, "error")
    assert "Issue Bonus" in first["mend"]
