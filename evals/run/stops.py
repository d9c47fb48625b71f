"""Ctrl-C and SIGTERM, from a person and from a CI that cancels: heard at every instant of a command, and once."""

import signal
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType, MappingProxyType
from typing import Final, TypeAlias

STOPS: Final = (signal.SIGINT, signal.SIGTERM)
Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | signal.Handlers | None"
_IGNORED: Final[Mapping[signal.Signals, Handler]] = MappingProxyType(
    {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: signal.SIG_IGN}
)


@contextmanager
def heard_once() -> Generator[None]:
    """Raise KeyboardInterrupt at the first of them; once it was raised, ignore all that come while the process ends.

    So whoever is impatient disturbs nothing that is ended, and nothing that is said. An event loop that starts within
    leaves Ctrl-C to this.
    """
    before: dict[signal.Signals, Handler] = {one: signal.getsignal(one) for one in STOPS}

    def hear(_: int, __: FrameType | None) -> None:
        _meaning(_IGNORED)
        raise KeyboardInterrupt

    after: Mapping[signal.Signals, Handler] = before
    _meaning(dict.fromkeys(STOPS, hear))
    try:
        yield
    except KeyboardInterrupt:
        after = _IGNORED
        raise
    finally:
        _meaning(after)


@contextmanager
def unheard_by_children() -> Generator[None]:
    """Keep Ctrl-C from a process that is started first thing within: a terminal sends it to that as well.

    What comes meanwhile is heard afterwards. Several may be within at once.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _meaning(handlers: Mapping[signal.Signals, Handler]) -> None:
    with suppress(ValueError):  # signals reach the main thread only: elsewhere others see to it
        for one, handler in handlers.items():
            signal.signal(one, handler)
