"""JUnit XML is read by a real parser, with the attributes and children that its common schema knows."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from evals.report.junit import LONGEST, JUnit
from evals.report.report import INCOMPLETE, NOT_JUDGED
from evals.trial import Status, Trial
from tests.evals.report.runs import (
    BROKEN,
    CONTROLLED,
    EVERY,
    FAILED,
    HEADER,
    HOSTILE,
    LEFT,
    PASSED,
    STALE,
    STALE_WRONG,
    WIDE,
    document,
    repeated,
)

# By element: the attributes of the schema of Jenkins' xUnit plugin, which the other readers are content with.
KNOWN = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "time", "classname"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set[str](),
}


def suite(*trials: Trial, complete: bool = True) -> Element:
    whole = fromstring(document(JUnit(HEADER), trials, complete=complete))  # noqa: S314  # our own document
    assert whole.tag == "testsuites"
    (one,) = whole
    assert {element.tag for element in whole.iter()} <= KNOWN.keys()
    assert all(element.attrib.keys() <= KNOWN[element.tag] for element in whole.iter())
    return one


def case(trial: Trial) -> Element:
    (found,) = suite(trial).findall("testcase")
    return found


def test_the_counts_are_those_of_the_cases() -> None:
    one = suite(*EVERY)
    assert {name: one.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "7",
        "failures": "4",
        "errors": "1",
        "skipped": "1",
    }
    cases = one.findall("testcase")
    assert len(cases) == 7
    assert sum(found.find("failure") is not None for found in cases) == 4


def test_a_passed_trial_is_a_case_without_a_child_but_its_output() -> None:
    found = case(PASSED)
    assert found.attrib == {"classname": "evals.tickets.demo.1-issued", "name": "issued", "time": "0.012"}
    assert [child.tag for child in found] == ["system-out"]


def test_a_failed_trial_tells_every_line_of_the_parts_that_gate() -> None:
    (failure, output) = case(FAILED)
    assert failure.attrib == {"type": "fail", "message": "state: tier: expected 'high', found 'vip'"}
    assert failure.text == (
        "state: tier: expected 'high', found 'vip'\n"
        "state: granted: expected ['P2'], found ['P1']\n"
        "order: before: verify_player_identity comes after issue_bonus"
    )
    assert "judge (does not gate): the reply is curt" in (output.text or "")


def test_a_stale_trial_is_a_failure_of_its_own_type() -> None:
    failure = case(STALE)[0]
    assert (failure.tag, failure.get("type")) == ("failure", "stale")
    assert (failure.get("message") or "").startswith(
        "stale: prompt procedure/bonus-request/messages/0/content changed at exchange 2: was 'Ask for"
    )


def test_an_error_says_why_and_what_was_not_run_is_skipped() -> None:
    error, skipped = case(BROKEN)[0], case(LEFT)[0]
    assert (error.tag, error.get("message")) == ("error", "ConnectionError: nobody listens there")
    assert (skipped.tag, skipped.get("message")) == ("skipped", "the budget of 5 was spent")


def test_what_xml_cannot_hold_is_seen_and_a_long_text_is_cut_off() -> None:
    failure = case(HOSTILE)[0]
    assert "</script><script>alert(1)</script>" in (failure.text or "")
    assert "\\x1b[31m\\u202egpj\\x00" in (failure.text or "")
    assert len(case(WIDE)[0].text or "") == LONGEST


def test_repeats_are_cases_of_their_own() -> None:
    text = document(JUnit(replace(HEADER, repeat=2)), repeated(PASSED, [Status.PASS, Status.FAIL]))
    names = [found.get("name") for found in fromstring(text).iter("testcase")]  # noqa: S314  # our own document
    assert names == ["issued [1]", "issued [2]"]


def test_an_incomplete_run_is_an_error_at_the_top() -> None:
    one = suite(PASSED, complete=False)
    first = one.findall("testcase")[0]
    assert (one.get("tests"), one.get("errors")) == ("2", "1")
    assert (first.get("name"), first[0].get("message")) == ("the run came to its end", INCOMPLETE)


def test_a_run_without_trials_is_a_suite_without_cases() -> None:
    assert suite().findall("testcase") == []


def test_the_properties_say_what_was_run() -> None:
    found = {one.get("name"): one.get("value") for one in suite().iter("property")}
    assert found == {
        "run": "run-1",
        "level": "L1",
        "match": "strict",
        "repeat": "1",
        "seed": "7",
        "shard": "1/1",
        "version.croupier": "0.1.0",
        "version.model": "policy",
        "version.house": "ab" * 32,
    }


def test_a_stale_ticket_is_not_judged() -> None:
    (failure,) = case(STALE_WRONG).findall("failure")
    assert str(failure.text).splitlines()[1:] == [NOT_JUDGED]
    assert "judge" not in str(case(STALE_WRONG).findtext("system-out"))


def test_what_the_controls_pass_is_a_property() -> None:
    found = {one.get("name"): one.get("value") for one in suite(CONTROLLED).iter("property")}
    assert (found["control.do-nothing"], found["control.always-issue"]) == ("0 of 1", "1 of 1")
