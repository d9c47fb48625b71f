"""What a field can be, as far as conditions ask: for each answer that they can give, a value that gives it.

Every value here goes through the rules' own `weigh`, so there is no second meaning of conditions: what is chosen here
is only which values are worth asking about. Between two boundaries that conditions name, one value stands for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from math import floor, prod
from typing import Final

from casino.analysis.line import numbers, ticks
from casino.analysis.term import Term, values_of
from casino.clock import CasinoTime
from casino.facts import MISSING, SAFETY_AGE, SAFETY_FLAGS, Found, Look
from casino.fields.catalogue import Field
from casino.fields.field_type import LISTS, FieldType
from casino.money import Money
from casino.rules.condition import Bucket, Relative, Since, Unit, iso_date, iso_moment
from casino.rules.evaluate import Kind, kind_of
from casino.rules.scale import BUCKETS
from casino.safety import LOWEST_LEGAL_AGE
from casino.values import Value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000  # ticks
_UNITS: Final[dict[Unit, int]] = {"minutes": 60 * _SECOND, "hours": 3_600 * _SECOND, "days": 86_400 * _SECOND}
_STEPS: Final = (_UNITS["days"], _UNITS["hours"], _UNITS["minutes"], _SECOND, 1)
_FIRST: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _TICK
_LAST: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _TICK


@dataclass(slots=True)
class Mentioned:
    """What the conditions on one field name."""

    numbers: set[int | Decimal] = field(default_factory=set[int | Decimal])
    texts: dict[str, None] = field(default_factory=dict[str, None])
    booleans: bool = False
    money: defaultdict[str, set[int | Decimal]] = field(default_factory=lambda: defaultdict(set))
    days: set[int] = field(default_factory=set[int])
    moments: set[int] = field(default_factory=set[int])
    dated: bool = False  # something asks how a date or a moment stands to the moment of the decision


def mentioned(terms: Iterable[Term]) -> Mentioned:
    """Gather what terms on single values name; lists of a player are looked at elsewhere."""
    found = Mentioned()
    for term in terms:
        condition = term.condition
        if isinstance(condition.measure, Since):
            _add_since(found, values_of(condition), condition.measure.unit, term.at)
        elif isinstance(condition.expected, Money):
            found.money[condition.expected.currency].add(condition.expected.amount)
        elif isinstance(condition.expected, Relative):
            _add_relative(found, condition.expected, term.at)
        elif condition.measure is None:  # a bucket is looked at elsewhere
            for value in values_of(condition):
                _add(found, value)
    return found


def _add(found: Mentioned, value: Value) -> None:
    if isinstance(value, bool):
        found.booleans = True
    elif isinstance(value, int | Decimal):
        found.numbers.add(value)
    elif isinstance(value, str):
        found.texts[value] = None
        day, moment = iso_date(value), iso_moment(value)
        if day is not None:
            found.days.add(day.toordinal())
        if moment is not None:
            found.moments.add(_ticks(moment))


def _add_relative(found: Mentioned, relative: Relative, at: CasinoTime) -> None:
    found.dated = True
    if relative.anchor == "today":
        found.days.add(at.day.toordinal() + relative.shift)
    else:
        found.moments.add(_ticks(at.at) + relative.shift * _UNITS[relative.unit])


def _add_since(found: Mentioned, passed: Iterable[Value], unit: Unit, at: CasinoTime) -> None:
    found.dated = True
    for number in passed:
        if isinstance(number, int | Decimal):
            # A whole number of units has passed: an order against 7.5 turns between 7 and 8.
            for units in (floor(number), floor(number) + 1):
                found.moments.add(_ticks(at.at) - units * _UNITS[unit])
                found.days.add(at.day.toordinal() - units)


def looks(path: str, terms: Sequence[Term], known: Field | None) -> list[Look]:
    """Return what a field can be, the values that people would expect first; lists are left out.

    A field of the catalogue is of its type, and of its known values where it has some. A safety fact is what lets a
    player pass the safety checks, which stand before every configuration. A counter is a count.
    """
    if path.startswith("safety."):
        return [*_safety(path, terms)]
    found = mentioned(terms)
    if path.startswith("counters."):
        return [*map(Found, [*numbers(found.numbers, whole=True, lowest=0), *_amounts(found, lowest=0)])]
    return [*map(Found, _values(found, terms, known)), MISSING, Found(None)]


def _safety(path: str, terms: Sequence[Term]) -> Iterator[Look]:
    name = path.removeprefix("safety.")
    if name in SAFETY_FLAGS:
        yield Found(value=False)
    elif name == SAFETY_AGE:
        yield from map(Found, numbers(mentioned(terms).numbers, whole=True, lowest=LOWEST_LEGAL_AGE))
    else:
        yield from map(Found, _values(mentioned(terms), terms, None))
        yield from (MISSING, Found(None))


def _values(found: Mentioned, terms: Sequence[Term], known: Field | None) -> Iterator[Value]:
    type_ = None if known is None else known.type
    if type_ in LISTS:
        return
    if type_ is FieldType.BOOLEAN or (type_ is None and found.booleans):
        yield from (True, False)
    if type_ is FieldType.NUMBER or (type_ is None and found.numbers):
        yield from _numbers(found, known)
    if type_ is FieldType.MONEY or (type_ is None and found.money):
        yield from _amounts(found, lowest=None)
    asks_text = found.texts or found.dated or any(isinstance(term.condition.measure, Bucket) for term in terms)
    if type_ in {FieldType.TEXT, FieldType.DATE, FieldType.MOMENT} or (type_ is None and asks_text):
        yield from _texts(found, terms, known)


def _numbers(found: Mentioned, known: Field | None) -> Iterator[Value]:
    if known is not None and known.values:
        yield from known.values
        yield from found.numbers
        return
    yield from numbers(found.numbers, whole=known is not None and known.integer, lowest=None)


def _amounts(found: Mentioned, *, lowest: int | None) -> Iterator[Value]:
    for currency in sorted(found.money):
        for amount in numbers(found.money[currency], whole=False, lowest=lowest):
            yield {"amount": amount, "currency": currency}
    other = next(code for code in ("EUR", "USD", "GBP", "SEK", "XXX") if code not in found.money or code == "XXX")
    if found.money:
        yield {"amount": 1, "currency": other}


def _texts(found: Mentioned, terms: Sequence[Term], known: Field | None) -> Iterator[Value]:
    type_ = FieldType.TEXT if known is None else known.type
    if type_ is FieldType.TEXT:
        yield from found.texts
        if known is not None and known.values:
            yield from known.values
            return
        yield from _other_texts(found, terms)
    if type_ is not FieldType.MOMENT and found.days:
        yield from (date.fromordinal(day).isoformat() for day in _days(found))
    if type_ is not FieldType.DATE and found.moments:
        yield from _moments(found)


def _days(found: Mentioned) -> list[int]:
    return ticks(found.days, steps=(1,), low=1, high=date.max.toordinal())


def _moments(found: Mentioned) -> Iterator[str]:
    """Yield the moments, each in a spelling of its own and as the conditions spell it."""
    yield from (text for text in found.texts if iso_moment(text) is not None)
    for tick in ticks(found.moments, steps=_STEPS, low=_FIRST, high=_LAST):
        moment = _EPOCH + tick * _TICK
        spellings = (moment.strftime(form) for form in _spellings(moment))
        yield from islice((spelling for spelling in spellings if spelling not in found.texts), 1)


def _spellings(moment: datetime) -> Iterator[str]:
    """Yield forms that all say the same moment, in UTC; there are more than anybody writes."""
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    base = f"{moment.year:04}-%m-%dT%H:%M:%S"
    for zeros in range(max(1, 7 - len(fraction))):
        for offset in ("Z", "+00:00", "-00:00"):
            yield f"{base}{fraction or ('.' if zeros else '')}{'0' * zeros}{offset}"


def _other_texts(found: Mentioned, terms: Sequence[Term]) -> Iterator[str]:
    """Yield texts that no condition names: one, or where buckets are asked for one for each answer that they give."""
    buckets = [term for term in terms if isinstance(term.condition.measure, Bucket)]
    wanted = prod(len(answers) for answers in bucket_answers(buckets).values())
    seen: set[tuple[bool, ...]] = set()
    for text in islice(other_texts(), _MOST_TEXTS):
        answers = tuple(term.holds(Found(text)) for term in buckets)
        if text not in found.texts and answers not in seen:
            seen.add(answers)
            yield text
            if len(seen) >= wanted:
                return


_MOST_TEXTS: Final = 4_000  # tried in search of a bucket


def other_texts() -> Iterator[str]:
    """Yield texts that say nothing, without end."""
    yield "other"
    yield from (f"other-{number}" for number in count(1))


def bucket_answers(terms: Iterable[Term]) -> Mapping[str, list[tuple[Term, ...]]]:
    """Return for each salt the sets of its terms that can hold together; buckets are whole numbers, 0 to 9999."""
    by_salt: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        if isinstance(term.condition.measure, Bucket):
            by_salt[term.condition.measure.salt].append(term)
    found: dict[str, list[tuple[Term, ...]]] = {}
    for salt, own in by_salt.items():
        plain = [Term(replace(term.condition, measure=None), term.at) for term in own]
        tried = numbers(mentioned(plain).numbers | {0, BUCKETS - 1}, whole=True, lowest=0)
        answers = {
            tuple(term for term, bare in zip(own, plain, strict=True) if bare.holds(Found(bucket)))
            for bucket in tried
            if bucket < BUCKETS
        }
        found[salt] = sorted(answers, key=len)
    return found


def list_items(terms: Iterable[Term]) -> dict[tuple[Kind, Value], None]:
    """Return the values that conditions on a list name, each by its kind; true is not 1."""
    found: dict[tuple[Kind, Value], None] = {}
    for term in terms:
        for value in values_of(term.condition):
            if isinstance(value, bool | int | Decimal | str):
                found[kind_of(value), value] = None
    return found


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK
