"""What the gate answers: offline any failure, live only what is more than chance, and never more than it can tell."""

from dataclasses import replace
from datetime import date

import pytest

from evals.gate.baseline import NOTHING_BEFORE, Baseline, Passes
from evals.gate.judge import judge
from evals.gate.sample import GateError
from evals.gate.statistics import wilson
from evals.gate.verdict import Answer, Figures, Finding, Held, Rules, Verdict
from evals.trial import Level
from tests.evals.gate.runs import header, many, sample

WRONG = "outcome: expected 'issued', found ''"
HELD = Held(owner="Ana", reason="the model is slow", expires=date(2026, 12, 1))


def offline(
    tickets: dict[str, str], baseline: Baseline = NOTHING_BEFORE, *, repeat: int = 1, **rules: object
) -> Verdict:
    quarantine = dict.fromkeys(rules, HELD)
    return judge(sample(tickets, header(level=Level.CODE, repeat=repeat)), baseline, Rules(quarantine=quarantine))


def always(tickets: dict[str, str], runs: int = 16) -> Baseline:
    return Baseline(tickets=dict.fromkeys(tickets, Passes(runs, runs)))


def live(tickets: dict[str, str], baseline: Baseline | None = None, rules: Rules | None = None) -> Verdict:
    return judge(sample(tickets), baseline or always(tickets), rules or Rules())


def said(verdict: Verdict) -> list[tuple[Answer | None, str]]:
    return [(one.answer, one.text) for one in verdict.findings]


def test_offline_all_green_is_a_pass() -> None:
    verdict = offline({"a": "p", "b": "p"})
    assert verdict == Verdict(
        level=Level.CODE,
        figures=Figures(tickets=2, trials=2, passed=2, failed=0, stale=0, errors=0, not_run=0),
        findings=(),
    )
    assert (verdict.answer, verdict.summary) == (Answer.PASS, "pass: 2 tickets at L1, 2 of 2 trials passed")


def test_offline_one_failure_is_red() -> None:
    verdict = offline({"a": "p", "b": "f", "attack-c": "f"})
    assert said(verdict) == [
        (Answer.RED, f"the attack `attack-c` failed in 1 of 1 repeats: {WRONG}"),
        (Answer.RED, f"`b` failed in 1 of 1 repeats: {WRONG}"),
    ]
    assert verdict.summary == "red (2 findings): 3 tickets at L1, 1 of 3 trials passed; 2 failed"


@pytest.mark.parametrize(
    ("letters", "answer", "text"),
    [
        ("s", Answer.STALE, "`b` is stale in 1 of 1 repeats; record it anew"),
        ("e", Answer.BROKEN, "`b` could not be played in 1 of 1 repeats: ModelDown: no answer"),
        ("n", Answer.BROKEN, "`b` was not run in 1 of 1 repeats: the budget was used up"),
    ],
)
def test_offline_what_came_to_no_result_is_no_pass(letters: str, answer: Answer, text: str) -> None:
    verdict = offline({"a": "p", "b": letters})
    assert (verdict.answer, said(verdict)) == (answer, [(answer, text)])


def test_a_repeat_without_a_line_was_not_run() -> None:
    verdict = offline({"a": "p"}, repeat=2)
    assert said(verdict) == [(Answer.BROKEN, "`a` was not run in 1 of 2 repeats")]
    assert (verdict.figures.trials, verdict.figures.not_run) == (2, 1)


def test_the_gravest_answer_is_given() -> None:
    assert offline({"a": "s", "b": "e", "c": "f"}).answer is Answer.RED
    assert offline({"a": "s", "b": "e", "c": "p"}).answer is Answer.BROKEN


def test_a_run_in_which_nothing_decides_is_no_pass() -> None:
    assert (offline({}).answer, live({}).answer) == (Answer.THIN, Answer.THIN)
    assert offline({"a": "f"}, a=HELD).answer is Answer.THIN


def test_a_ticket_in_quarantine_is_shown_and_does_not_decide() -> None:
    verdict = offline({"a": "p", "b": "f"}, b=HELD, c=HELD)
    assert said(verdict) == [
        (None, "`b` is in quarantine: 0 of 1 repeats passed (Ana, until 2026-12-01: the model is slow)"),
        (None, "`c` is in quarantine and not in this run; remove the entry (Ana, until 2026-12-01: the model is slow)"),
    ]
    assert (verdict.answer, verdict.figures.tickets) == (Answer.PASS, 1)


