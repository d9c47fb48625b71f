"""JSON lines for other programs: the run, short trials, the end."""

import json

from casino.document import dump_json, load_json
from evals.report.lines import Lines
from evals.trial import Status
from tests.evals.report.runs import CONTROLLED, EVERY, FAILED, HEADER, PASSED, document


def test_each_line_is_json_and_says_what_it_is() -> None:
    lines = [json.loads(line) for line in document(Lines(HEADER), EVERY, complete=False).splitlines()]
    assert {line["schema"] for line in lines} == {"report/1"}
    assert [line["kind"] for line in lines] == ["run", *["trial"] * 7, "end"]
    assert (lines[0]["run"], lines[0]["complete"], lines[-1]["complete"]) == ("run-1", False, False)
    assert lines[-1]["counts"] == {"pass": 1, "fail": 3, "stale": 1, "error": 1, "not_run": 1}


def test_a_trial_has_its_verdict_and_costs_and_no_time_line() -> None:
    line = json.loads(document(Lines(HEADER), [FAILED]).splitlines()[1])
    assert line.keys() == {
        *("schema", "kind", "ticket", "file", "title", "level", "repeat", "seed", "status", "tags", "why"),
        *("parts", "divergences", "path", "usage", "controls"),
    }
    assert (line["status"], line["parts"][0]["wrong"][0]) == (Status.FAIL, "tier: expected 'high', found 'vip'")


def test_numbers_stay_exact() -> None:
    text = document(Lines(HEADER), [PASSED]).splitlines()[1]
    assert '"cpu_ms": 9.1' in text
    assert dump_json(load_json(text, name="line").value) == text


def test_the_end_counts_what_the_controls_pass() -> None:
    trial, end = map(json.loads, document(Lines(HEADER), [CONTROLLED]).splitlines()[1:])
    assert trial["controls"] == {"do-nothing": "fail", "always-issue": "pass"}
    assert end["controls"] == {
        "do-nothing": {"passed": 0, "played": 1},
        "always-issue": {"passed": 1, "played": 1},
    }
    assert [warning.partition(" passes")[0] for warning in end["warnings"]] == ["the control always-issue"]
