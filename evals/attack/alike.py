"""Whether words stand in a text, whatever the desk takes away from either on its way in or out.

Messages and replies are cleaned: signs that nobody sees go, letters are composed, line ends are made alike. Planted
words that were compared as they are written would then be missed though a model read them, or a player did.
"""

import unicodedata
from typing import Final

from tools.spoken_words import fold

_BLANK: Final = "\t\n\r"


def plain(text: str) -> str:
    """Return a text as words are compared: also without controls, and every run of blanks as one."""
    kept = (one for one in text if one in _BLANK or unicodedata.category(one) != "Cc")
    return " ".join(fold("".join(kept)).split())


def stands_in(words: str, text: str) -> bool:
    """Tell whether words stand in a text. Words that nobody sees are looked for as they are."""
    wanted = plain(words)
    return wanted in plain(text) if wanted else words in text
