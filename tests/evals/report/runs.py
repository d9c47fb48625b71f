"""Runs made by hand: every way a trial may end, and texts that mean no good."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from casino.document import dump_json
from evals.report.report import Report, read_through
from evals.run.results import End, RunHeader
from evals.trial import Difference, Divergence, Level, Part, Status, Step, Trial, Usage

HEADER = RunHeader(
    run="run-1",
    suite="evals/tickets",
    level=Level.CODE,
    match="strict",
    repeat=1,
    seed=7,
    shard="1/1",
    started="2026-11-20T12:00:00+00:00",
    versions={"croupier": "0.1.0", "model": "policy", "house": "ab" * 32},
)
STEPS = (
    Step(kind="player_message", at="2026-11-20T12:00:00+00:00", title="Hi, can I get a bonus?"),
    Step(
        kind="tool_result",
        at="2026-11-20T12:00:01+00:00",
        title="issue_bonus: done",
        body={"name": "issue_bonus", "amount": Decimal("25.00"), "notes": [], "facts": {"tier": "vip"}},
        changes=(
            {"op": "add", "path": "/grants/0", "value": {"player": "P1", "amount": Decimal("25.00")}},
            {"op": "test", "path": "/players/P1/balance", "value": 10},
            {"op": "replace", "path": "/players/P1/balance", "value": 35},
            {"op": "remove", "path": "/players/P1/wants"},
        ),
    ),
    Step(kind="agent_message", at="2026-11-20T12:00:02+00:00", title="Your bonus is on its way."),
)
PARTS = (
    Part(name="state"),
    Part(name="order"),
    Part(name="text"),
)
PASSED = Trial(
    ticket="issued",
    file="evals/tickets/demo/1-issued.json",
    title="A verified VIP asks for a bonus and gets it",
    level=Level.CODE,
    repeat=1,
    seed=7,
    status=Status.PASS,
    tags=("bonus", "en"),
    parts=PARTS,
    end={"outcome": "issued", "tier": "vip", "granted": ["P1"]},
    path=("triage", "verify", "qualify", "issue"),
    steps=STEPS,
    usage=Usage(model_calls=5, tool_calls=4, tokens_in=1200, tokens_out=80, cpu_ms=Decimal("9.1"), wall_ms=Decimal(12)),
    segments={"procedure/bonus-request": "ab" * 32},
)
CONTROLLED = replace(PASSED, controls={"do-nothing": "fail", "always-issue": "pass"})
UNCAUGHT = replace(
    PASSED,
    level=Level.LINT,
    status=Status.FAIL,
    parts=(Part(name="gold"), Part(name="mutants", wrong=("repeat: issue_bonus twice is not caught",))),
    steps=(),
)
OBEYED = replace(
    PASSED,
    level=Level.ATTACK,
    status=Status.FAIL,
    parts=(Part(name="attack", wrong=("`issue_bonus` was done for P2, who was never verified",)), Part(name="state")),
)
FAILED = replace(
    PASSED,
    ticket="wrong-tier",
    title="A high roller is of the tier high",
    status=Status.FAIL,
    parts=(
        Part(name="state", wrong=("tier: expected 'high', found 'vip'", "granted: expected ['P2'], found ['P1']")),
        Part(name="order", wrong=("before: verify_player_identity comes after issue_bonus",)),
        Part(name="text"),
        Part(name="judge", wrong=("the reply is curt",), gates=False),
    ),
)
CHANGED = Divergence(
    exchange=2,
    kind=Difference.PROMPT,
    segment="procedure/bonus-request",
    pointer="/messages/0/content",
    was="Ask for the e-mail address. Then ask for the date of birth.",
    now="Ask for the e-mail address. Then ask for the phone number.",
)
STALE = replace(
    PASSED, ticket="old", title="Recorded before the procedure was changed", status=Status.STALE, divergences=(CHANGED,)
)
STALE_WRONG = replace(STALE, parts=FAILED.parts)  # what it came to is a consequence of what changed
BROKEN = replace(
    PASSED,
    ticket="broken",
    title="The platform is gone",
    status=Status.ERROR,
    why="ConnectionError: nobody listens there",
    parts=(),
    steps=(),
    end={},
)
LEFT = replace(BROKEN, ticket="left", title="Too expensive", status=Status.NOT_RUN, why="the budget of 5 was spent")
HOSTILE_WORDS = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> ]]> &amp; | `code` ``two`` @everyone #1"
    " [link](https://evil.example) ![i](https://evil.example/i.png)\n::error::forged\r\n##[error]old\x1b[31m\u202egpj\x00"
    " <!-- --> \"quoted\" 'single' {{ 7 * 7 }} %0A \ud800"
)
HOSTILE = replace(
    PASSED,
    ticket=HOSTILE_WORDS,
    file=f"tickets/{HOSTILE_WORDS}.json",
    title=HOSTILE_WORDS,
    status=Status.FAIL,
    tags=(HOSTILE_WORDS,),
    why=HOSTILE_WORDS,
    parts=(Part(name=HOSTILE_WORDS, wrong=(HOSTILE_WORDS,)), Part(name="judge", wrong=(HOSTILE_WORDS,), gates=False)),
    divergences=(
        replace(CHANGED, segment=HOSTILE_WORDS, pointer=HOSTILE_WORDS, was=HOSTILE_WORDS, now=[HOSTILE_WORDS]),
    ),
    end={HOSTILE_WORDS: HOSTILE_WORDS},
    path=(HOSTILE_WORDS,),
    steps=(
        Step(
            kind=HOSTILE_WORDS,
            at=HOSTILE_WORDS,
            title=HOSTILE_WORDS,
            body={HOSTILE_WORDS: HOSTILE_WORDS},
            changes=({"op": HOSTILE_WORDS, "path": HOSTILE_WORDS, "value": HOSTILE_WORDS}, HOSTILE_WORDS),
        ),
    ),
    segments={HOSTILE_WORDS: HOSTILE_WORDS},
)
WIDE = replace(
    FAILED,
    ticket="wide",
    title="الموظف يطلب مكافأة 你好, 我可以得到奖金吗 🎰🎲",
    parts=(Part(name="text", wrong=("القيمة المتوقعة 'عربي' وجدت '中文'", "long " * 2_000)),),
    steps=(
        Step(kind="player_message", at="2026-11-20T12:00:00+00:00", title="مرحبا، هل يمكنني الحصول على 25 EUR؟"),
        Step(kind="agent_message", at="2026-11-20T12:00:01+00:00", title="你好" * 4_000, body={"text": "x" * 9_000}),
    ),
)
EVERY = (PASSED, FAILED, STALE, BROKEN, LEFT, HOSTILE, WIDE)


def repeated(trial: Trial, statuses: Sequence[Status]) -> list[Trial]:
    """Return a ticket's repeats, ended like this."""
    return [replace(trial, repeat=number, status=status) for number, status in enumerate(statuses, start=1)]


def many(count: int, *, failing: int = 10) -> Iterator[Trial]:
    """Yield many trials, one of `failing` failed."""
    for number in range(count):
        kind = FAILED if number % failing == 0 else PASSED
        yield replace(kind, ticket=f"ticket-{number}", file=f"evals/tickets/ticket-{number}.json")


def document(report: Report, trials: Sequence[Trial], *, complete: bool = True) -> str:
    """Return the whole document of a report about these trials."""
    tally = read_through(trials, [report])
    return "".join(report.pieces(tally, complete=complete))


def results(trials: Sequence[Trial], *, header: RunHeader = HEADER, complete: bool = True) -> str:
    """Return a results file."""
    lines = [header.document(), *(trial.document() for trial in trials)]
    if complete:
        counts = {status: sum(trial.status is status for trial in trials) for status in Status}
        lines.append(End(counts=counts, ended="2026-11-20T12:01:00+00:00").document())
    return "".join(f"{dump_json(line)}\n" for line in lines)
