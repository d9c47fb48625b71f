"""Judge the replies of a trial. The part `judge` gates only where the judge is calibrated; every vote is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agent.model.port import ModelDown
from casino.document import dump_json
from casino.values import Value
from evals.judging.calibration import Calibration, why_not
from evals.judging.judge import Case, Judge, Judgement, Verdict, judge
from evals.judging.talk import Line
from evals.trial import Part, Status, Step, Trial
from tools.record import Kind

PART: Final = "judge"
VOTES: Final = "judgement"  # the kind of the steps that keep the votes


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of a trial: what a judge is shown of it, and when it was sent."""

    case: Case
    at: str


def replies(steps: Sequence[Step]) -> Iterator[Reply]:
    """Yield the replies of a time line, each with all that stood before it."""
    talk: list[Line] = []
    for step in steps:
        match step.kind:
            case Kind.PLAYER_MESSAGE:
                talk.append(Line("player", _text(step)))
            case Kind.TOOL_RESULT:
                talk.append(Line("result", _result(step)))
            case Kind.AGENT_MESSAGE:
                yield Reply(Case(tuple(talk), _text(step)), step.at)
                talk.append(Line("agent", _text(step)))
            case _:
                pass


async def judged(trial: Trial, by: Judge, found: Calibration | None) -> Trial:
    """Return a trial with its replies judged; one that came to no verdict of its own is left as it is.

    A calibrated judge who is down leaves the trial without a verdict. One who is not calibrated decides nothing.
    """
    if trial.status not in {Status.PASS, Status.FAIL}:
        return trial
    reason = why_not(found, by.binding)
    try:
        given = [(one, await judge(by, one.case, seed=trial.seed)) for one in replies(trial.steps)]
    except ModelDown as error:
        why = f"the judge is down: {error}"
        down = _with(trial, Part(name=PART, wrong=(why,), gates=not reason))
        return down if reason else replace(down, status=Status.ERROR, why=why)
    wrong = (*_wrong([judgement for _, judgement in given]),)
    part = Part(name=PART, wrong=(*wrong, *([reason] if reason and wrong else [])), gates=not reason)
    steps = tuple(_step(number, *one) for number, one in enumerate(given, start=1))
    with_votes = replace(_with(trial, part), steps=(*trial.steps, *steps))
    return replace(with_votes, status=Status.FAIL) if part.gates and wrong else with_votes


def _with(trial: Trial, part: Part) -> Trial:
    return replace(trial, parts=(*(one for one in trial.parts if one.name != PART), part))


def _wrong(given: Sequence[Judgement]) -> Iterator[str]:
    """Say which replies are not good. Votes without a majority are no good reply: nobody has said that it is."""
    for number, judgement in enumerate(given, start=1):
        if judgement.verdict is not Verdict.GOOD:
            said = "bad" if judgement.verdict is Verdict.BAD else "undecided"
            yield f"reply {number}: {said} ({judgement.told})"


def _step(number: int, reply: Reply, judgement: Judgement) -> Step:
    votes: list[Value] = [vote.document() for vote in judgement.votes]
    body: dict[str, Value] = {"reply": number, "verdict": judgement.verdict.value, "votes": votes}
    return Step(kind=VOTES, at=reply.at, title=f"reply {number}: {judgement.verdict}", body=body)


def _result(step: Step) -> str:
    body = step.body
    return f"{body.get('name', '')}: {body.get('status', '')} {dump_json(body.get('data'))}"


def _text(step: Step) -> str:
    return str(step.body.get("text", ""))
