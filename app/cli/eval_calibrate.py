"""`croupier eval calibrate`: have a model judge labelled replies, and say whether it may decide anything."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.model.opening import open_model
from agent.model.port import ModelDown
from agent.prompts import read_prompts
from app.cli.configured import settings
from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from casino.values import Value
from evals.judging.calibration import Calibration, Share, calibration, measure
from evals.judging.judge import model_judge
from evals.judging.labels import Labels, LabelsError, read_labels

_NO_MODEL = (
    "no language model is configured, and the built-in policy model judges nothing; set OPENAI_BASE_URL or "
    "OPENAI_API_KEY, and CROUPIER_MODEL"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """How the labels are measured: so many at a time, by votes drawn from this seed on."""

    jobs: int
    seed: int


@click.command("calibrate")
@click.argument("labels", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write what was measured to this file.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Replies judged at the same time.")
@click.option("--seed", default=0, show_default=True, help="What the votes are drawn by.")
@click.option("--json", "as_json", is_flag=True, help="Write what was measured as JSON to stdout.")
def calibrate(labels: Path, *, out: Path | None, jobs: int, seed: int, as_json: bool) -> None:
    """Have the configured model judge LABELS, replies of which people have said whether they are good.

    Every reply gets three votes, and the majority counts. The judge is calibrated where, on at least 100 labels, the
    lower end of the 95 % interval of its share of right verdicts reaches 0.8 on the good and on the bad ones.

    Exit code 0: calibrated; 2: usage; 3: a file or the model cannot be used; 5: too few labels, or too often wrong.
    """
    if out is not None and not out.absolute().parent.is_dir():
        raise Stopped(f"--out is {out}; there is no folder {out.parent}: make it first", Exit.USAGE)
    try:
        known = read_labels(labels)
    except LabelsError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    found = run_async(_measured(known, Measure(jobs, seed)))
    if out is not None:
        _write(found, out)
    if as_json:
        write_json(_document(found))
    _show(found, people(as_json=as_json))
    raise SystemExit(EvalExit.THIN if found.weak else EvalExit.OK)


async def _measured(labels: Labels, how: Measure) -> Calibration:
    chosen = settings()
    if chosen.model is None:
        raise Stopped(_NO_MODEL, Exit.USAGE)
    json_mode = chosen.model.tool_mode == "json"
    async with open_model(chosen.model, read_prompts(chosen.prompts)) as model:
        judge = model_judge(model, json_mode=json_mode)
        try:
            with _progress(len(labels.labelled)) as on_done:
                measured = await measure(judge, labels, seed=how.seed, jobs=how.jobs, on_done=on_done)
        except ModelDown as error:
            raise Stopped(f"{error}; nothing was measured", Exit.INVALID_FILE) from error
    return calibration(measured, binding=judge.binding, labels=labels.sha256, at=datetime.now(UTC))


@contextmanager
def _progress(of: int) -> Generator[Callable[[], None]]:
    """Draw a bar on stderr where somebody looks at it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("judging", total=of)
        yield lambda: bar.advance(task)


def _write(found: Calibration, out: Path) -> None:
    try:
        out.write_text(found.model_dump_json(indent=2, by_alias=True) + "\n", "utf-8")
    except OSError as error:
        raise Stopped(
            f"{out}: cannot be written ({error.strerror}); give --out another file", Exit.INVALID_FILE
        ) from error


def _document(found: Calibration) -> dict[str, Value]:
    return {
        "calibrated": not found.weak,
        "why_not": found.weak,
        "model": found.binding.model,
        "good": _share(found.good),
        "bad": _share(found.bad),
        "kinds": {kind: _share(share) for kind, share in found.kinds.items()},
        "missed": [
            {
                "line": one.line,
                "label": one.label,
                "kind": one.kind,
                "votes": [{"verdict": vote.verdict, "why": vote.why} for vote in one.votes],
            }
            for one in found.missed
        ],
    }


def _share(share: Share) -> dict[str, Value]:
    return {"right": share.right, "of": share.of, "low": f"{share.interval.low:.3f}"}


def _show(found: Calibration, console: Console) -> None:
    console.print(f"judge: {found.binding.model}", soft_wrap=True)
    for name, share in (("good", found.good), ("bad", found.bad)):
        low = f"{share.interval.low:.3f} at least" if share.of else "nothing is known"
        console.print(f"{name} replies judged right: {share.right} of {share.of}, {low}", soft_wrap=True)
    for kind, share in found.kinds.items():
        console.print(f"  {kind}: {share.right} of {share.of}", soft_wrap=True)
    for one in found.missed:
        votes = "; ".join(f"{vote.verdict}: {vote.why}" for vote in one.votes)
        told = one.label if one.kind is None else f"{one.label} ({one.kind})"
        console.print(f"✗ line {one.line} is {told}: {votes}", soft_wrap=True)
    if found.weak:
        console.print(f"? not calibrated: {found.weak}. It decides nothing.", style="yellow", soft_wrap=True)
    else:
        console.print(
            "✓ calibrated. Another model, prompt or criterion is another judge.", style="green", soft_wrap=True
        )
