"""A run in a process that may be killed: `mortal.py FOLDER TICKETS JOBS SECONDS`. It goes on where there is a journal.

A line on stdout tells of each ticket that is done, and the last one of the summary.
"""

import asyncio
import sys
from pathlib import Path

from evals.run.journal import begin_run, opened_journal
from evals.run.merge import merge
from evals.run.plug import Plug
from evals.run.runner import Pace, run
from tests.evals.run.players import HEADER, STARTED, items


async def live(folder: Path, *, tickets: int, jobs: int, seconds: str) -> int:
    """Play, and return the exit code."""
    kept, played = folder / "run", folder / "played"
    played.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        begin_run(kept, HEADER)
    work = items(*(f"t{number}" for number in range(tickets)), repeat=2)
    plug = Plug("tests.evals.run.players:noted", {"folder": str(played), "seconds": seconds})
    with opened_journal(kept) as journal:
        summary = await run(
            work,
            plug,
            journal=journal,
            pace=Pace(jobs=jobs),
            on_done=lambda done: print(done.number, flush=True),  # noqa: T201  # somebody waits for it
        )
        merge(journal, work, HEADER, summary, to=kept / "results.jsonl", ended=STARTED)
    print(summary.line, flush=True)  # noqa: T201  # the same
    return summary.exit


if __name__ == "__main__":
    sys.exit(asyncio.run(live(Path(sys.argv[1]), tickets=int(sys.argv[2]), jobs=int(sys.argv[3]), seconds=sys.argv[4])))
