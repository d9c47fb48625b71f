"""What a rule may read: one tree of exact values, and what could not be read at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal, Protocol, TypeAlias

from casino.clock import CasinoTime
from casino.document import Writable
from casino.exact import NotExact, checked_number, exact_text
from casino.values import Value

_PATH: Final = re.compile(r"[\w-]+(\.[\w-]+)*")  # one step is a root: "player"; ids of configurations have hyphens


class Absent(Enum):
    """Why there is no value: the source has no such field, or could not be asked."""

    MISSING = "missing"
    UNAVAILABLE = "unavailable"


MISSING: Final = Absent.MISSING
UNAVAILABLE: Final = Absent.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Found:
    """A value that the source gave; None where the source gave null."""

    value: Value


Look: TypeAlias = Found | Literal[Absent.MISSING, Absent.UNAVAILABLE]


class Computed(Protocol):
    """A field that is worked out from others."""

    @property
    def text(self) -> str:
        """The expression as the author wrote it, in the formatter's spelling."""
        ...

    @property
    def reads(self) -> frozenset[str]:
        """The paths that it looks at; what it depends on through another computed field may be left out."""
        ...

    def value(self, facts: "Facts") -> Look:
        """Work the field out. It never raises: what cannot be worked out is missing, null or unavailable."""
        ...


NO_COMPUTED: Final[Mapping[str, Computed]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """A snapshot of facts, copied when made: what changes outside afterwards does not change a decision."""

    tree: Mapping[str, Value]
    unavailable: tuple[str, ...]
    at: CasinoTime | None = None  # the moment at which they are read; without one, nothing relative to it is known
    # By path; a definition stands before a value of the same name.
    computed: Mapping[str, Computed] = field(default_factory=lambda: NO_COMPUTED)

    @classmethod
    def of(cls, document: Mapping[str, Writable]) -> "Facts":
        """Take `{"player": …, "tools": …, "safety": …, "unavailable": [paths]}`.

        An unavailable path covers everything below it ("tools.kyc" also "tools.kyc.status"), and what it stands in:
        a record without one of its fields is not the record. Raises NotExact for a float, a number that is not finite,
        or a list of paths that is none.
        """
        tree = {root: _exact(value, root) for root, value in document.items() if root != "unavailable"}
        return cls(MappingProxyType(tree), _paths(document.get("unavailable", [])))

    def seen(self, *, at: CasinoTime, computed: Mapping[str, Computed]) -> "Facts":
        """Return the same facts as read at a moment, with the fields that are worked out from them."""
        return replace(self, at=at, computed=computed)

    def look(self, path: str) -> Look:
        """Find the value at a dotted path. What is unavailable stays so even where an old value lies there."""
        if path in self.computed:
            return self.computed[path].value(self)
        if any(touch(path, gone) for gone in self.unavailable):
            return UNAVAILABLE
        value: Value = dict(self.tree)
        for step in path.split("."):
            if value is None:
                return Found(None)  # nothing is known below a null: it is null too, and not merely missing
            if not isinstance(value, dict) or step not in value:
                return MISSING
            value = value[step]
        return Found(value)


def source_of(path: str) -> str:
    """Return where the values below a path come from: the tool for tool fields, else the first step."""
    steps = path.split(".")
    return ".".join(steps[:2]) if steps[0] == "tools" else steps[0]


SAFETY_FLAGS: Final = ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm")
SAFETY_AGE: Final = "age_years"


@dataclass(frozen=True, slots=True)
class SafetyFacts:
    """The facts that stand before every benefit, each as it was found or not found."""

    looks: Mapping[str, Look]

    @classmethod
    def of(cls, facts: Facts) -> "SafetyFacts":
        """Read `safety.*`."""
        names = (*SAFETY_FLAGS, SAFETY_AGE)
        return cls(MappingProxyType({name: facts.look(f"safety.{name}") for name in names}))

    def look(self, name: str) -> Look:
        """Return one safety fact; a name that nobody supplied is missing."""
        return self.looks.get(name, MISSING)


def _exact(value: Writable, path: str) -> Value:
    match value:
        case None | bool():
            return value
        case int():
            return checked_number(int.__int__(value))  # an enum's member is a number of its own type
        case Decimal():
            return checked_number(Decimal(value))
        case str():
            return _text(value)
        case dict() | Mapping():  # the usual type first: what is asked of an abstract one is slow
            return {_text(key): _exact(item, f"{path}.{key}") for key, item in value.items()}
        case list() | Sequence():
            return [_exact(item, f"{path}[{index}]") for index, item in enumerate(value)]
        case _:  # pyright: ignore[reportUnnecessaryComparison]  # floats come from callers without types
            raise NotExact(f"{path} is a {type(value).__name__}; facts are exact: use int or Decimal")


def _text(value: str) -> str:
    return exact_text(str.__str__(value))  # of plain text: an enum's member is a text of its own type


def touch(path: str, gone: str) -> bool:
    """Tell whether a path is what could not be read, or lies below it, or above it."""
    return path == gone or path.startswith(f"{gone}.") or gone.startswith(f"{path}.")


def _paths(value: Writable) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise NotExact('"unavailable" must be a list of paths')
    paths = tuple(path for path in value if isinstance(path, str))
    if len(paths) != len(value):
        raise NotExact('"unavailable" must hold paths only')
    for path in paths:
        if _PATH.fullmatch(path) is None:
            raise NotExact(f'"unavailable" holds "{path}", which is no path; write it as tools.kyc')
    return paths
