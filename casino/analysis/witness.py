"""A player who shows a finding: a facts document, made from an answer and weighed by the rules before it is shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count, islice, product
from typing import Final, NamedTuple

from casino.analysis.domain import Lists
from casino.analysis.logic import YES, Answer, Logic, Section, first
from casino.analysis.looks import other_texts
from casino.analysis.term import Term
from casino.facts import SAFETY_AGE, SAFETY_FLAGS, Facts, Found, Look
from casino.fields.catalogue import Catalogue, Field
from casino.fields.field_type import FieldType
from casino.rules.evaluate import Kind, check
from casino.values import Value
from casino.verdict import Verdict

ADULT: Final = 30  # years, where no condition asks for the age
_TRIED: Final[tuple[int | Decimal, ...]] = (0, 1, 2, 3, 4, 5, 10, 25, 50, 100, 500, 1_000, 10_000, -100)
_MOST_TRIED: Final = 800  # ways to give the inputs of computed fields values


class Given(NamedTuple):
    """One field of a player."""

    path: str
    look: Look


def player(logic: Logic, catalogue: Catalogue, answer: Answer, claims: "Claims") -> dict[str, Value] | None:
    """Return the facts of a player who passes and fails as claimed; None where none was found that really does."""
    if answer.state is None:
        return None
    given = [*_given(logic, answer)]
    plain = [one for one in given if catalogue.computed_for([one.path]) == {}]
    computed = catalogue.computed_for(one.path for one in given)
    for inputs in _inputs(catalogue, plain, [one.path for one in given if one.path in computed]):
        document = _document([*plain, *inputs])
        if document is not None and _shows(document, claims, catalogue):
            return document
    return None


class Claims(NamedTuple):
    """What a player is said to show: every one of these sections passes, none of the others does."""

    every: Sequence[Section]
    unless: Sequence[Section] = ()


def _shows(document: Mapping[str, Value], claims: Claims, catalogue: Catalogue) -> bool:
    facts = Facts.of(document)

    def holds(section: Section) -> bool:
        return all(_holds(term, facts, catalogue) for term in section.terms)

    return all(holds(section) for section in claims.every) and not any(holds(section) for section in claims.unless)


def _holds(term: Term, facts: Facts, catalogue: Catalogue) -> bool:
    seen = facts.seen(at=term.at, computed=catalogue.computed_for([term.condition.path]))
    return check(term.condition, seen).verdict is Verdict.YES


def _given(logic: Logic, answer: Answer) -> Iterator[Given]:
    """Yield what each field is in the answer; a field that is missing is left out."""
    state = answer.state or []
    for field in sorted(answer.fields):
        path, cell = logic.paths[field], logic.domains[field].cells[first(state[field]).bit_length() - 1]
        if path is not None and isinstance(cell, Lists):
            named = logic.listed[field]
            held = [item for item, variable in named.items() if first(state[variable]) == YES]
            yield Given(path, Found([*(value for _, value in held), *_filled(cell, held, named)]))
        elif path is not None and isinstance(cell, Found):
            yield Given(path, cell)


def _filled(cell: Lists, held: Iterable[tuple[Kind, Value]], named: Iterable[tuple[Kind, Value]]) -> Iterator[Value]:
    """Yield a value that no condition names, for each kind of which the list holds none yet."""
    taken = [value for _, value in named]
    lacking = cell.kinds - {kind for kind, _ in held}
    if "number" in lacking:
        yield next(number for number in count() if number not in taken)
    if "text" in lacking:
        yield next(text for text in other_texts() if text not in taken)


def _inputs(catalogue: Catalogue, plain: Sequence[Given], computed: Iterable[str]) -> Iterator[list[Given]]:
    """Yield values to try for what the computed fields read and nothing else says; first, that there are none."""
    yield []
    taken = {one.path for one in plain}
    fields = (catalogue.field(path) for path in computed)
    read = {path for known in fields if known is not None and known.expression for path in known.expression.reads}
    free = [path for path in sorted(read - taken) if _is_number(catalogue.field(path))]
    for values in islice(product(_TRIED, repeat=len(free)), _MOST_TRIED if free else 0):
        yield [Given(path, Found(value)) for path, value in zip(free, values, strict=True)]


def _is_number(known: Field | None) -> bool:
    return known is None or known.type is FieldType.NUMBER


def _document(given: Iterable[Given]) -> dict[str, Value] | None:
    """Return the facts document; None where one path runs through the value of another."""
    document: dict[str, Value] = {"player": {}, "safety": {**dict.fromkeys(SAFETY_FLAGS, False), SAFETY_AGE: ADULT}}
    for one in sorted(given, key=lambda given_: given_.path.count(".")):  # what lies below comes after
        if not isinstance(one.look, Found) or not _put(document, one.path.split("."), one.look.value):
            return None
    return document


def _put(document: dict[str, Value], steps: Sequence[str], value: Value) -> bool:
    *parents, last = steps
    for step in parents:
        inner = document.setdefault(step, {})
        if not isinstance(inner, dict):
            return False
        document = inner
    document[last] = {**value} if isinstance(value, dict) else value  # the answer keeps its own
    return True
