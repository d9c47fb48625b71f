"""Whether a judge may decide: it agrees with people often enough, and it is still the one that was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from agent.model.port import ModelDown
from agent.model.scripted import ScriptedModel
from evals.judging.calibration import (
    Calibration,
    CalibrationError,
    Measured,
    Share,
    calibration,
    measure,
    read_calibration,
    why_not,
)
from evals.judging.judge import Binding, Case, Judgement, Kind, Verdict, Vote, model_judge
from evals.judging.labels import Labelled, Labels
from tests.evals.judging.served import shipped

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
BINDING = model_judge(ScriptedModel([]), json_mode=False).binding
SHA = "0" * 64


def calibrated(good: Share, bad: Share, binding: Binding = BINDING) -> Calibration:
    kinds = {kind.value: share(5, 5) for kind in Kind}
    return Calibration(at=AT, binding=binding, labels=SHA, good=good, bad=bad, kinds=kinds, missed=())


def share(right: int, of: int) -> Share:
    return Share(right=right, of=of)


@pytest.mark.parametrize(
    ("good", "bad", "weak"),
    [
        (share(50, 50), share(50, 50), ""),
        (share(46, 50), share(46, 50), ""),
        (share(45, 50), share(50, 50), "45 of 50 good replies judged right: that is 0.786 at least, and 0.8 is needed"),
        (share(50, 50), share(45, 50), "45 of 50 bad replies judged right: that is 0.786 at least, and 0.8 is needed"),
        (share(49, 49), share(50, 50), "99 labelled replies; at least 100 are needed"),
        (share(0, 0), share(100, 100), "0 of 0 good replies judged right: that is 0.000 at least, and 0.8 is needed"),
        (share(95, 95), share(5, 5), "5 of 5 bad replies judged right: that is 0.566 at least, and 0.8 is needed"),
    ],
)
def test_both_shares_have_to_reach_the_bound(good: Share, bad: Share, weak: str) -> None:
    assert calibrated(good, bad).weak == weak


@pytest.mark.parametrize(
    ("kind", "found", "weak"),
    [
        ("leak", None, "`leak`: 0 labelled; at least 5 are needed"),
        ("leak", share(4, 4), "`leak`: 4 labelled; at least 5 are needed"),
        ("rude", share(0, 5), "`rude`: 0 of 5 found; more than half are needed"),
        ("rude", share(5, 10), "`rude`: 5 of 10 found; more than half are needed"),
        ("rude", share(3, 5), ""),
    ],
)
def test_each_kind_of_bad_reply_has_to_be_measured_and_found(kind: str, found: Share | None, weak: str) -> None:
    whole = calibrated(share(50, 50), share(50, 50))
    kinds = {name: one for name, one in whole.kinds.items() if name != kind} | ({} if found is None else {kind: found})
    assert whole.model_copy(update={"kinds": kinds}).weak == weak


def test_all_kinds_that_are_weak_are_told() -> None:
    nothing = calibrated(share(50, 50), share(50, 50)).model_copy(update={"kinds": {"rude": share(50, 50)}})
    assert nothing.weak.count("`: 0 labelled") == len(Kind) - 1


@dataclass(slots=True)
class Says:
    """A judge who says what stands in a table, for each reply."""

    table: Mapping[Case, Verdict]
    down_at: Case | None = None
    binding: Binding = field(default_factory=lambda: BINDING)

    async def vote(self, case: Case, *, seed: int) -> Vote:
        del seed
        if case == self.down_at:
            raise ModelDown("the model is down")
        return Vote(self.table[case], "so it is")


def labels(*labelled: Labelled) -> Labels:
    return Labels(SHA, labelled or tuple(shipped()))


async def test_a_judge_who_agrees_with_people_is_calibrated() -> None:
    ours = labels()
    done: list[None] = []
    measured = await measure(
        Says({one.case: one.verdict for one in ours.labelled}), ours, jobs=8, on_done=lambda: done.append(None)
    )
    found = calibration(measured, binding=BINDING, labels=ours.sha256, at=AT)
    assert (found.weak, found.missed, len(done)) == ("", (), len(ours.labelled))
    assert [one.labelled for one in measured] == [*ours.labelled]
    assert sum(one.of for one in found.kinds.values()) == found.bad.of


@pytest.mark.parametrize("always", [Verdict.GOOD, Verdict.BAD, Verdict.NONE])
async def test_a_judge_who_always_says_the_same_is_not(always: Verdict) -> None:
    ours = labels()
    measured = await measure(Says(dict.fromkeys((one.case for one in ours.labelled), always)), ours)
    found = calibration(measured, binding=BINDING, labels=ours.sha256, at=AT)
    right = {Verdict.GOOD: found.good, Verdict.BAD: found.bad}.get(always)
    assert (found.weak != "", right is None or right.right == right.of) == (True, True)


async def test_what_was_judged_otherwise_than_people_do_is_kept_with_its_votes() -> None:
    one = shipped()[0]
    votes = (Vote(Verdict.BAD, "no"), Vote(Verdict.BAD, "no"), Vote(Verdict.GOOD, "yes"))
    found = calibration([Measured(one, Judgement(votes))], binding=BINDING, labels=SHA, at=AT)
    (missed,) = found.missed
    assert (missed.line, missed.label, missed.kind) == (one.line, "good", None)
    assert [(vote.verdict, vote.why) for vote in missed.votes] == [("bad", "no"), ("bad", "no"), ("good", "yes")]


def test_labels_that_differ_in_blanks_only_are_one_label() -> None:
    one = shipped()[0]
    blank = Labelled(one.line + 1, one.label.model_copy(update={"reply": f" {one.label.reply.replace(' ', '  ')}"}))
    good, bad = (Judgement((Vote(verdict, "so"),) * 3) for verdict in (Verdict.GOOD, Verdict.BAD))
    found = calibration([Measured(one, good), Measured(blank, bad)], binding=BINDING, labels=SHA, at=AT)
    assert (found.good, found.missed) == (share(1, 1), ())


async def test_a_model_that_goes_down_half_way_measures_nothing() -> None:
    ours = labels()
    by = Says({one.case: one.verdict for one in ours.labelled}, down_at=ours.labelled[3].case)
    with pytest.raises(ModelDown):
        await measure(by, ours, jobs=2)


ENOUGH = calibrated(share(50, 50), share(50, 50))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"model": "other"}, "the model"),
        ({"prompt": "1" * 64}, "the prompt"),
        ({"criteria": "1" * 64}, "the criteria"),
        ({"asking": {"votes": 5}}, "how the model is asked"),
    ],
)
def test_a_judge_who_differs_from_the_one_measured_decides_nothing(changed: dict[str, object], told: str) -> None:
    now = BINDING.model_copy(update=changed)
    assert why_not(ENOUGH, now) == f"not calibrated: {told} has changed since"


def test_only_a_judge_who_was_measured_and_good_enough_decides() -> None:
    weak = calibrated(share(45, 50), share(50, 50))
    assert (why_not(None, BINDING), why_not(ENOUGH, BINDING)) == ("not calibrated", "")
    assert why_not(weak, BINDING) == f"not calibrated: {weak.weak}"


def test_a_calibration_is_read_as_it_was_written() -> None:
    text = ENOUGH.model_dump_json(by_alias=True)
    assert read_calibration(text, name="judge.json") == ENOUGH


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "judge.json:1:2: this is not JSON"),
        ("{}", "judge.json: at: Field required"),
        (
            ENOUGH.model_dump_json(by_alias=True).replace('"right":50', '"right":51'),
            "judge.json: good: no more than all",
        ),
        (ENOUGH.model_dump_json(by_alias=True).replace("judge/1", "judge/2"), "judge.json: schema: "),
        (
            ENOUGH.model_dump_json(by_alias=True).replace('"kinds"', '"calibrated":true,"kinds"'),
            "judge.json: calibrated: ",
        ),
    ],
)
def test_a_calibration_that_cannot_be_used_is_said(text: str, why: str) -> None:
    with pytest.raises(CalibrationError) as raised:
        read_calibration(text, name="judge.json")
    assert str(raised.value).startswith(why)