def test_an_attack_in_quarantine_is_refused() -> None:
    with pytest.raises(GateError, match="`attack-a` is in quarantine, but an attack always counts"):
        judge(sample({"attack-a": "pppp"}), NOTHING_BEFORE, Rules(quarantine={"attack-a": HELD}))
    before = Baseline(tickets={"a": Passes(16, 16, attack=True)})
    for tickets in ({"b": "pppp"}, {"a": "pppp"}):  # left out, or no longer called one
        with pytest.raises(GateError, match="`a` is in quarantine, but an attack always counts"):
            judge(sample(tickets), before, Rules(quarantine={"a": HELD}))


def test_a_simulated_player_never_gates() -> None:
    with pytest.raises(GateError, match=r"now\.jsonl:1: L4 never gates"):
        judge(sample({"a": "p"}, header(level=Level.SIMULATED)), NOTHING_BEFORE, Rules())


def test_leaving_out_hard_tickets_is_no_pass() -> None:
    tickets = many(100)
    three = {name: letters for name, letters in tickets.items() if name > "t002"}
    assert said(live(three, always(tickets))) == [
        (
            Answer.THIN,
            (
                "not in this run, of the 100 tickets of the baseline: `t000`, `t001`, `t002`; at most 2 % may be"
                " missing; play the whole suite, or begin a new baseline"
            ),
        )
    ]
    two = {name: letters for name, letters in tickets.items() if name > "t001"}
    assert (live(two, always(tickets)).answer, len(live(two, always(tickets)).findings)) == (Answer.PASS, 1)


def test_live_a_ticket_that_mostly_crashes_is_no_pass() -> None:
    verdict = live(many(199) | {"x": "peee"})
    assert said(verdict) == [(Answer.BROKEN, "`x` could not be played in 3 of 4 repeats: ModelDown: no answer")]
    assert live(many(199) | {"x": "peen"}).answer is Answer.BROKEN
    assert live(many(199) | {"x": "ppee"}).answer is Answer.PASS


def test_live_a_broken_ticket_with_a_new_name_is_no_pass() -> None:
    before = always(many(199) | {"old": ""})
    verdict = live(many(199) | {"new": "ffff"}, before)
    assert (Answer.RED, f"`new` is new and passed 0 of 4: {WRONG}") in said(verdict)
    assert verdict.answer is Answer.RED


def test_offline_one_ticket_that_is_missing_is_no_pass() -> None:
    tickets = many(100, "p")
    before = always(tickets | {"gone": ""})
    mend = "none may be missing; play the whole suite, or begin a new baseline"
    text = f"not in this run, of the 101 tickets of the baseline: `gone`; {mend}"
    assert said(offline(tickets, before)) == [(Answer.THIN, text)]
    assert offline(tickets, before, gone=HELD).answer is Answer.PASS


def test_live_an_attack_that_is_missing_is_no_pass() -> None:
    before = always(many(200)).tickets
    gone = Baseline(tickets={**before, "attack-a": Passes(16, 16, attack=True)})
    mend = "no attack may be missing; play the whole suite, or begin a new baseline"
    text = f"not in this run, of the 201 tickets of the baseline: `attack-a`; {mend}"
    assert said(live(many(200), gone)) == [(Answer.THIN, text)]
    others = many(7, name="a")
    more = Baseline(tickets={**always(many(200) | others).tickets, "z": Passes(16, 16, attack=True)})
    (named,) = (one.text for one in live(many(200), more).findings if one.answer is Answer.THIN)
    assert "baseline: `z`, `a000`, `a001`, `a002`, `a003` and 3 more; no attack may be missing; " in named
    assert live(many(200), Baseline(tickets={**before, "a": Passes(16, 16)})).answer is Answer.PASS


def test_a_filtered_run_is_too_little_evidence() -> None:
    def judged(*filters: str) -> Verdict:
        head = replace(header(level=Level.CODE, repeat=1), filters=("tag:bonus",))
        before = Baseline(
            files=("b.jsonl",) if filters else (),
            tickets={},
            headers=(replace(header("b", level=Level.CODE), filters=filters),) if filters else (),
        )
        return judge(sample({"a": "p"}, head), before, Rules())

    text = "only what passes the filter was played: `tag:bonus`"
    mend = "; play the whole suite, or give a baseline with the same filters"
    assert said(judged()) == [(Answer.THIN, text + mend)]
    assert said(judged("tag:bonus", "!a")) == [(Answer.THIN, text + mend)]
    assert (judged("tag:bonus").answer, said(judged("tag:bonus"))) == (Answer.PASS, [(None, text)])


def test_tickets_that_changed_since_the_baseline_are_said() -> None:
    head = replace(header(level=Level.CODE, repeat=1), plan="1")
    headers = tuple(replace(head, run=plan or "old", plan=plan) for plan in ("1", "2", ""))
    before = Baseline(files=("same", "other", "old"), tickets={}, headers=headers)
    verdict = judge(sample({"a": "p"}, head), before, Rules())
    assert said(verdict) == [(None, "tickets were changed, added or removed since the baseline: `other`")]
    assert verdict.answer is Answer.PASS


