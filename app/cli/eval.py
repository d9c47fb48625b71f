"""`croupier eval`: replay recorded tickets, judge a run, and report it. Each command is imported when it is called."""

from typing import Any, Final

import click

from app.cli.lazy import LazyGroup
from app.cli.unobeyed import unobeyed

COMMANDS: Final = {
    "run": ("app.cli.eval_run:run", "Replay tickets and grade what they come to."),
    "record": ("app.cli.eval_record:record_", "Record tickets, so that they replay without a model."),
    "import": ("app.cli.eval_import:import_", "Make ticket files of live tickets, without what is personal."),
    "stale": ("app.cli.eval_stale:stale", "List the recordings that no longer fit, by what changed."),
    "lint": ("app.cli.eval_lint:lint", "Check ticket files without playing them."),
    "mutate": ("app.cli.eval_mutate:mutate", "Play every ticket a little wrong: the grading must notice."),
    "attack": ("app.cli.eval_attack:attack", "Have a model obey what is planted: the tools must refuse."),
    "coverage": ("app.cli.eval_coverage:coverage", "Show which steps of the procedures the tickets reach."),
    "grade": ("app.cli.eval_grade:grade", "Grade a kept run again, by the tickets as they are now."),
    "calibrate": ("app.cli.eval_calibrate:calibrate", "Measure a model that judges replies by labelled ones."),
    "gate": ("app.cli.eval_gate:gate", "Judge a run, against earlier ones where it was live."),
    "diff": ("app.cli.eval_gate:diff", "Show what changed between two runs."),
    "show": ("app.cli.eval_report:show", "Show how one ticket of a run went."),
    "report": ("app.cli.eval_report:report", "Write reports of a run: JUnit, Markdown, HTML, JSON lines."),
}
MACHINE: Final = frozenset({"--json", "--schema"})  # with them stdout belongs to a machine


class _Unobeyed(LazyGroup):
    """A group whose commands print what tickets say: no CI runner may obey it, and no message of an error either."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own
        """Run a command with all that it prints muted."""
        with unobeyed(as_json=not MACHINE.isdisjoint(ctx.args)):
            try:
                return super().invoke(ctx)
            except click.ClickException as error:
                error.show()  # here, where it is muted
                raise SystemExit(error.exit_code) from error


@click.group("eval", cls=_Unobeyed, table=COMMANDS)
def eval_() -> None:
    """Replay recorded tickets, judge the result, and report it."""
