"""The names that a procedure may mention, and how a typed name finds its id."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.playbook.procedure import MentionKind

_MAY_BREAK = r"(?:[ \t]+|[ \t]*\n[ \t]*)"  # a name may run over one line end
_ENDS = r"(?!_*[^\W_])(?![-.]\w)"  # "@Verify" is not in "@Verifying" nor in "@Verify.example", but in "_@Verify_"
_GLUED = re.compile(r"[_+%\-]*[@#]")  # "@Verify@Qualify" would change its meaning once its first half is a chip
_NEAR = 0.6


class Named(NamedTuple):
    """What a name stands for."""

    kind: MentionKind
    id: str


class Typed(NamedTuple):
    """A name found in a text: where it ends, and all that it may mean."""

    end: int
    meanings: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Ids and display names by kind. `actions` and `contexts` are tools, `humans` the teams that can be asked.

    `fields` is None where no catalogue of fields is at hand: then a `field:` chip may name any field.
    """

    actions: Mapping[str, str] = field(default_factory=dict[str, str])
    contexts: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] | None = None
    knowledge: Mapping[str, str] = field(default_factory=dict[str, str])
    procedures: Mapping[str, str] = field(default_factory=dict[str, str])
    humans: Mapping[str, str] = field(default_factory=dict[str, str])

    def knows(self, named: Named) -> bool:
        """Tell whether a chip may name this."""
        return named.id in self.of_kind(named.kind) or (named.kind == "field" and self.fields is None)

    def of_kind(self, kind: MentionKind) -> Mapping[str, str]:
        """Return the ids and display names of one kind."""
        match kind:
            case "action":
                return self.actions
            case "context":
                return self.contexts
            case "field":
                return self.fields or {}
            case "knowledge":
                return self.knowledge
            case "procedure":
                return self.procedures
            case "human":
                return self.humans


@dataclass(frozen=True, slots=True)
class Names:
    """Typed names of some kinds: display names and ids, longest first, whatever their case."""

    vocabulary: Vocabulary
    meanings: Mapping[str, tuple[Named, ...]]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, vocabulary: Vocabulary, kinds: Iterable[MentionKind]) -> "Names":
        """Collect the names of these kinds; two things may share a name, which is said when it is typed."""
        meanings: dict[str, tuple[Named, ...]] = {}
        for kind in kinds:
            for id_, display in vocabulary.of_kind(kind).items():
                for surface in {_key(id_), _key(display)} - {""}:
                    meanings[surface] = (*meanings.get(surface, ()), Named(kind, id_))
        longest_first = sorted(meanings, key=len, reverse=True)
        choices = "|".join(_MAY_BREAK.join(map(re.escape, name.split())) for name in longest_first)
        pattern = re.compile(f"(?:{choices}){_ENDS}", re.IGNORECASE) if choices else None
        return cls(vocabulary, meanings, pattern)

    def at(self, text: str, start: int) -> Typed | None:
        """Return the longest name that begins at `start`, or None where none does."""
        found = self.pattern.match(text, start) if self.pattern is not None else None
        if found is None or _GLUED.match(text, found.end()) is not None:
            return None
        meanings = self.meanings.get(_key(found[0]))
        return None if meanings is None else Typed(found.end(), meanings)

    def nearest(self, typed: str) -> tuple[str, ...]:
        """Return up to three display names that begin like the typed words."""
        words = _key(typed).split()
        near = {
            self.display(named): max(score, 0)
            for surface, meant in self.meanings.items()
            for named in meant
            if (score := _likeness(surface, words)) >= _NEAR
        }
        return tuple(sorted(near, key=lambda name: (-near[name], name))[:3])

    def display(self, named: Named) -> str:
        """Return the display name of a thing."""
        return self.vocabulary.of_kind(named.kind)[named.id]


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return `Did you mean "x"?` for the nearest known word, or else the given advice."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=_NEAR)
    return suggestion(near) or otherwise


def suggestion(names: Iterable[str]) -> str:
    """Return `Did you mean "a" or "b"?`, or nothing where there is nothing to suggest."""
    quoted = [f'"{name}"' for name in names]
    return f"Did you mean {' or '.join(quoted)}?" if quoted else ""


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _likeness(surface: str, words: list[str]) -> float:
    length = len(surface.split())
    matcher = difflib.SequenceMatcher(a=surface, b=" ".join(words[:length]), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _NEAR else 0
