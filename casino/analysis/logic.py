"""Questions about conditions: can these all hold while those do not, and who would be such a player."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from casino.analysis.domain import LIST_OPERATORS, Domain, Key, domain
from casino.analysis.looks import list_items
from casino.analysis.solve import Clause, Literal_, State, solve
from casino.analysis.term import Term
from casino.fields.catalogue import Catalogue
from casino.rules.condition import Operator
from casino.rules.evaluate import Kind
from casino.values import Value

_NO: Final = 1  # the two choices of a yes-or-no variable
YES: Final = 2


@dataclass(frozen=True, slots=True)
class Section:
    """Conditions that are joined by and, ready for the search."""

    terms: tuple[Term, ...]
    box: tuple[Literal_, ...]  # what each variable is narrowed to where they all pass
    needs: tuple[Clause, ...]  # what else they need
    refusal: Clause  # what holds where one of them fails
    meaning: tuple[Clause, ...]  # of the variables that the refusal uses
    fields: frozenset[int]  # the variables of the fields


@dataclass(frozen=True, slots=True)
class Answer:
    """`possible` is None where the search was given up; `state` is a choice of values that were tried, if any."""

    possible: bool | None
    state: State | None = None
    fields: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Atom:
    """One condition: what it needs to pass, and what it takes to fail."""

    needs: tuple[Clause, ...]
    refusal: tuple[Literal_, ...]
    meaning: tuple[Clause, ...]
    field: int


class Logic:
    """The fields that some conditions ask for, laid out once for any number of questions.

    An answer "not possible" is certain: the cells cover all values that a field can have, each field is taken to be
    free of the others, and of the moment. An answer with a state is as certain once the player that it describes has
    been weighed by the rules themselves (casino.analysis.witness), which a computed field needs.
    """

    def __init__(self, terms: Iterable[Term], catalogue: Catalogue) -> None:
        by_path: defaultdict[str, dict[Key, Term]] = defaultdict(dict)
        for term in terms:
            by_path[term.condition.path].setdefault(term.key, term)
        self.paths: list[str | None] = []  # of each variable; None for one that is no field
        self.domains: dict[int, Domain] = {}
        self.listed: dict[int, dict[tuple[Kind, Value], int]] = {}
        self._full: State = []
        self._tried: State = []
        self._shape: dict[int, tuple[Clause, ...]] = {}
        self._atoms: dict[Key, _Atom] = {}
        for path, own in by_path.items():
            self._lay_out(path, [*own.values()], catalogue)

    def section(self, terms: Iterable[Term]) -> Section:
        """Compile conditions that are joined by and; all of them must be among those that this was made with."""
        kept = tuple(terms)
        atoms = [self._atoms[term.key] for term in kept]
        box: dict[int, int] = {}
        needs: list[Clause] = []
        for clause in (clause for atom in atoms for clause in atom.needs):
            if len(clause) == 1:
                variable, choices = clause[0]
                box[variable] = box.get(variable, self._full[variable]) & choices
            else:
                needs.append(clause)
        refusal = _merged(literal for atom in atoms for literal in atom.refusal)
        meaning = tuple(clause for atom in atoms for clause in atom.meaning)
        fields = frozenset(atom.field for atom in atoms)
        return Section(kept, tuple(box.items()), tuple(needs), refusal, meaning, fields)

    def find(self, every: Sequence[Section], unless: Sequence[Section] = ()) -> Answer:
        """Ask for a player who passes every section, and none of the others as a whole."""
        state = self._full.copy()
        for section in every:
            for variable, choices in section.box:
                state[variable] &= choices
                if state[variable] == 0:
                    return Answer(possible=False)
        fields = frozenset(field for section in (*every, *unless) for field in section.fields)
        clauses = [clause for section in every for clause in section.needs]
        clauses += [clause for section in unless for clause in (section.refusal, *section.meaning)]
        clauses += [clause for field in fields if field in self._shape for clause in self._shape[field]]
        return self._searched(state, clauses, fields)

    def can_be(self, every: Sequence[Section], unless: Sequence[Section] = ()) -> bool:
        """Tell whether such a player may exist, as far as is known."""
        return self.find(every, unless).possible is not False

    def _searched(self, state: State, clauses: Sequence[Clause], fields: frozenset[int]) -> Answer:
        found = solve(state.copy(), clauses)
        if found.state is None:
            return Answer(possible=None if found.given_up else False)
        if all(first(found.state[field]) & self._tried[field] for field in fields):
            return Answer(possible=True, state=found.state, fields=fields)
        # The choice fell on values that nobody tried; perhaps there is another one.
        tried = [left & self._tried[variable] for variable, left in enumerate(state)]
        again = solve(tried, clauses).state if all(tried) else None
        return Answer(possible=None if again is None else True, state=again, fields=fields)

    def _lay_out(self, path: str, terms: list[Term], catalogue: Catalogue) -> None:
        own = domain(path, terms, catalogue.field(path))
        field = self._variable(path, own.all, own.tried)
        self.domains[field] = own
        asking = [term for term in terms if term.condition.operator in LIST_OPERATORS]
        if own.lists:
            self._lay_out_lists(field, own, asking)
        for term in terms:
            self._atoms[term.key] = _scalar(term, field, own)
        for term in asking if own.lists else ():
            self._atoms[term.key] = self._list_atom(term, field, own)

    def _variable(self, path: str | None, choices: int, tried: int) -> int:
        self.paths.append(path)
        self._full.append(choices)
        self._tried.append(tried)
        return len(self.paths) - 1

    def _lay_out_lists(self, field: int, own: Domain, asking: Iterable[Term]) -> None:
        """Give each value that a condition names a variable: whether the list holds it."""
        named = list_items(asking)
        if any(kind == "boolean" for kind, _ in named):
            named |= {("boolean", True): None, ("boolean", False): None}
        holds = {item: self._variable(None, _NO | YES, _NO | YES) for item in named}
        shape: list[Clause] = []
        for (kind, _), variable in holds.items():
            shape.append(((variable, _NO), (field, _cells(own, {kind}))))
        booleans = tuple((variable, YES) for (kind, _), variable in holds.items() if kind == "boolean")
        if booleans:
            without = own.all & ~_cells(own, {"boolean"})
            shape.append(((field, without), *booleans))
        self.listed[field] = holds
        self._shape[field] = tuple(shape)

    def _list_atom(self, term: Term, field: int, own: Domain) -> _Atom:
        """Say in literals what a condition on a list needs, and what it takes to fail.

        It passes where the list could hold what it names and does; or, with `on_missing: pass`, where there is none.
        """
        passing = own.passes[term.key]  # among what is no list
        comparable = own.lists.get(frozenset(), 0) | _cells(own, {kind for kind, _ in list_items([term])})
        outside = own.all & ~passing & ~comparable
        held = [(self.listed[field][item], YES) for item in list_items([term])]
        lacking = [(variable, _NO) for variable, _ in held]
        escape = ((field, passing),) if passing else ()
        one_of = (*escape, *held)
        each = tuple((*escape, literal) for literal in held)
        none = tuple((*escape, literal) for literal in lacking)
        first_ = ((field, passing | comparable),)
        match term.condition.operator:
            case Operator.CONTAINS_ALL:
                refusal, meaning = self._some(lacking, field, own.all & ~passing, guarded=bool(passing))
                return _Atom((first_, *each), (*refusal, (field, outside)), meaning, field)
            case Operator.CONTAINS_NONE:
                return _Atom((first_, *none), (*held, (field, outside)), (), field)
            case _ if len(lacking) == 1:
                refusal, meaning = self._some(lacking, field, own.all & ~passing, guarded=bool(passing))
                return _Atom((first_, one_of), (*refusal, (field, outside)), meaning, field)
            case _:
                refusal, meaning = self._every(lacking, field, own.all & ~passing)
                return _Atom((first_, one_of), (*refusal, (field, outside)), meaning, field)

    def _some(
        self, literals: Sequence[Literal_], field: int, within: int, *, guarded: bool
    ) -> tuple[tuple[Literal_, ...], tuple[Clause, ...]]:
        """Say "one of these, within these cells" in literals, and in clauses about a variable of its own if need be."""
        if not guarded:
            return tuple(literals), ()
        own = self._variable(None, _NO | YES, _NO | YES)
        return ((own, YES),), (((own, _NO), (field, within)), ((own, _NO), *literals))

    def _every(
        self, literals: Sequence[Literal_], field: int, within: int
    ) -> tuple[tuple[Literal_, ...], tuple[Clause, ...]]:
        """Say "all of these, within these cells", by a variable of its own."""
        own = self._variable(None, _NO | YES, _NO | YES)
        each = tuple(((own, _NO), literal) for literal in literals)
        return ((own, YES),), (((own, _NO), (field, within)), *each)


def first(choices: int) -> int:
    """Return the choice that is taken of those that are left: the one that people would expect first."""
    return choices & -choices


def _scalar(term: Term, field: int, own: Domain) -> _Atom:
    return _Atom((((field, own.passes[term.key]),),), ((field, own.fails[term.key]),), (), field)


def _cells(own: Domain, kinds: Iterable[Kind]) -> int:
    """Return the lists that hold a value of one of these kinds."""
    wanted = frozenset(kinds)
    return sum(cell for sort, cell in own.lists.items() if not wanted.isdisjoint(sort))


def _merged(literals: Iterable[Literal_]) -> Clause:
    """Join the literals of one variable, so that each stands once."""
    by_variable: dict[int, int] = {}
    for variable, choices in literals:
        by_variable[variable] = by_variable.get(variable, 0) | choices
    return tuple(by_variable.items())
