"""`croupier eval`: replay recorded tickets, judge a run, and report it. Each command is imported when it is called."""

from typing import Final

import click

from app.cli.lazy import LazyGroup

COMMANDS: Final = {
    "run": ("app.cli.eval_run:run", "Replay tickets and grade what they come to."),
    "record": ("app.cli.eval_record:record_", "Record tickets, so that they replay without a model."),
    "gate": ("app.cli.eval_gate:gate", "Judge a run, against earlier ones where it was live."),
    "diff": ("app.cli.eval_gate:diff", "Show what changed between two runs."),
    "show": ("app.cli.eval_report:show", "Show how one ticket of a run went."),
    "report": ("app.cli.eval_report:report", "Write reports of a run: JUnit, Markdown, HTML, JSON lines."),
}


@click.group("eval", cls=LazyGroup, table=COMMANDS)
def eval_() -> None:
    """Replay recorded tickets, judge the result, and report it."""
