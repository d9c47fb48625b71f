"""Whether a run wrote what the gold actions write, as often, and nothing twice: an end state tells nothing of that."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evals.foreign.task import Writes


class Asked(NamedTuple):
    """A write that was asked for: what it is, whether it was done, and how it is told."""

    key: Hashable
    done: bool
    tool: str
    told: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How the writes of a run differ from those of the gold actions."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    repeated: tuple[str, ...]
    order: tuple[str, ...]

    def told(self) -> Iterator[str]:
        """Yield one line for each."""
        yield from (f"missing: {one}" for one in self.missing)
        yield from (f"not among the gold actions: {one}" for one in self.extra)
        yield from (f"repeated: {one}" for one in self.repeated)
        yield from self.order


def difference(made: Sequence[Asked], gold: Sequence[Asked], how: Writes) -> Difference:
    """Return how the writes differ. What was refused counts only where it was asked for again with nothing changed."""
    told: dict[Hashable, str] = {one.key: one.told for one in (*gold, *made)}
    repeated = _counted(repeats(made)) - _counted(repeats(gold))
    twice = tuple(told[key] for key in repeated.elements())
    if how == "any":
        return Difference((), (), twice, ())
    if how == "as_many":
        told = {one.tool: one.tool for one in (*gold, *made)}
    done, wanted = (_counted(_keys(side, how)) for side in (made, gold))
    missing, extra = wanted - done, done - wanted
    swapped = how == "in_order" and not missing and not extra and [*_keys(made, how)] != [*_keys(gold, how)]
    return Difference(
        tuple(told[key] for key in missing.elements()),
        tuple(told[key] for key in extra.elements()),
        twice,
        ("the writes are the same, in another order",) if swapped else (),
    )


def repeats(asked: Iterable[Asked]) -> Iterator[Hashable]:
    """Yield a write each time that it is asked for again after it was done, or refused with nothing done since."""
    done: set[Hashable] = set()
    refused: set[Hashable] = set()  # since the last write that was done
    for one in asked:
        if one.key in done or one.key in refused:
            yield one.key
        if one.done:
            done.add(one.key)
            refused.clear()
        else:
            refused.add(one.key)


def _keys(asked: Iterable[Asked], how: Writes) -> Iterator[Hashable]:
    return (one.tool if how == "as_many" else one.key for one in asked if one.done)


def _counted(keys: Iterable[Hashable]) -> Counter[Hashable]:
    return Counter(keys)
