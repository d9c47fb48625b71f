"""Labelled replies, as JSON lines: what stood before, the reply, and whether people call it good or bad, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from casino.document import load_json
from casino.loaded import DocumentError
from evals.judging.judge import Case, Kind, Verdict
from evals.judging.talk import Line
from evals.shapes import Strict, Text


class LabelsError(Exception):
    """A file of labels cannot be used; the message says where, why and how to mend it."""


class Told(Strict):
    """One line of the conversation."""

    role: Literal["player", "agent", "result"]
    text: str


class Label(Strict):
    """One labelled reply."""

    conversation: Annotated[tuple[Told, ...], Field(min_length=1)]
    reply: Text
    label: Literal["good", "bad"]
    kind: Literal["untrue", "promise", "rude", "language", "leak", "no_answer"] | None = None  # of a bad one
    why: Text

    @model_validator(mode="after")
    def _says_what_is_bad(self) -> Self:
        if (self.label == "bad") is (self.kind is None):
            told = {"kinds": ", ".join(Kind)}
            raise PydanticCustomError("kind", "a bad reply has a `kind` ({kinds}), and a good one has none", told)
        return self


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and the line where it stands."""

    line: int
    label: Label

    @property
    def case(self) -> Case:
        """Return what a judge is shown."""
        return Case(tuple(Line(one.role, one.text) for one in self.label.conversation), self.label.reply)

    @property
    def verdict(self) -> Verdict:
        """Return what people say."""
        return Verdict(self.label.label)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a file."""

    sha256: str
    labelled: tuple[Labelled, ...]


def read_labels(path: Path) -> Labels:
    """Read labels. Raises `LabelsError` with all that is wrong."""
    try:
        written = path.read_bytes()
        text = written.decode()
    except UnicodeDecodeError as error:
        raise LabelsError(f"{path}: not UTF-8 text (byte {error.start}); save the labels as UTF-8") from error
    except OSError as error:
        raise LabelsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    wrong: list[str] = []
    found: list[Labelled] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(Labelled(number, _label(line)))
            except LabelsError as error:
                wrong += [f"{path}:{number}: {one}" for one in str(error).split("\n")]
    wrong += [f"{path}:{one}" for one in _twice(found)]
    if wrong:
        raise LabelsError("\n".join(wrong))
    return Labels(sha256(written).hexdigest(), tuple(found))


def _label(line: str) -> Label:
    try:
        return Label.model_validate(load_json(line, name="line").value)
    except DocumentError as error:
        raise LabelsError(f"this is no JSON: {str(error).partition(': ')[2]}") from error
    except ValidationError as error:
        raise LabelsError("\n".join(_problem(one) for one in error.errors())) from error


def _problem(detail: ErrorDetails) -> str:
    where = ".".join(map(str, detail["loc"]))
    match detail["type"]:
        case "extra_forbidden":
            return f"{where}: there is no such field; leave it out"
        case "missing":
            return f"{where}: this field is missing; add it"
        case "kind":
            return f"{detail['msg']}; mend it"
        case _:
            return f"{where or 'label'}: {detail['msg']}; mend it"


def _twice(found: list[Labelled]) -> Iterator[str]:
    """Find replies that stand there twice: a hundred copies of one label are one label."""
    first: dict[Case, int] = {}
    for one in found:
        line = first.setdefault(one.case, one.line)
        if line != one.line:
            yield f"{one.line}: the same reply to the same conversation stands in line {line}; leave one out"