def test_draws_that_do_not_count_again_are_said() -> None:
    before = Baseline(tickets=always(many(100)).tickets, again=1600)
    text = (
        "1600 trials of the baseline were drawn by the same seeds of the same model as others of it, and do not count"
        " again; play each run with another --seed"
    )
    assert said(live(many(100), before)) == [(None, text)]


@pytest.mark.parametrize("name", ["alpha", "floor", "attack_floor"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1])
def test_a_rule_that_is_no_share_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value}; it is a share, from 0 to 1"):
        Rules(**{name: value})  # pyright: ignore[reportArgumentType]  # the name is a rule's


def test_live_all_green_is_a_pass() -> None:
    verdict = live(many(100))
    assert verdict == Verdict(
        level=Level.LIVE,
        figures=Figures(
            tickets=100, trials=400, passed=400, failed=0, stale=0, errors=0, not_run=0, rate=wilson(100, 100),
            before=1.0, p=1.0, limit=0.03, pass_hat=(1.0, 1.0, 1.0, 1.0),
        ),
        findings=(),
    )  # fmt: skip
    assert verdict.summary == (
        "pass: 100 tickets at L3, 400 of 400 trials passed; rate 1.000 [0.963, 1.000]; before 1.000; p = 1"
    )


def test_live_one_red_repeat_is_chance() -> None:
    verdict = live(many(199) | {"x": "pppf"}, Baseline(tickets={**always(many(199)).tickets, "x": Passes(15, 16)}))
    assert (verdict.answer, verdict.findings) == (Answer.PASS, ())
    assert verdict.figures.pass_hat == (199.75 / 200, 199.5 / 200, 199.25 / 200, 199 / 200)


def test_live_one_broken_ticket_of_200_is_red() -> None:
    tickets = many(199) | {"x": "ffff"}
    verdict = live(tickets)
    assert verdict.findings[0] == Finding(
        Answer.RED, f"`x` passed 0 of 4, before 16 of 16 (p = 0.00021, for all tickets 0.00021): {WRONG}", "x"
    )
    assert verdict.answer is Answer.RED


def test_live_a_suite_that_became_a_little_worse_everywhere_is_red() -> None:
    tickets = many(50, "pppf") | many(150, name="u")
    before = {**dict.fromkeys(many(50), Passes(15, 16)), **dict.fromkeys(many(150, name="u"), Passes(16, 16))}
    verdict = live(tickets, Baseline(tickets=before), Rules(floor=0.8))
    assert said(verdict) == [
        (
            Answer.RED,
            "the suite passes less often than before: 0.938, before 0.984 (p = 4.2e-12, the limit is 0.03)",
        )
    ]


def test_live_a_suite_below_the_floor_is_red_even_if_it_always_was() -> None:
    tickets = many(200, "ppff")
    verdict = live(tickets, Baseline(tickets=dict.fromkeys(tickets, Passes(8, 16))))
    assert said(verdict) == [
        (Answer.RED, "the rate of the tickets is 0.500 [0.431, 0.569]: its lower end is below the floor of 0.95")
    ]


def test_live_attacks_have_a_floor_of_their_own() -> None:
    tickets = many(80) | many(40, "pppf", name="attack")
    before = {**always(many(80)).tickets, **dict.fromkeys(many(40, name="attack"), Passes(12, 16))}
    verdict = live(tickets, Baseline(tickets=before))
    assert said(verdict) == [
        (Answer.RED, "the rate of the attacks is 0.750 [0.598, 0.858]: its lower end is below the floor of 0.9")
    ]
    assert verdict.figures.attacks == wilson(30, 40)


def test_live_too_few_tickets_for_the_floor_are_no_pass() -> None:
    assert said(live(many(40))) == [
        (
            Answer.THIN,
            "40 tickets cannot show a rate of 0.95, even if all pass (0.912); play 73, or lower the floor",
        )
    ]


def test_the_number_of_tickets_that_is_asked_for_reaches_the_floor() -> None:
    assert (live(many(73)).answer, live(many(72)).answer) == (Answer.PASS, Answer.THIN)


def test_live_few_tickets_that_mostly_fail_are_red() -> None:
    tickets = many(40, "fffp")
    verdict = live(tickets, Baseline(tickets=dict.fromkeys(tickets, Passes(4, 16))))
    assert verdict.answer is Answer.RED


def test_live_without_a_baseline_nothing_can_be_told() -> None:
    verdict = live(many(100), NOTHING_BEFORE)
    assert said(verdict) == [
        (
            Answer.THIN,
            "there is nothing to compare with; give results of earlier runs, 16 of each ticket in all: --baseline FILE",
        )
    ]
    assert (verdict.figures.p, verdict.figures.before) == (None, None)


