"""A guard around tickets that must not reach the network: it hears every try that Python itself hears of.

That is every socket and every question for a name of any library that goes through Python's own `socket`, and every
other program that is started. It does not hear a library that connects in C by itself, such as a database driver or
`ctypes`: only a machine without a network refuses that.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

# Python's own audit events: https://docs.python.org/3.11/library/audit_events.html
_BY_SOCKET: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})  # the socket, then the address
_BY_NAME: Final = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
# What another program reaches nobody hears.
_PROGRAMS: Final = frozenset(
    {"subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec", "os.startfile", "pty.spawn"}
)
REACHING: Final = _BY_SOCKET | _BY_NAME | _PROGRAMS


class NetworkReached(RuntimeError):  # noqa: N818  # named by what happened
    """Something tried to reach the network while a ticket was played offline."""


@dataclass(slots=True)
class Guard:
    """Refuses the network and other programs while it is up, loopback too, in every thread of the process.

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
        """Raise `NetworkReached` where something leaves. A socket without an address stays on the machine."""
        if not self._is_up or event not in REACHING:
            return
        place = arguments[event in _BY_SOCKET]
        if place is None:
            return
        told = f"{event} {place}"
        self.heard.append(told)
        raise NetworkReached(f"{told}: an offline ticket reaches nothing; the world and the model are in its file")
