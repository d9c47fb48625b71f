"""A trial is written as one line and read back as it was."""

from dataclasses import replace
from decimal import Decimal

import pytest

from casino.document import dump_json, load_json
from casino.values import Document
from evals.trial import Difference, Divergence, Level, Part, Status, Step, Trial, Usage, trial_from

TRIAL = Trial(
    ticket="issued",
    file="issued.json",
    title="A bonus",
    level=Level.CODE,
    repeat=1,
    seed=7,
    status=Status.STALE,
    tags=("bonus",),
    parts=(Part(name="state", wrong=("outcome: expected 'issued', found ''",)), Part(name="judge", gates=False)),
    divergences=(Divergence(exchange=1, kind=Difference.PROMPT, segment="procedure/x", pointer="/0", was="a", now=1),),
    end={"outcome": ""},
    path=("triage",),
    steps=(Step(kind="tool_result", at="2026-11-20T12:00:00+00:00", title="x: ok", changes=({"op": "add"},)),),
    usage=Usage(model_calls=1, cost=Decimal("0.10")),
    segments={"procedure/x": "00"},
    controls={"do-nothing": "fail"},
    kept={"granted": [{"amount": Decimal("2.5")}]},
)


def read(text: str) -> Document:
    value = load_json(text, name="line").value
    assert isinstance(value, dict)
    return value


def test_a_trial_is_read_back_as_it_was_written() -> None:
    assert trial_from(read(dump_json(TRIAL.document()))) == TRIAL


def test_results_of_an_earlier_version_are_read() -> None:
    line = {name: value for name, value in TRIAL.document().items() if name not in {"controls", "kept"}}
    assert trial_from(read(dump_json(line))) == replace(TRIAL, controls={}, kept={})


def test_only_what_gates_is_wrong() -> None:
    failed = replace(TRIAL, status=Status.FAIL)
    loud = replace(failed, parts=(Part(name="judge", wrong=("rude",), gates=False),))
    assert (failed.wrong, loud.wrong) == (("outcome: expected 'issued', found ''",), ())


def test_a_stale_trial_is_not_judged() -> None:
    assert (TRIAL.findings, TRIAL.wrong) == ((), ())


@pytest.mark.parametrize("line", ['{"schema": "trial/2"}', '{"schema": "trial/1"}', "{}"])
def test_a_line_that_is_no_trial_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"trial/1|no result of a ticket"):
        trial_from(read(line))
