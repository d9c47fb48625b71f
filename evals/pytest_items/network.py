"""A guard around tickets that must not reach the network: it hears every try, of whatever library."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

# Python's own audit events: https://docs.python.org/3.11/library/audit_events.html
REACHING: Final = frozenset(
    {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)


class NetworkReached(RuntimeError):  # noqa: N818  # named by what happened
    """Something tried to reach the network while a ticket was played offline."""


@dataclass(slots=True)
class Guard:
    """Refuses the network while it is up, loopback too, in every thread of the process.

    A hook of `sys.addaudithook` hears a socket from wherever it is used, and beside other guards. It cannot be taken
    away again, so it is installed once for a session and asks whether the guard is up.
    """

    heard: list[str] = field(default_factory=list[str])  # what was tried since it went up last
    _is_up: bool = False

    @classmethod
    def installed(cls) -> "Guard":
        """Return a guard that hears."""
        guard = cls()
        sys.addaudithook(guard.hear)
        return guard

    @contextmanager
    def up(self) -> Generator[None]:
        """Refuse the network."""
        self.heard.clear()
        self._is_up = True
        try:
            yield
        finally:
            self._is_up = False

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Raise `NetworkReached` where something leaves."""
        if not self._is_up or event not in REACHING or (place := _place(arguments)) is None:
            return
        told = f"{event} {place}"
        self.heard.append(told)
        raise NetworkReached(f"{told}: an offline ticket reaches nothing; the world and the model are in its file")


def _place(arguments: Sequence[object]) -> object:
    """Return the name that is asked for, or the address after the socket; None where this stays on the machine."""
    return arguments[0] if isinstance(arguments[0], str | bytes | None) else arguments[1]
