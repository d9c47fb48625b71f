"""Live tickets made impersonal together, so that a person is the same on all of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from agent.house import House
from casino.values import Document, Value
from evals.importing.live import Live, span
from evals.importing.redact import VERSION, Aliases, Seen, learned, redacted
from evals.recording import Redaction
from tools.catalog import CATALOG

_WORD = re.compile(r"[^\W\d_]+")


class Impersonal(NamedTuple):
    """Tickets with aliases, how many of each kind there are, and what they stand for."""

    lives: list[Live]
    redaction: Redaction
    aliases: Aliases


def impersonal(
    lives: Sequence[Live], house: House, *, names: Sequence[str] = (), ours: Sequence[str] = ()
) -> Impersonal:
    """Return the tickets with aliases. `names` are further ones to replace; addresses at `ours` are the house's.

    Raises `TooManyPhones`.
    """
    seen = [Seen(_all_of(one), *span(one.whole())) for one in lives]
    aliases = learned(seen, names=names, vocabulary=vocabulary(house), ours=ours)
    rewritten = [redacted(one.document, aliases) for one in seen]
    redaction = Redaction(version=VERSION, counts=aliases.counts())
    changed = [_with(live, document) for live, document in zip(lives, rewritten, strict=True)]
    return Impersonal(changed, redaction, aliases)


def vocabulary(house: House) -> frozenset[str]:
    """Return the words of the house in small letters: what stands in its procedures and tools is no person's name."""
    texts = [one.source for one in house.procedures.procedures]
    texts += [text for tool in CATALOG.values() for text in (tool.name, tool.display_name, tool.description)]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _all_of(live: Live) -> dict[str, Value]:
    return {**live.document, "as_sent": {sha256: {"text": text} for sha256, text in live.as_sent.items()}}


def _with(live: Live, document: Document) -> Live:
    sent = document["as_sent"]
    texts = {
        sha256: str(one["text"])
        for sha256, one in (sent.items() if isinstance(sent, Mapping) else ())
        if isinstance(one, Mapping)
    }
    return replace(live, document={name: one for name, one in document.items() if name != "as_sent"}, as_sent=texts)
