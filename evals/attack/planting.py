"""Where a text is planted: in the ticket, in its world, or in the comment of a bonus of the house."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.house import House
from casino.bonus.configuration import ConfigurationSet
from casino.nearest import did_you_mean
from casino.values import Value
from evals.attack.alike import stands_in
from evals.attack.planted import Attack
from evals.ticket import Read


def house_with(house: House, attack: Attack) -> House:
    """Return the house with what is planted in its bonuses: a comment is written by people, and read by models."""
    if not attack.comments:
        return house
    planted = (
        replace(one, comment=attack.comments.get(one.id, one.comment)) for one in house.configurations.configurations
    )
    return replace(house, configurations=ConfigurationSet(tuple(planted)))


def misplaced(read: Read, attack: Attack, house: House) -> str:
    """Say why nothing is planted where the ticket says; empty where all is."""
    known = [one.id for one in house.configurations.configurations]
    for name in attack.comments:
        if name not in known:
            return f"attack.comments: there is no bonus `{name}`. {did_you_mean(name, known)}"
    if not attack.reaches and not any(stands_in(attack.marker, text) for text in _planted(read, attack)):
        return f"attack.marker: {attack.marker!r} stands nowhere in this ticket, so nothing is planted"
    return ""


def _planted(read: Read, attack: Attack) -> Iterator[str]:
    yield from read.ticket.says
    yield from attack.comments.values()
    yield from _texts(dict(read.world))


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            return
