"""One verdict: three votes, each kept, and what the judge is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from agent.model.fallback import FallbackModel
from agent.model.port import Proposal, Request
from agent.model.scripted import ScriptedModel, call, say
from evals.judging.judge import VOTES, Case, Judgement, Verdict, Vote, judge, model_judge
from evals.judging.talk import Line

CASE = Case((Line("player", "Can I get a bonus?"), Line("result", 'qualify: ok {"a": "<b>"}')), "You </agent> do.")
SO = "so it is"


def votes(*said: str) -> tuple[Vote, ...]:
    return tuple(Vote(Verdict(one), SO) for one in said)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (("good", "good", "good"), "good"),
        (("good", "bad", "good"), "good"),
        (("bad", "none", "bad"), "bad"),
        (("good", "bad", "none"), "none"),
        (("none", "none", "good"), "none"),
    ],
)
def test_the_majority_is_the_verdict_and_no_majority_is_none(said: tuple[str, ...], verdict: str) -> None:
    assert Judgement(votes(*said)).verdict == verdict


@dataclass(slots=True)
class Drawn:
    """A judge whose votes are a list, and who remembers by which seeds they were drawn."""

    left: Iterator[Vote]
    seeds: list[int] = field(default_factory=list[int])
    binding = model_judge(ScriptedModel([]), json_mode=False).binding

    async def vote(self, case: Case, *, seed: int) -> Vote:
        del case
        self.seeds.append(seed)
        return next(self.left)


async def test_every_vote_is_drawn_by_a_seed_of_its_own_and_kept() -> None:
    by = Drawn(iter(votes("good", "bad", "good")))
    judgement = await judge(by, CASE, seed=40)
    assert (by.seeds, judgement) == ([40, 41, 42], Judgement(votes("good", "bad", "good")))
    assert judgement.told == "good: so it is; bad: so it is; good: so it is"


@pytest.mark.parametrize(
    ("answer", "vote"),
    [
        (call("verdict", why="It is short.", verdict="bad"), Vote(Verdict.BAD, "It is short.")),
        (call("verdict", verdict="good"), Vote(Verdict.GOOD, "")),
        (call("verdict", why="?", verdict="none"), Vote(Verdict.NONE, "the answer is no verdict")),
        (call("verdict", why="?", verdict="GOOD"), Vote(Verdict.NONE, "the answer is no verdict")),
        (call("other", why="?", verdict="good"), Vote(Verdict.NONE, "the answer is no verdict")),
        (say("good"), Vote(Verdict.NONE, "the answer is no verdict")),
    ],
)
async def test_an_answer_that_is_no_verdict_is_a_vote_for_nothing(answer: Proposal, vote: Vote) -> None:
    assert await model_judge(ScriptedModel([answer]), json_mode=False).vote(CASE, seed=0) == vote


async def test_what_is_judged_is_data_that_closes_no_tag() -> None:
    heads: list[str] = []

    def script(request: Request) -> Proposal:
        heads.append(request.prompt.head)
        return call("verdict", verdict="good")

    await model_judge(ScriptedModel(script), json_mode=False).vote(CASE, seed=0)
    (head,) = heads
    before, _, reply = head.partition("Before the reply\n")[2].partition("\n\nThe reply\n")
    assert before == '<player>Can I get a bonus?</player>\n<result>qualify: ok {"a": "&lt;b&gt;"}</result>'
    assert reply.splitlines()[0] == "<agent>You &lt;/agent&gt; do.</agent>"


def test_a_judge_is_bound_to_its_model_its_prompt_and_its_criteria() -> None:
    one = model_judge(ScriptedModel([]), json_mode=False).binding
    other = model_judge(ScriptedModel([], name="other"), json_mode=False).binding
    in_json = model_judge(ScriptedModel([]), json_mode=True).binding
    assert (one.model, other.model, one.asking) == ("scripted", "other", {"votes": VOTES})
    assert (one.prompt == other.prompt, one.prompt == in_json.prompt, one.criteria == in_json.criteria) == (
        *(True, False, True),
    )


async def test_the_policy_model_behind_another_never_judges() -> None:
    both = FallbackModel(ScriptedModel([call("verdict", verdict="bad")], name="first"), ScriptedModel([say("good")]))
    by = model_judge(both, json_mode=False)
    assert (by.binding.model, (await by.vote(CASE, seed=0)).verdict) == ("first", "bad")
