"""In which language a reply is written: told by the small words that every sentence needs.

A check of what was ordered, no detector: it knows the six languages that outgoing texts are read in, and where a text
has none of their small words it says nothing. Names, figures and codes weigh nothing.
"""

import re
from collections.abc import Mapping
from typing import Final

from tools.spoken_words import fold

# Folded: without capitals and diacritics. A word that several languages have counts for each of them.
_WORDS: Final[Mapping[str, str]] = {
    "en": "the and is are was you your yours we our i my to of for with on at it this that have has been be will can "
    "not no from by as an a in or if please there would any here what could had do does did me us",
    "de": "der die das den dem des und ist sind war sie ihr ihre ihren ihrem ihnen wir unser unsere ich mein zu von "
    "fur mit auf an es dies diese dieser dieses dass haben habe hat wurde wird werden kann konnen nicht kein keine "
    "aus als ein eine einen einem einer im in oder wenn bitte du dein deine dir dich noch auch nur bei zum zur "
    "jetzt leider uns mir sich uber nach vom um am mal",
    "es": "el la los las y es son era usted su sus nosotros nuestro yo mi mis a de para con en lo este esta esto que "
    "ha he han hemos ser sera puede puedo no del por como un una o si al le te tu tus se ya muy pero sin sobre hay "
    "estan mas tiene tienes ahora favor cada nos",
    "pt": "o a os as e sao era voce seu sua seus suas nos nosso eu meu minha ao de para com em isso este esta que foi "
    "tem tenho ser sera pode posso nao do da dos das por como um uma ou se na no nas lhe te ja muito mas sem "
    "sobre ha mais agora favor pelo pela cada voces",
    "fr": "le la les et est sont etait vous votre vos nous notre je mon ma mes a de pour avec sur il elle ce cette ces "
    "que qui ai ont avons etre sera peut peux ne pas du des par comme un une ou si au aux en dans se deja tres "
    "mais sans plus maintenant chaque y d l j n c s qu m t",
    "sv": "och ar var du din ditt dina ni er vi vart jag min mitt till av for med pa det den detta denna att har hade "
    "varit vara blir kan inte ingen inget fran som en ett i eller om dig mig oss sig nu aven men utan over per "
    "vill ska finns sa de dem nar hos bara tyvarr",
}
LANGUAGES: Final = tuple(_WORDS)
_LISTED: Final[Mapping[str, frozenset[str]]] = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_WORD: Final = re.compile(r"(?<![\w@.-])[^\W\d_]+(?![\w@-])")


def weights(text: str) -> Mapping[str, int]:
    """Return how many small words of each language a text has."""
    words = _WORD.findall(fold(text))
    return {name: sum(word in listed for word in words) for name, listed in _LISTED.items()}


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages that have the most small words of a text; none where no language has any."""
    found = weights(text)
    most = max(found.values())
    return tuple(name for name, count in found.items() if count == most) if most else ()
