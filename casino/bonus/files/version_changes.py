"""What changes from one version of a configuration to another, told as a person would: by field, condition and tier."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casino.bonus.configuration import Configuration, Tier
from casino.document import dump_json
from casino.rules.condition import Condition, literal, text
from casino.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs, as text; None before: it is new, None after: it is gone."""

    where: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A condition or a tier that an earlier version had; `index` is that of the last version that had it."""

    where: str
    text: str
    index: int


_PLAIN = ("semantics", "name", "brands", "priority", "comment", "on_unqualified", "effective_from", "effective_until")
_ZONE = ("time_zone", "day_begins")


def changes(old: Configuration, new: Configuration) -> tuple[Change, ...]:
    """Return what differs, the status included, in the order in which a configuration is written."""
    before, after = old.to_document(), new.to_document()
    found = [*_entries({"status": old.status.value}, {"status": new.status.value}, ("status",))]
    found += _entries(before, after, (*_PLAIN, *_ZONE))
    for key in ("limits", "computed"):
        found += _entries(_mapping(before[key]), _mapping(after[key]), prefix=f"{key}.")
    found += _conditions("segmentation", old.segmentation, new.segmentation)
    found += _conditions("qualification", old.qualification, new.qualification)
    return (*found, *_tiers(old.tiers, new.tiers))


def told_as_beside(found: Iterable[Change], live: int | None) -> tuple[Change, ...]:
    """Tell a draft as one that stands beside the published version: that one is not taken back by it."""
    which = "the published version" if live is None else f"version {live}"
    rest = (one for one in found if one.where != "status")
    return (Change("status", None, f"a new draft beside {which}, which stays published"), *rest)


def field_changes(old: Mapping[str, Value], new: Mapping[str, Value]) -> tuple[Change, ...]:
    """Return what differs between two documents that list fields by `path`: `{fields: [{path: …, …}]}`."""
    before, after = _by_path(old), _by_path(new)
    return tuple(_entries(before, after, (*before, *(path for path in after if path not in before))))


def parts_dropped(versions: Sequence[Configuration], *, kept: Sequence[Configuration]) -> tuple[Part, ...]:
    """Return the conditions and tiers that were taken out of versions (oldest first) and are in none of `kept`.

    A condition that became another one on the same field was changed, not taken out; the conditions of a tier go with
    it and are not told again.
    """
    standing = {part for one in kept for part in _parts(one)}
    last: dict[tuple[str, str], Part] = {}
    for index, (before, after) in enumerate(pairwise(versions)):
        for where, words in _taken_out(before, after):
            if (where, words) not in standing and (where, "") not in standing:
                last[where, words] = Part(where, words, index)
    return tuple(sorted(last.values(), key=lambda part: part.index))


def spelt_condition(condition: Condition) -> str:
    """Write a condition with all that it says, also what the text form leaves out."""
    extras: list[str] = []
    if condition.on_missing != "fail":
        extras.append(f"on_missing: {condition.on_missing}")
    if condition.say is not None:
        extras.append(f"say to the {condition.hear}: {literal(condition.say)}")
    return text(condition) + (f" ({', '.join(extras)})" if extras else "")


def spelt_tier(tier: Tier) -> str:
    """Write a tier in one line."""
    when = " and ".join(spelt_condition(condition) for condition in tier.when) or "always"
    return f"priority {tier.priority}, {when}: {dump_json(tier.reward.result_fields())}"


def _entries(
    old: Mapping[str, Value], new: Mapping[str, Value], keys: Sequence[str] | None = None, *, prefix: str = ""
) -> Iterator[Change]:
    for key in sorted({*old, *new}) if keys is None else keys:
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Change(f"{prefix}{key}", _spelt(before), _spelt(after))


def _spelt(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else dump_json(value)


def _conditions(where: str, old: Sequence[Condition], new: Sequence[Condition]) -> Iterator[Change]:
    """Pair what is left over by what it looks at: the condition on one field, before and after."""
    before, after = _left(old, new), _left(new, old)
    if not before and not after and old != new:
        yield Change(f"{where}, order", _row(old), _row(new))
    for condition in before:
        partner = next((one for one in after if one.subject == condition.subject), None)
        if partner is not None:
            after.remove(partner)
        yield Change(where, spelt_condition(condition), None if partner is None else spelt_condition(partner))
    for condition in after:
        yield Change(where, None, spelt_condition(condition))


def _left(ours: Sequence[Condition], theirs: Sequence[Condition]) -> list[Condition]:
    """Return the conditions that the others do not have, each as often as they lack it."""
    there = Counter(spelt_condition(one) for one in theirs)
    left: list[Condition] = []
    for condition in ours:
        words = spelt_condition(condition)
        if there[words] == 0:
            left.append(condition)
        else:
            there[words] -= 1
    return left


def _row(conditions: Sequence[Condition]) -> str:
    return ", ".join(spelt_condition(condition) for condition in conditions)


def _tiers(old: Sequence[Tier], new: Sequence[Tier]) -> Iterator[Change]:
    before, after = {tier.name: tier for tier in old}, {tier.name: tier for tier in new}
    for name in (*before, *(name for name in after if name not in before)):
        where, was, is_ = f"tier {name}", before.get(name), after.get(name)
        if was is None or is_ is None:
            yield Change(where, None if was is None else spelt_tier(was), None if is_ is None else spelt_tier(is_))
            continue
        yield from _entries({"priority": was.priority}, {"priority": is_.priority}, prefix=f"{where}, ")
        yield from _conditions(f"{where}, when", was.when, is_.when)
        yield from _entries(was.reward.result_fields(), is_.reward.result_fields(), prefix=f"{where}, reward.")


def _parts(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yield every condition with where it stands, and every tier by its name."""
    for where, room in _rooms(configuration):
        yield from ((where, spelt_condition(condition)) for condition in room)
    yield from ((f"tier {tier.name}", "") for tier in configuration.tiers)


def _rooms(configuration: Configuration) -> Iterator[tuple[str, Sequence[Condition]]]:
    yield "segmentation", configuration.segmentation
    yield "qualification", configuration.qualification
    yield from ((f"tier {tier.name}, when", tier.when) for tier in configuration.tiers)


def _taken_out(before: Configuration, after: Configuration) -> Iterator[tuple[str, str]]:
    left = dict(_rooms(after))
    for where, room in _rooms(before):
        gone = _conditions(where, room, left[where]) if where in left else ()
        yield from ((where, change.before) for change in gone if change.after is None and change.before is not None)
    names = {tier.name for tier in after.tiers}
    yield from ((f"tier {tier.name}", spelt_tier(tier)) for tier in before.tiers if tier.name not in names)


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _by_path(document: Mapping[str, Value]) -> dict[str, Value]:
    listed = document.get("fields")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {str(one.get("path")): {key: value for key, value in one.items() if key != "path"} for one in entries}
