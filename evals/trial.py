"""What one replay of one ticket came to: a status, every part that was graded, what went stale, and the steps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Final

from casino.values import Document, Value

SCHEMA = "trial/1"
_STRUCTURED: Final = frozenset({"parts", "divergences", "steps", "usage"})  # fields that are more than plain values
_LATER: Final = frozenset({"controls", "kept"})  # results of earlier runs, which are baselines, lack these


class Level(StrEnum):
    """How much of a replay is live."""

    LINT = "L0"  # nothing is played: the gold trajectory and its mutants
    CODE = "L1"  # the model is replayed, tools are live in a sandbox world
    MODEL = "L2"  # the model is live, tools are replayed
    LIVE = "L3"  # both are live, the player's turns are scripted
    SIMULATED = "L4"  # both are live, the player is simulated; it never gates
    ATTACK = "L5"  # a model that obeys whoever gives it orders: code must refuse


class Status(StrEnum):
    """How a trial ended."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"  # an expectation does not hold
    STALE = "stale"  # answers of an older prompt were served: it says nothing about the new one
    ERROR = "error"  # it could not be played or graded: a broken ticket, or the infrastructure
    NOT_RUN = "not_run"  # it was left out: budget, interruption, quarantine


class Difference(StrEnum):
    """What kind of difference made a recording stale."""

    PROMPT = "prompt"
    TOOL_SCHEMA = "tool schema"
    TOOL_RESULT = "tool result"
    HISTORY = "history"
    PARAMETERS = "parameters"
    EXTRA_CALL = "extra call"
    UNUSED = "unused recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """One place at which a replay left its recording."""

    exchange: int  # of the recording, from 1; 0: there is none
    kind: Difference
    segment: str  # such as `procedure/bonus-request` or `tools/issue_bonus`
    pointer: str  # a differing JSON pointer (RFC 6901) within it; of plain text `/line/<number>`
    was: Value = None
    now: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the grading. All parts are reported; those that gate decide."""

    name: str  # such as `state`, `order`, `text`, `recording`; at L0 `gold` and `mutants`, at L5 `attack`
    wrong: tuple[str, ...] = ()  # one line for each difference
    gates: bool = True

    @property
    def holds(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the time line."""

    kind: str  # the kind of its entry on the record
    at: str  # ISO 8601
    title: str  # such as `issue_bonus: done`, or what was said
    body: Document = field(default_factory=dict[str, Value])
    changes: tuple[Value, ...] = ()  # RFC 6902 operations: what it changed in the world and the ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a trial cost."""

    model_calls: int = 0
    tool_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)  # in the currency of the run's prices
    cpu_ms: Decimal = Decimal(0)
    wall_ms: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One replay of one ticket."""

    ticket: str
    file: str
    title: str
    level: Level
    repeat: int  # from 1
    seed: int
    status: Status
    tags: tuple[str, ...] = ()
    why: str = ""  # of an error, or why it was not run
    parts: tuple[Part, ...] = ()
    divergences: tuple[Divergence, ...] = ()
    end: Document = field(default_factory=dict[str, Value])
    path: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    usage: Usage = Usage()
    segments: Mapping[str, str] = field(default_factory=dict[str, str])  # the sha256 of each text it was played with
    controls: Mapping[str, str] = field(default_factory=dict[str, str])  # by name, `pass` or `fail`; none were played
    kept: Document = field(default_factory=dict[str, Value])  # what grading needs beside the steps; see `evals.kept`

    @property
    def findings(self) -> tuple[Part, ...]:
        """Return the parts that judge: those of a stale trial only follow from what changed."""
        return () if self.status is Status.STALE else self.parts

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return every line of every part that gates; none of a stale trial."""
        return tuple(line for part in self.findings if part.gates for line in part.wrong)

    def document(self) -> dict[str, Value]:
        """Return the trial as one line of a run's results."""
        return {
            "schema": SCHEMA,
            **_plain(self, but=_STRUCTURED),
            "parts": [_plain(part) for part in self.parts],
            "divergences": [_plain(one) for one in self.divergences],
            "steps": [_plain(step) for step in self.steps],
            "usage": _plain(self.usage),
        }


def trial_from(document: Document) -> Trial:
    """Return the trial of a line. Raises ValueError where it is none of this schema."""
    try:
        if document["schema"] != SCHEMA:
            raise ValueError(f'this line has the schema "{document["schema"]}"; "{SCHEMA}" can be read')
        known = {one.name for one in fields(Trial)}
        plain = {name: document[name] for name in known - _STRUCTURED - _LATER}
        plain |= {name: _object(document[name]) for name in _LATER if name in document}
        return Trial(
            **{  # pyright: ignore[reportArgumentType]  # the names are those of the fields
                **plain,
                "level": Level(str(document["level"])),
                "status": Status(str(document["status"])),
                "tags": _words(document["tags"]),
                "path": _words(document["path"]),
            },
            parts=tuple(
                Part(name=str(one["name"]), wrong=_words(one["wrong"]), gates=one["gates"] is True)
                for one in _objects(document["parts"])
            ),
            divergences=tuple(_divergence(one) for one in _objects(document["divergences"])),
            steps=tuple(_step(one) for one in _objects(document["steps"])),
            usage=Usage(**_object(document["usage"])),  # pyright: ignore[reportArgumentType]  # the same
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this line is no result of a ticket ({error})") from error


def _divergence(one: Document) -> Divergence:
    return Divergence(
        exchange=int(str(one["exchange"])),
        kind=Difference(str(one["kind"])),
        segment=str(one["segment"]),
        pointer=str(one["pointer"]),
        was=one["was"],
        now=one["now"],
    )


def _step(one: Document) -> Step:
    changes = one["changes"]
    return Step(
        kind=str(one["kind"]),
        at=str(one["at"]),
        title=str(one["title"]),
        body=_object(one["body"]),
        changes=tuple(changes) if isinstance(changes, list) else (),
    )


def _plain(row: Trial | Part | Divergence | Step | Usage, *, but: Collection[str] = ()) -> dict[str, Value]:
    """Return a row's values by name, in the types of JSON."""
    named = {one.name: getattr(row, one.name) for one in fields(row) if one.name not in but}
    return {name: [*value] if isinstance(value, tuple) else value for name, value in named.items()}


def _object(value: Value) -> Document:
    if not isinstance(value, Mapping):
        raise TypeError("an object is missing")
    return value


def _objects(value: Value) -> list[Document]:
    return [_object(one) for one in value] if isinstance(value, list) else []


def _words(value: Value) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
