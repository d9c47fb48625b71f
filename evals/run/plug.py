"""What plays the items, by name: a function in a module that opens a player, once in every process that plays."""

import importlib
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from casino.values import Document, Value
from evals.run.plan import Item
from evals.trial import Status, Trial

LONGEST_WHY: Final = 500

Play: TypeAlias = Callable[[Item], Awaitable[Trial]]
Opener: TypeAlias = Callable[[Document], AbstractAsyncContextManager[Play]]


class PlugError(Exception):
    """There is nothing to play with under this name."""


@dataclass(frozen=True, slots=True)
class Plug:
    """`module:function` and its arguments, which must be plain: they go to other processes.

    The function takes the arguments and returns an async context manager: it reads the house and opens the model once,
    and gives what plays one item after the other.
    """

    name: str
    arguments: Document = field(default_factory=dict[str, Value])

    def opened(self) -> AbstractAsyncContextManager[Play]:
        """Open the player. Raises `PlugError`, and whatever the function raises."""
        module, _, function = self.name.partition(":")
        try:
            found: Any = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError, ValueError) as error:
            raise PlugError(f"there is no player `{self.name}` ({error})") from error
        return cast("Opener", found)(self.arguments)  # a name says nothing of its type


async def attempted(play: Play, item: Item) -> Trial:
    """Play an item. What raises is a trial that came to no verdict, and the others go on."""
    try:
        trial = await play(item)
    except Exception as error:  # noqa: BLE001  # one broken ticket must not end the run; it is recorded
        return broken(item, _said(error))
    same = (trial.ticket, trial.level, trial.repeat, trial.seed)
    if same != (item.case.ticket, item.level, item.repeat, item.seed):
        return broken(item, f"something else was played: {same}")
    return replace(trial, tags=item.case.tags)  # by which it was chosen, and the gate knows an attack


def broken(item: Item, why: str, *, status: Status = Status.ERROR) -> Trial:
    """Return the trial of an item that was not played to a verdict."""
    return Trial(
        ticket=item.case.ticket,
        file=item.case.file,
        title=item.case.title,
        level=item.level,
        repeat=item.repeat,
        seed=item.seed,
        status=status,
        tags=item.case.tags,
        why=why,
    )


def _said(error: Exception) -> str:
    """Name an exception, what it says, and where it was raised."""
    raised = traceback.extract_tb(error.__traceback__)[-1]
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    short = text if len(text) <= LONGEST_WHY else text[:LONGEST_WHY] + "…"
    return f"{short} (in {raised.name}, {Path(raised.filename).name}:{raised.lineno})"
