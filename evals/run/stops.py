"""Ctrl-C and SIGTERM, from a person and from a CI that cancels: heard at every instant of a command, and once."""

import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, TypeAlias

STOPS: Final = (signal.SIGINT, signal.SIGTERM)
PATIENCE_S: Final = 3.0  # so long a command may take to end; whoever asks again then is heard at once
INTERRUPTED: Final = 130
Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | signal.Handlers | None"
_starting = 0  # children that are being started


@contextmanager
def heard_once(last_words: Callable[[], str]) -> Generator[None]:
    """Raise KeyboardInterrupt at the first of them, and ignore more of them while the command ends.

    So whoever is impatient disturbs nothing that is ended, and nothing that is said. Where it cannot end, since it
    waits for a file or a thread that never answers, one that comes after PATIENCE_S says `last_words` on stderr and
    ends the process. What was ignored before stays ignored. An event loop that starts within leaves Ctrl-C to this.
    """
    before: dict[signal.Signals, Handler] = {one: signal.getsignal(one) for one in STOPS}
    mine = [one for one, handler in before.items() if handler is not signal.SIG_IGN]
    first: float | None = None

    def hear(_: int, __: FrameType | None) -> None:
        nonlocal first
        if first is None:
            first = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - first > PATIENCE_S:
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"{last_words()}\n".encode())
            os._exit(INTERRUPTED)

    _meaning(dict.fromkeys(mine, hear))
    try:
        yield
    finally:
        _meaning({one: before[one] for one in mine})


@contextmanager
def unheard_by_children() -> Generator[None]:
    """Keep Ctrl-C from a process that is started first thing within: a terminal sends it to that as well.

    What comes meanwhile is heard afterwards. Several may be within at once; what was blocked before stays so.
    """
    global _starting  # noqa: PLW0603  # the mask is the thread's, and all that are within share it
    was_blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) and not _starting
    _starting += not was_blocked
    try:
        yield
    finally:
        _starting -= not was_blocked
        if not was_blocked and not _starting:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _meaning(handlers: Mapping[signal.Signals, Handler]) -> None:
    with suppress(ValueError):  # signals reach the main thread only: elsewhere others see to it
        for one, handler in handlers.items():
            signal.signal(one, handler)
