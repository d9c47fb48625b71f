"""Annotations are escaped by GitHub's rules, and no more than it shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.report.github import MOST, PAGE_MOST, SUMMARY_MOST, Annotations, in_actions, mute, muted, summary_file
from evals.report.report import INCOMPLETE
from evals.trial import Status
from tests.evals.report.runs import BROKEN, FAILED, HEADER, HOSTILE, LEFT, PASSED, STALE, document, repeated


def test_a_failed_ticket_is_an_error_on_its_file() -> None:
    assert document(Annotations(HEADER), [PASSED, FAILED, LEFT]) == (
        "::error file=evals/tickets/demo/1-issued.json,line=1,title=wrong-tier%3A fail::"
        "A high roller is of the tier high%0Astate: tier: expected 'high', found 'vip'%0A"
        "state: granted: expected ['P2'], found ['P1']%0A"
        "order: before: verify_player_identity comes after issue_bonus\n"
    )


def test_a_stale_ticket_is_a_warning_that_names_the_changed_text() -> None:
    assert document(Annotations(HEADER), [STALE]) == (
        "::warning file=evals/tickets/demo/1-issued.json,line=1,title=old%3A stale::"
        "Recorded before the procedure was changed%0A"
        "stale: prompt procedure/bonus-request/messages/0/content: "
        "was Ask for the e-mail address. Then ask for the date of birth., "
        "is now Ask for the e-mail address. Then ask for the phone number.\n"
    )


def test_an_error_tells_why() -> None:
    assert "%0AConnectionError: nobody listens there\n" in document(Annotations(HEADER), [BROKEN])


def test_a_hostile_ticket_is_one_line_with_one_command() -> None:
    (line,) = document(Annotations(HEADER), [HOSTILE]).splitlines()
    properties = line.removeprefix("::error ").partition("::")[0]
    assert [one.partition("=")[0] for one in properties.split(",")] == ["file", "line", "title"]
    assert "%0A::error::forged" in line
    assert "%250A" in line


def test_there_are_ten_of_a_type_and_a_line_that_says_how_many_more() -> None:
    failed = repeated(FAILED, [Status.FAIL] * (MOST + 3))
    lines = document(Annotations(replace(HEADER, repeat=13)), [*failed, STALE]).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * MOST + ["3", "::warning"]
    assert lines[MOST] == "3 more of type error are in the report; GitHub shows 10 of a type"
    assert "title=wrong-tier [2]%3A fail" in lines[1]


def test_an_incomplete_run_is_the_first_error() -> None:
    failed = repeated(FAILED, [Status.FAIL] * MOST)
    lines = document(Annotations(HEADER), failed, complete=False).splitlines()
    assert lines[0] == f"::error title=Evals::{INCOMPLETE}"
    assert [line.startswith("::error") for line in lines] == [True] * MOST + [False]
    assert lines[-1].startswith("1 more of type error")


def test_files_are_named_from_the_root_of_the_repository() -> None:
    inside = replace(FAILED, file="/home/runner/work/house/evals/one.json")
    there = document(Annotations(HEADER, workspace="/home/runner/work/house"), [inside])
    assert there.startswith("::error file=evals/one.json,")
    elsewhere = document(Annotations(HEADER, workspace="/elsewhere"), [inside])
    assert elsewhere.startswith("::error file=/home/runner/work/house/evals/one.json,")


def test_a_ticket_of_a_pack_is_annotated_on_its_line() -> None:
    packed = replace(FAILED, file="evals/tickets/bonus.jsonl:12")
    assert document(Annotations(HEADER), [packed]).startswith("::error file=evals/tickets/bonus.jsonl,line=12,title=")


def test_a_page_is_not_written_where_the_summary_of_the_step_would_get_too_long(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(file)}
    file.write_bytes(b"x" * (SUMMARY_MOST - PAGE_MOST))
    assert summary_file(environment) == file
    file.write_bytes(b"x" * (SUMMARY_MOST - PAGE_MOST + 1))
    assert summary_file(environment) is None


def test_the_summary_is_written_in_github_actions_only() -> None:
    assert summary_file({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/s"}) == Path("/s")
    assert summary_file({"GITHUB_STEP_SUMMARY": "/s"}) is None
    assert summary_file({"GITHUB_ACTIONS": "true"}) is None
    assert (in_actions({"GITHUB_ACTIONS": "true"}), in_actions({"GITHUB_ACTIONS": "false"})) == (True, False)


def test_commands_are_stopped_by_a_token() -> None:
    assert mute("abc") == ("::stop-commands::abc\n", "::abc::\n")


def test_what_is_written_meanwhile_stands_between_the_lines_of_the_token() -> None:
    lines: list[str] = []
    for environment in ({"GITHUB_ACTIONS": "true"}, {}):
        with muted(environment, lines.append, token="abc"):
            lines.append("::error::forged\n")
    assert lines == ["::stop-commands::abc\n", "::error::forged\n", "::abc::\n", "::error::forged\n"]


def test_commands_go_on_after_what_raises() -> None:
    lines: list[str] = []
    with pytest.raises(ZeroDivisionError), muted({"GITHUB_ACTIONS": "true"}, lines.append, token="abc"):
        _ = 1 / 0
    assert lines == ["::stop-commands::abc\n", "::abc::\n"]
