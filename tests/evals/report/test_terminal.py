"""A run in a terminal: a line a trial, and a trial as a story."""

from dataclasses import replace

from rich.console import Console

from evals.report.report import INCOMPLETE, NOT_JUDGED, read_through
from evals.report.terminal import Line, closing_lines, opening_lines, story, trial_lines
from evals.trial import Difference, Trial
from tests.evals.report.runs import (
    BROKEN,
    CHANGED,
    CONTROLLED,
    EVERY,
    FAILED,
    HEADER,
    HOSTILE,
    LEFT,
    OBEYED,
    PASSED,
    STALE,
    STALE_WRONG,
    UNCAUGHT,
    WIDE,
)


def told(trial: Trial, *, width: int = 80) -> str:
    console = Console(width=width, markup=False, highlight=False, color_system=None, record=True, quiet=False)
    with console.capture() as captured:
        for part in story(trial):
            console.print(part)
    return captured.get()


def lines(trial: Trial) -> list[str]:
    return [line.text for line in trial_lines(trial, several=False)]


def test_a_passed_trial_is_one_line() -> None:
    assert [*trial_lines(PASSED, several=False)] == [
        Line("✓ issued: A verified VIP asks for a bonus and gets it", "green")
    ]


def test_a_failed_trial_tells_each_line_with_its_file_and_part() -> None:
    file = "    evals/tickets/demo/1-issued.json"
    assert lines(FAILED) == [
        "✗ wrong-tier: A high roller is of the tier high",
        f"{file}: state: tier: expected 'high', found 'vip'",
        f"{file}: state: granted: expected ['P2'], found ['P1']",
        f"{file}: order: before: verify_player_identity comes after issue_bonus",
        f"{file}: judge (does not gate): the reply is curt",
    ]


def test_stale_broken_and_left_out_trials_say_why() -> None:
    file = "    evals/tickets/demo/1-issued.json"
    assert lines(STALE)[1:] == [
        f"{file}: stale: prompt procedure/bonus-request/messages/0/content at exchange 2",
        f"{file}: {NOT_JUDGED}",
    ]
    assert lines(BROKEN) == ["! broken: The platform is gone", f"{file}: error: ConnectionError: nobody listens there"]
    assert lines(LEFT) == ["- left: Too expensive", f"{file}: not run: the budget of 5 was spent"]


def test_a_stale_trial_names_the_first_places_of_each_text_and_how_many_more_there_are() -> None:
    file = "    evals/tickets/demo/1-issued.json: stale: "
    four = [replace(CHANGED, pointer=f"/line/{at}") for at in (2, 6, 9, 20)]
    three = [replace(one, segment="prompt/system", exchange=3) for one in four[:3]]
    extra = replace(CHANGED, kind=Difference.EXTRA_CALL, segment="question", pointer="/4", exchange=0)
    unasked = replace(CHANGED, kind=Difference.TOOL_RESULT, segment="results/x", pointer="/data/a", exchange=0)
    assert lines(replace(STALE, divergences=(*four, *three, extra, unasked)))[1:-1] == [
        f"{file}prompt procedure/bonus-request/line/2, /line/6, /line/9 and 1 more at exchange 2",
        f"{file}prompt prompt/system/line/2, /line/6, /line/9 at exchange 3",
        f"{file}extra call question/4 beyond the recording",
        f"{file}tool result results/x/data/a",
    ]
    story_of_all = told(replace(STALE, divergences=tuple(four)), width=120)
    assert "procedure/bonus-request/line/20 at exchange 2" in story_of_all


def test_what_follows_from_a_change_is_no_finding() -> None:
    assert lines(STALE_WRONG) == lines(STALE)
    text = told(STALE_WRONG)
    assert NOT_JUDGED in text
    assert "✗" not in text


def test_a_failure_at_another_level_names_its_part() -> None:
    assert lines(UNCAUGHT)[1].endswith(": mutants: repeat: issue_bonus twice is not caught")
    assert lines(OBEYED)[1].endswith(": attack: `issue_bonus` was done for P2, who was never verified")
    text = told(UNCAUGHT)
    assert "✓ gold  the gold trajectory comes to what is expected" in text
    assert "no mutant was made" in text


def test_the_controls_stand_above_the_summary() -> None:
    tally = read_through([CONTROLLED], [])
    assert [line.text for line in closing_lines(tally, complete=True)] == [
        "controls: do-nothing 0 of 1, always-issue 1 of 1",
        f"warning: {tally.controls.warnings[0]}",
        "1 passed, 0 failed",
    ]
    assert "controls do-nothing fail, always-issue pass" in told(CONTROLLED)


def test_repeats_are_told_apart() -> None:
    assert next(trial_lines(replace(PASSED, repeat=3), several=True)).text.startswith("✓ issued [3]: ")


def test_a_hostile_ticket_starts_no_line_of_its_own() -> None:
    assert all("\n" not in line and "\x1b" not in line for line in lines(HOSTILE))


def test_the_summary_comes_last_below_what_made_tickets_stale() -> None:
    tally = read_through([PASSED, FAILED, STALE], [])
    assert [*closing_lines(tally, complete=True)] == [
        Line("prompt procedure/bonus-request made 1 ticket stale", "yellow"),
        Line("1 passed, 1 failed, 1 stale", "bold red"),
    ]
    assert [*closing_lines(read_through([PASSED], []), complete=True)] == [Line("1 passed, 0 failed", "bold green")]


def test_an_incomplete_run_is_said_first_and_last() -> None:
    assert [line.text for line in opening_lines(HEADER, complete=False)] == [
        INCOMPLETE,
        "run run-1: evals/tickets at L1",
    ]
    assert [*closing_lines(read_through([PASSED], []), complete=False)] == [
        Line("1 passed, 0 failed; the run is incomplete", "bold red")
    ]


def test_a_story_has_the_state_diff_beside_the_step() -> None:
    text = told(FAILED)
    assert "12:00:01  tool result" in text
    (beside,) = [line for line in text.splitlines() if "issue_bonus: done" in line]
    assert "/players/P1/balance 10 →" in text
    assert beside.index("issue_bonus") < 40
    assert any("+ /grants/0" in line and line.index("+ /grants/0") > 45 for line in text.splitlines())
    assert "    ✗ state  outcome, effects and rows" in [line.rstrip() for line in text.splitlines()]
    assert "tier: expected 'high', found 'vip'" in text


def test_a_story_of_a_stale_trial_tells_what_was_and_what_is() -> None:
    text = told(STALE, width=120)
    assert "was Ask for the e-mail address. Then ask for the date of birth." in text
    assert "now Ask for the e-mail address. Then ask for the phone number." in text


def test_a_story_of_a_trial_that_was_not_played_says_so() -> None:
    text = told(BROKEN)
    assert "ConnectionError: nobody listens there" in text
    assert "no step was kept" in text
    assert "nothing was graded" in text


def test_no_line_of_a_story_is_wider_than_the_terminal() -> None:
    for trial in EVERY:
        text = told(trial)
        assert max(len(line) for line in text.splitlines()) <= 80
        assert not set("\x1b\x00\u202e") & set(text)


def test_wide_letters_are_told() -> None:
    assert "مرحبا" in told(WIDE)
