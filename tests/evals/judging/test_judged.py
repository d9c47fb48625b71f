"""The part `judge` of a trial: it gates only where the judge is calibrated, and keeps every vote."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from agent.model.port import ModelDown
from agent.model.scripted import ScriptedModel
from evals.judging.calibration import Calibration, Share
from evals.judging.judge import Binding, Case, Kind, Verdict, Vote, model_judge
from evals.judging.judged import judged, replies
from evals.judging.talk import Line
from evals.trial import Level, Part, Status, Step, Trial, trial_from

BINDING = model_judge(ScriptedModel([]), json_mode=False).binding
ALL = Share(right=60, of=60)
EACH = {kind.value: Share(right=5, of=5) for kind in Kind}
CALIBRATION = Calibration(
    at=datetime(2026, 11, 20, tzinfo=UTC), binding=BINDING, labels="0" * 64, good=ALL, bad=ALL, kinds=EACH, missed=()
)
WEAK = CALIBRATION.model_copy(update={"good": Share(right=30, of=60)})


def step(kind: str, title: str, **body: object) -> Step:
    return Step(kind=kind, at="2026-11-20T12:00:00+00:00", title=title, body=body)  # pyright: ignore[reportArgumentType]  # plain values


TALK = (
    step("player_message", "Hi", text="Hi", message_id="m1"),
    step("agent_message", "Hello.", text="Hello.", message="m1"),
    step("player_message", "A bonus?", text="A bonus?", message_id="m2"),
    step("tool_call", "qualify", name="qualify", id="c1"),
    step("tool_result", "qualify: ok", name="qualify", status="ok", data={"spins": 15}),
    step("agent_message", "50 spins!", text="50 spins!", message="m2"),
)
STATE = Part(name="state")
TRIAL = Trial(
    ticket="a",
    file="a.json",
    title="A",
    level=Level.LIVE,
    repeat=1,
    seed=5,
    status=Status.PASS,
    parts=(STATE,),
    steps=TALK,
)


@dataclass(frozen=True, slots=True)
class Strict:
    """A judge who likes nothing with spins in it; the last vote always likes it."""

    binding: Binding = BINDING
    down: bool = False

    async def vote(self, case: Case, *, seed: int) -> Vote:
        if self.down:
            raise ModelDown("the model is down")
        bad = "spins" in case.reply and seed < TRIAL.seed + 2
        return Vote(Verdict.BAD if bad else Verdict.GOOD, f"drawn by {seed}")


WRONG = "reply 2: bad (bad: drawn by 5; bad: drawn by 6; good: drawn by 7)"


def test_a_judge_is_shown_all_that_stood_before_a_reply() -> None:
    assert [one.case for one in replies(TALK)] == [
        Case((Line("player", "Hi"),), "Hello."),
        Case(
            (
                Line("player", "Hi"),
                Line("agent", "Hello."),
                Line("player", "A bonus?"),
                Line("result", 'qualify: ok {"spins": 15}'),
            ),
            "50 spins!",
        ),
    ]


async def test_a_calibrated_judge_decides_and_every_vote_is_kept() -> None:
    found = await judged(TRIAL, Strict(), CALIBRATION)
    assert (found.status, found.parts) == (Status.FAIL, (STATE, Part(name="judge", wrong=(WRONG,))))
    kept = found.steps[len(TALK) :]
    assert [one.title for one in kept] == ["reply 1: good", "reply 2: bad"]
    votes = [{"verdict": said, "why": f"drawn by {5 + n}"} for n, said in enumerate(("bad", "bad", "good"))]
    assert kept[1].body == {"reply": 2, "verdict": "bad", "votes": votes}
    assert trial_from(found.document()) == found


@pytest.mark.parametrize(
    ("calibration", "why"),
    [
        (None, "not calibrated"),
        (WEAK, f"not calibrated: {WEAK.weak}"),
        (
            CALIBRATION.model_copy(update={"binding": BINDING.model_copy(update={"model": "other"})}),
            "not calibrated: the model has changed since",
        ),
    ],
)
async def test_a_judge_who_is_not_calibrated_decides_nothing(calibration: Calibration | None, why: str) -> None:
    found = await judged(TRIAL, Strict(), calibration)
    assert (found.status, found.wrong, found.parts[-1]) == (
        Status.PASS,
        (),
        Part(name="judge", wrong=(WRONG, why), gates=False),
    )


async def test_good_replies_leave_a_trial_as_it_was() -> None:
    trial = replace(TRIAL, steps=TALK[:2])
    found = await judged(trial, Strict(), CALIBRATION)
    assert (found.status, found.parts) == (Status.PASS, (STATE, Part(name="judge")))


@pytest.mark.parametrize("status", [Status.STALE, Status.ERROR, Status.NOT_RUN])
async def test_what_came_to_no_verdict_is_not_judged(status: Status) -> None:
    trial = replace(TRIAL, status=status)
    assert await judged(trial, Strict(down=True), CALIBRATION) is trial


async def test_without_its_calibrated_judge_a_trial_has_no_verdict() -> None:
    why = "the judge is down: the model is down"
    with_licence = await judged(TRIAL, Strict(down=True), CALIBRATION)
    without = await judged(TRIAL, Strict(down=True), None)
    assert (with_licence.status, with_licence.why) == (Status.ERROR, why)
    assert (without.status, without.parts[-1]) == (Status.PASS, Part(name="judge", wrong=(why,), gates=False))
