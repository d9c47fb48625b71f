"""The field catalogue: every field that a rule may read, with its type, its origin and its description."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casino.facts import Computed
from casino.fields.expression import Expression
from casino.fields.field_type import FieldType
from casino.fields.fitting import can_hold, misfit, named_type, written_as
from casino.fields.parse import parse_expression
from casino.loaded import Loaded, Path
from casino.nearest import did_you_mean, nearest
from casino.rules.condition import Condition, is_path
from casino.rules.flaws import Flaw
from casino.rules.tokens import RuleSyntaxError
from casino.shape import Shape, shape, spelt
from casino.values import Value

MOST_FIELDS: Final = 2_000  # declared in one file
LONGEST_CHAIN: Final = 16  # computed fields that read each other, one through the other


class Origin(StrEnum):
    """Where a field comes from."""

    BUILT_IN = "built_in"  # every player has it
    CUSTOM = "custom"  # declared in fields.yaml; the platform sends it
    COMPUTED = "computed"  # declared in fields.yaml with an expression
    TOOL = "tool"  # the answer of a READ tool
    SAFETY = "safety"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalogue."""

    path: str
    type: FieldType
    origin: Origin
    description: str
    expression: Expression | None = None
    values: tuple[Value, ...] = ()  # all values that are known; empty: any
    integer: bool = False  # of a number: whole numbers only


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All fields by path. A closed catalogue refuses what is not in it; an open one only checks what it knows."""

    fields: Mapping[str, Field]
    write_tools: frozenset[str]  # `tools.<name>` of these is never offered and always refused
    closed: bool

    def field(self, path: str) -> Field | None:
        """Return the field at a path; of a money field also the amount and the currency below it."""
        found = self.fields.get(path)
        return _part_of_money(path, self.fields) if found is None else found

    def search(self, text: str) -> tuple[Field, ...]:
        """Return the fields whose path or description holds every word of a text, case aside, in order of path."""
        words = text.casefold().split()
        found = (field for field in self.fields.values() if _has_words(field, words))
        return tuple(sorted(found, key=lambda field: field.path))

    def flaw(self, condition: Condition) -> Flaw | None:
        """Find why a condition cannot be kept: a tool that writes, an unknown field, or a type that never fits."""
        field = self.field(condition.path)
        if field is not None:
            return misfit(condition, field.type)
        return self.missing(condition.path) if self.closed or self._writes(condition.path) else None

    def missing(self, path: str) -> Flaw:
        """Say why there is no field at a path."""
        return _missing(path, self.fields, self.write_tools)

    def _writes(self, path: str) -> bool:
        return _tool_of(path) in self.write_tools

    def computed_for(self, paths: Iterable[str]) -> Mapping[str, Computed]:
        """Return the computed fields among these paths, and those that they read in turn."""
        found: dict[str, Computed] = {}
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            field = self.fields.get(path)
            if field is not None and field.expression is not None and path not in found:
                found[path] = field.expression
                waiting += field.expression.paths
        return MappingProxyType({path: found[path] for path in sorted(found)})


OPEN: Final = Catalogue(MappingProxyType({}), frozenset(), closed=False)

_PARTS_OF_MONEY: Mapping[str, FieldType] = MappingProxyType({"amount": FieldType.NUMBER, "currency": FieldType.TEXT})


def _part_of_money(path: str, fields: Mapping[str, Field]) -> Field | None:
    parent, _, key = path.rpartition(".")
    money = fields.get(parent)
    if money is None or money.type is not FieldType.MONEY or key not in _PARTS_OF_MONEY:
        return None
    return Field(path, _PARTS_OF_MONEY[key], money.origin, f"the {key} of {parent}")


def _tool_of(path: str) -> str | None:
    root, _, below = path.partition(".")
    return below.partition(".")[0] if root == "tools" else None


def _missing(path: str, known: Iterable[str], write_tools: frozenset[str]) -> Flaw:
    if _tool_of(path) in write_tools:
        message = f'"{path}" is the answer of a tool that writes, and nothing here calls such a tool'
        return Flaw(message, "Read the field of a READ tool; `croupier fields list` shows them.")
    near = nearest(path, known)
    mend = "`croupier fields list` shows all fields; declare one of your own in fields.yaml."
    return Flaw(f'there is no field "{path}"', mend if near is None else f'Did you mean "{near}"?')


def _has_words(field: Field, words: list[str]) -> bool:
    text = f"{field.path} {field.description}".casefold()
    return all(word in text for word in words)


class _CatalogueShape(Shape):
    fields: list[object]


class _FieldShape(Shape):
    path: str
    type: str | None = None
    description: str = ""
    expression: str | None = None
    values: list[object] | None = None
    integer: bool = False


def parse_catalogue(loaded: Loaded, base: Catalogue) -> Catalogue:
    """Read a fields.yaml over a catalogue; raises DocumentError at the place of the first thing that is wrong.

    A field with an expression is computed, any other is one that the platform sends. An entry for a field that is
    built in may say more about it (its known values), but not another type.
    """
    read = shape(_CatalogueShape, loaded)
    if len(read.fields) > MOST_FIELDS:
        message = f"{len(read.fields)} fields are declared, more than {MOST_FIELDS}"
        raise loaded.error(("fields",), message, "Take out what no configuration reads.")
    definitions = _Definitions(loaded, base)
    for index in range(len(read.fields)):
        definitions.declare(("fields", index))
    return replace(base, fields=MappingProxyType({**base.fields, **definitions.all()}))


class _Definitions:
    """The entries of one file, read in the order in which they need each other."""

    def __init__(self, loaded: Loaded, base: Catalogue) -> None:
        self._loaded = loaded
        self._base = base
        self._written: dict[str, tuple[Path, _FieldShape]] = {}
        self._read: dict[str, Field] = {}
        self._open: list[str] = []  # the computed fields that are being read, each because of the one before it

    def declare(self, where: Path) -> None:
        """Note one entry."""
        read = shape(_FieldShape, self._loaded, where)
        self._check_path(where, read)
        self._written[read.path] = (where, read)

    def all(self) -> dict[str, Field]:
        """Read all entries."""
        return {path: self._defined(path) for path in self._written}

    def field(self, path: str) -> Field | None:
        """Return a field of the file or of the catalogue below it, for an expression that reads it."""
        if path in self._written:
            return self._defined(path)
        parent = path.rpartition(".")[0]
        if parent in self._written:
            return _part_of_money(path, {parent: self._defined(parent)})
        return self._base.field(path)

    def missing(self, path: str) -> Flaw:
        """Say why there is no field at a path."""
        return _missing(path, [*self._base.fields, *self._written], self._base.write_tools)

    def _check_path(self, where: Path, read: _FieldShape) -> None:
        path = read.path
        at = (*where, "path")
        if not is_path(path):
            raise self._loaded.error(
                at, f'"{path}" is not a field path', "Write it with its root, as player.bonusRate."
            )
        if path in self._written:
            raise self._loaded.error(at, f'the field "{path}" is declared twice', "Keep one of the two.")
        if path.split(".")[0] not in ({"player"} if read.expression is not None else {"player", "tools"}):
            message = f'"{path}" cannot be declared here'
            raise self._loaded.error(at, message, 'Fields of your own begin with "player.".')
        if _tool_of(path) in self._base.write_tools:
            found = self.missing(path)
            raise self._loaded.error(at, found.message, found.mend)
        built_in = self._base.field(path)
        if built_in is not None and (read.expression is not None or read.type not in {None, built_in.type}):
            message = f'"{path}" is there already, as {named_type(built_in.type)}'
            raise self._loaded.error(at, message, "Give your field another name.")

    def _defined(self, path: str) -> Field:
        if path not in self._read:
            where, read = self._written[path]
            self._read[path] = self._plain(where, read) if read.expression is None else self._computed(where, read)
        return self._read[path]

    def _plain(self, where: Path, read: _FieldShape) -> Field:
        base = self._base.field(read.path)
        declared = self._type(where, read.type)
        if declared is None and base is not None:
            declared = base.type
        if declared is None:
            raise self._loaded.error(where, f'"{read.path}" has no type', f'Add "type": {", ".join(FieldType)}.')
        return self._field(where, read, declared, Origin.CUSTOM)

    def _computed(self, where: Path, read: _FieldShape) -> Field:
        at = (*where, "expression")
        if read.path in self._open:
            chain = " -> ".join([*self._open[self._open.index(read.path) :], read.path])
            raise self._loaded.error(at, f"this is computed of itself: {chain}", "Take one of the steps out.")
        if len(self._open) >= LONGEST_CHAIN:
            message = f"more than {LONGEST_CHAIN} computed fields are computed of each other"
            raise self._loaded.error(at, message, "Write some of them out.")
        self._open.append(read.path)
        try:
            expression = parse_expression(read.expression or "", self, declared=self._type(where, read.type))
        except RuleSyntaxError as error:
            # The place of an entry is that of its key, so the character is counted in the expression.
            message = f"{error.message} (at character {error.offset + 1} of the expression)"
            raise self._loaded.error(at, message, error.mend) from error
        self._open.pop()
        return replace(self._field(where, read, expression.type, Origin.COMPUTED), expression=expression)

    def _type(self, where: Path, written: str | None) -> FieldType | None:
        for type_ in FieldType:
            if written == type_:
                return type_
        if written is None:
            return None
        raise self._loaded.error((*where, "type"), f'"{written}" is not a type', did_you_mean(written, FieldType))

    def _field(self, where: Path, read: _FieldShape, type_: FieldType, origin: Origin) -> Field:
        base = self._base.field(read.path)
        if read.integer and type_ not in {FieldType.NUMBER, FieldType.NUMBER_LIST}:
            message = f'"integer" says more about numbers, and this is {named_type(type_)}'
            raise self._loaded.error((*where, "integer"), message, "Take it out.")
        return Field(
            path=read.path,
            type=type_,
            origin=origin,
            description=read.description or ("" if base is None else base.description),
            values=self._values((*where, "values"), read, type_),
            integer=read.integer or (base is not None and base.integer),
        )

    def _values(self, where: Path, read: _FieldShape, type_: FieldType) -> tuple[Value, ...]:
        found: list[Value] = []
        for index in range(len(read.values or ())):
            value = self._loaded.at((*where, index))
            if not can_hold(type_, value):
                message = f"{spelt((*where, index))} is no value of {named_type(type_)}"
                raise self._loaded.error((*where, index), message, written_as(type_))
            found.append(value)
        return tuple(found)
