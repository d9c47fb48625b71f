"""One field as a variable of the search: its cells, and in which of them each condition passes or fails."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final, TypeAlias

from casino.analysis.looks import bucket_answers, list_items, looks
from casino.analysis.term import Term, values_of
from casino.facts import MISSING, Found, Look
from casino.fields.catalogue import Field
from casino.fields.field_type import LISTS, FieldType
from casino.rules.condition import Bucket, Operator, Relative, Since, iso_date, iso_moment
from casino.rules.evaluate import Kind

LIST_OPERATORS: Final = frozenset(
    {Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE}
)
_MOST_COMBINED: Final = 256  # cells of a field that is looked at in several ways; beyond, one cell answers anything


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that hold values of exactly these kinds; of no kind: empty.

    A list of other things than conditions name fails each of them, as a null does, and needs no cell of its own.
    """

    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Values that could be, for all that is known here, though none of them was tried."""


Cell: TypeAlias = Look | Lists | Unseen
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """The cells of one field; sets of them are the bits of a whole number. Between them they cover all that can be."""

    cells: tuple[Cell, ...]
    passes: Mapping[Key, int]  # by the term's key: where it passes, among single values and where there is none
    fails: Mapping[Key, int]
    lists: Mapping[frozenset[Kind], int]  # the cell of each sort of list; none where nothing asks for lists
    tried: int  # the cells of values that were tried

    @property
    def all(self) -> int:
        """Return the set of all cells."""
        return (1 << len(self.cells)) - 1


def domain(path: str, terms: Sequence[Term], known: Field | None) -> Domain:
    """Lay out the cells of one field for the terms that ask for it (each key once)."""
    single = [term for term in terms if term.condition.operator not in LIST_OPERATORS]
    answered = [(look, _answer(look, terms)) for look in looks(path, single, known)]
    found = _distinct(answered)
    sorts = _sorts([term for term in terms if term.condition.operator in LIST_OPERATORS], known, path)
    present = [(look, answers) for look, answers in found if look is not MISSING]
    absent = [(look, answers) for look, answers in found if look is MISSING]
    unseen = _unseen(terms, single, answered)
    cells: list[tuple[Cell, int]] = [
        *(entry for entry in present if not _is_null(entry[0])),
        *((Lists(kinds), 0) for kinds in sorts),
        *absent,
        *(entry for entry in present if _is_null(entry[0])),
        *((Unseen(), answers) for answers in unseen.answers),
    ]
    passes, fails = _by_term(cells, terms, anything=unseen.anything)
    tried = sum(1 << number for number, (cell, _) in enumerate(cells) if not isinstance(cell, Unseen))
    lists = {cell.kinds: 1 << number for number, (cell, _) in enumerate(cells) if isinstance(cell, Lists)}
    return Domain((*(cell for cell, _ in cells), *([Unseen()] if unseen.anything else [])), passes, fails, lists, tried)


def _is_null(look: Look) -> bool:
    return isinstance(look, Found) and look.value is None


def _distinct(answered: Iterable[tuple[Look, int]]) -> list[tuple[Look, int]]:
    """Return the first look of each answer; an answer is the set of terms that hold, as bits."""
    first: dict[int, Look] = {}
    for look, answer in answered:
        first.setdefault(answer, look)
    return [(look, answer) for answer, look in first.items()]


def _answer(look: Look, terms: Sequence[Term]) -> int:
    return sum(1 << number for number, term in enumerate(terms) if term.holds(look))


def _by_term(
    cells: Sequence[tuple[Cell, int]], terms: Sequence[Term], *, anything: bool
) -> tuple[dict[Key, int], dict[Key, int]]:
    """Turn the answers of each cell into the cells of each answer."""
    passes: dict[Key, int] = {}
    fails: dict[Key, int] = {}
    joker = (1 << len(cells)) if anything else 0
    for number, term in enumerate(terms):
        where = sum(1 << place for place, (_, answers) in enumerate(cells) if answers >> number & 1)
        passes[term.key] = where | joker
        fails[term.key] = ((1 << len(cells)) - 1) & ~where | joker
    return passes, fails


_OF_ITEMS: Final[dict[FieldType, frozenset[Kind]]] = {
    FieldType.TEXT_LIST: frozenset({"text"}),
    FieldType.NUMBER_LIST: frozenset({"number"}),
    FieldType.RECORD_LIST: frozenset(),
}


def _sorts(terms: Sequence[Term], known: Field | None, path: str) -> list[frozenset[Kind]]:
    """Return which sorts of lists the field can be."""
    if not terms or path.startswith(("safety.", "counters.")) or (known is not None and known.type not in LISTS):
        return []
    if known is not None:
        return [*dict.fromkeys((frozenset[Kind](), _OF_ITEMS[known.type]))]
    kinds: list[Kind] = sorted({kind for kind, _ in list_items(terms)})
    return [frozenset[Kind](some) for length in range(len(kinds) + 1) for some in combinations(kinds, length)]


@dataclass(frozen=True, slots=True)
class _Beyond:
    """What the values that were not tried could answer: these, or anything."""

    answers: tuple[int, ...] = ()
    anything: bool = False


def _unseen(terms: Sequence[Term], single: Sequence[Term], answered: Sequence[tuple[Look, int]]) -> _Beyond:
    """Return the answers that a text could give though no text that was tried gives them.

    A text is looked at in several ways: as it is written, by how long ago it was, by its bucket. Where a field is
    asked for more than one of them, any of the answers of one may go with any of the answers of another.
    """
    if not _looks_in_several_ways(single):
        return _Beyond()
    number_of = {term.key: number for number, term in enumerate(terms)}
    buckets = [
        {sum(1 << number_of[term.key] for term in held) for held in answers}
        for answers in bucket_answers(single).values()
    ]
    named = {value for term in single for value in _named(term)}
    by_kind: defaultdict[str, set[int]] = defaultdict(set)
    for look, answer in answered:
        if isinstance(look, Found) and isinstance(look.value, str):
            kind = _kind_of_text(look.value)
            if kind != "plain" or look.value not in named:  # a text that is named has the one bucket that it has
                by_kind[kind].add(answer)
    possible: set[int] = set()
    for kind, answers in by_kind.items():
        parts = [*_parts(single, kind, answers, number_of), *buckets]
        if len(possible) > _MOST_COMBINED or _size(parts) > _MOST_COMBINED:
            return _Beyond(anything=True)
        possible |= {sum(choice) for choice in product(*parts)}
    return _Beyond(tuple(sorted(possible - {answer for _, answer in answered})))


def _looks_in_several_ways(single: Sequence[Term]) -> bool:
    if any(isinstance(term.condition.measure, Bucket) for term in single):
        return True
    return any(len({_way(term, kind) for term in single}) > 1 for kind in ("day", "moment"))


def _size(parts: Iterable[set[int]]) -> int:
    size = 1
    for part in parts:
        size *= len(part)
    return size


def _parts(single: Sequence[Term], kind: str, answers: Iterable[int], number_of: Mapping[Key, int]) -> list[set[int]]:
    """Split the answers by the way of looking."""
    masks: defaultdict[object, int] = defaultdict(int)
    for term in single:
        if not isinstance(term.condition.measure, Bucket):
            masks[_way(term, kind)] |= 1 << number_of[term.key]
    return [{answer & mask for answer in answers} for mask in masks.values()]


def _way(term: Term, kind: str) -> object:
    """Name the way in which a term looks at a text of a kind: as it is written, or by how long ago it was."""
    condition = term.condition
    if isinstance(condition.measure, Since) or isinstance(condition.expected, Relative):
        return "ago" if kind == "moment" else (term.at.zone, term.at.day_begins)
    return "written"


def _named(term: Term) -> list[str]:
    if term.condition.measure is not None:
        return []
    return [value for value in values_of(term.condition) if isinstance(value, str)]


def _kind_of_text(text: str) -> str:
    if iso_date(text) is not None:
        return "day"
    return "plain" if iso_moment(text) is None else "moment"
