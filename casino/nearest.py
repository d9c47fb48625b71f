"""Did you mean: the nearest known word, for messages that help."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that looks most like `word` (case aside), or None where nothing is near."""
    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the sentence that mends a misspelt word: the nearest name, else all the names there are."""
    names = sorted(known)
    near = nearest(word, names)
    if near is not None:
        return f'Did you mean "{near}"?'
    return "Known are " + ", ".join(f'"{name}"' for name in names) + "."
