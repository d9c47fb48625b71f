"""Which facts a set of configurations looks at: whoever gathers facts asks for these and no others."""

from collections.abc import Iterable, Iterator

from casino.bonus.configuration import Configuration


def fields_read(configurations: Iterable[Configuration]) -> frozenset[str]:
    """Return every path that a condition, a limit or a computed field of these configurations looks at."""
    return frozenset(path for configuration in configurations for path in _paths(configuration))


def _paths(configuration: Configuration) -> Iterator[str]:
    sections = (configuration.segmentation, configuration.qualification, *(tier.when for tier in configuration.tiers))
    for section in (*sections, configuration.limits.conditions(configuration.id)):
        yield from (condition.path for condition in section)
    for computed in configuration.computed.values():
        yield from computed.reads


def is_read(source: str, paths: Iterable[str]) -> bool:
    """Tell whether one of the paths looks at something that stands at `source`, below it, or at what holds it."""
    return any(_holds(source, path) or _holds(path, source) for path in paths)


def _holds(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}.")