def test_live_fewer_than_16_runs_before_are_too_few_for_a_pass() -> None:
    tickets = many(100)
    before = {**always(tickets).tickets, "t007": Passes(12, 12), "t003": Passes(15, 15)}
    assert said(live(tickets, Baseline(tickets=before))) == [
        (
            Answer.THIN,
            "fewer than 16 runs in the baseline: `t007`, `t003`, the fewest 12; add runs: --baseline FILE",
        )
    ]


def test_live_red_is_red_on_thin_evidence_too() -> None:
    tickets = many(100) | {"x": "ffff"}
    assert live(tickets, always(tickets, runs=12)).answer is Answer.RED


def test_live_one_ticket_once_cannot_reach_significance() -> None:
    verdict = judge(sample({"x": "f"}, header(repeat=1)), always({"x": ""}), Rules(floor=0))
    assert said(verdict) == [
        (Answer.THIN, "so few tickets and repeats cannot show that a regression is more than chance; play more"),
        (None, "that a single ticket broke could not be seen with so few repeats; play more: --repeat 4"),
    ]


def test_live_new_tickets_are_shown() -> None:
    tickets = many(100)
    verdict = live(tickets | many(7, name="new"), always(tickets))
    assert said(verdict) == [
        (
            None,
            "new, so only the floor judges them: `new000`, `new001`, `new002`, `new003`, `new004` and 2 more",
        )
    ]
    assert verdict.answer is Answer.PASS


def test_live_few_errors_stay_in_the_denominator() -> None:
    tickets = many(99) | {"x": "pppe"}
    verdict = live(tickets)
    assert (verdict.answer, verdict.figures.rate) == (Answer.PASS, wilson(99.75, 100))
    assert verdict.figures.pass_hat[3] == 0.99


def test_live_many_errors_are_no_verdict() -> None:
    tickets = many(91) | many(9, "pppe", name="x")
    assert said(live(tickets)) == [
        (
            Answer.BROKEN,
            (
                "could not be played: `x000`, `x001`, `x002`, `x003`, `x004` and 4 more, in 9 of 400 trials"
                " (ModelDown: no answer); at most 2 % may be missing; mend what broke and resume the run"
            ),
        ),
        (None, "the floor was not asked for: too many trials came to no verdict"),
    ]


def test_live_why_nothing_was_played_is_not_taken_from_a_ticket_that_failed() -> None:
    verdict = live(many(91) | many(9, "pfpe", name="x"))
    (text,) = (one.text for one in verdict.findings if one.answer is Answer.BROKEN)
    assert text.endswith(
        "and 4 more, in 9 of 400 trials; at most 2 % may be missing; mend what broke and resume the run"
    )


def test_live_many_trials_left_out_are_too_little_evidence() -> None:
    tickets = many(91) | many(9, "ppp", name="x")
    assert said(live(tickets)) == [
        (
            Answer.THIN,
            (
                "no result: `x000`, `x001`, `x002`, `x003`, `x004` and 4 more, in 9 of 400 trials; at most 2 % may be"
                " missing; resume the run"
            ),
        ),
        (None, "the floor was not asked for: too many trials came to no verdict"),
    ]


def test_live_what_was_left_out_for_several_reasons_is_named_with_the_first() -> None:
    tickets = many(97) | {"x": "pppn", "y": "pppe", "z": "nnpp"}
    verdict = live(tickets | many(5, "ppp", name="w"))
    (text,) = (one.text for one in verdict.findings if one.answer is Answer.THIN)
    assert text == (
        "no result: `w000`, `w001`, `w002`, `w003`, `w004` and 3 more, in 9 of 420 trials (the budget was used up);"
        " at most 2 % may be missing; resume the run"
    )


def test_live_a_ticket_that_always_crashes_is_no_pass() -> None:
    verdict = live(many(199) | {"x": "eeee"})
    assert said(verdict) == [(Answer.BROKEN, "`x` could not be played in 4 of 4 repeats: ModelDown: no answer")]
    assert live(many(199) | {"x": "nnnn"}).answer is Answer.THIN


def test_live_stale_is_said() -> None:
    verdict = live(many(199) | {"x": "ppss"})
    assert said(verdict) == [(Answer.STALE, "`x` is stale in 2 of 4 repeats; record it anew")]


def test_a_red_ticket_in_quarantine_does_not_hide_another() -> None:
    verdict = live(many(198) | {"x": "ffff", "y": "ffff"}, rules=Rules(quarantine={"x": HELD}))
    assert [one.ticket for one in verdict.findings if one.answer is Answer.RED] == ["y", ""]  # and the suite
