"""Does a player speak of harm from gambling, or ask to be shut out? Then no offer is made: a human takes over at once.

A guard over words, in thirteen languages. It hears too much rather than too little: whoever mentions an addiction of
somebody else gets a human as well, and a phrase that is not listed is not heard.
"""

import re
from typing import Final

from tools.spoken_words import any_of, fold

_ANY: Final = (
    # English
    *("gambling problem*", "gambling addict*", "problem gambl*", "compulsive gambl*", "addicted to gambling"),
    *("addicted to slots", "addicted to betting", "gambling disorder", "harm from gambling", "gambling harm*"),
    *("cannot stop gambling", "can't stop gambling", "cant stop gambling", "can not stop gambling"),
    *("can't stop playing", "cannot stop playing", "cant stop playing", "lost control of my gambling"),
    *("stop me from gambling", "stop me gambling", "help me stop gambling", "want to stop gambling"),
    *("self-exclusion", "self exclusion", "self-exclude", "self exclude", "exclude myself", "exclude me"),
    *("ban me", "ban myself", "block me from gambling", "block me from playing", "gamstop", "gambled away*"),
    # German
    *("spielsucht*", "spielsuchtig*", "glucksspielsucht*", "suchtig nach spiel*", "selbstausschluss*"),
    *("selbstsperre*", "selbst sperren", "mich sperren", "sperren sie mich", "sperrt mich", "oasis-sperre*"),
    *("kann nicht aufhoren zu spielen", "spiele zu viel", "verspiele alles", "alles verspielt"),
    # Spanish
    *("ludopat*", "adicto al juego", "adicta al juego", "adiccion al juego", "autoexclu*", "no puedo parar de jugar"),
    *("no puedo dejar de jugar", "problema con el juego", "problemas con el juego"),
    # Portuguese
    *("viciado em jogo*", "viciada em jogo*", "vicio do jogo", "vicio em jogo*", "autoexclus*", "autoexclu*"),
    *("nao consigo parar de jogar", "problema com o jogo", "problemas com o jogo"),
    # French
    *("accro au jeu", "accro aux jeux", "dependance au jeu", "dependant au jeu", "addiction au jeu", "m'exclure"),
    *("auto-exclusion", "autoexclusion", "m'interdire de jeu", "interdiction volontaire", "arreter de jouer"),
    # Swedish, Danish, Norwegian
    *("spelberoende", "spelmissbruk*", "stanga av mig", "sjalvavstangning*", "spelpaus", "kan inte sluta spela"),
    *("ludoman*", "udelukke mig", "selvudeluk*", "rofus", "kan ikke stoppe med at spille"),
    *("spilleavheng*", "spillavheng*", "utestenge meg", "selvutesteng*"),
    # Italian, Dutch, Polish, Finnish
    *("dipendenza dal gioco", "dipendente dal gioco", "autoesclu*", "non riesco a smettere di giocare"),
    *("gokverslav*", "verslaafd aan gokken", "verslaafd aan spelen", "zelfuitsluiting*", "cruks"),
    *("kan niet stoppen met gokken", "uzalezniony od hazardu", "uzalezniona od hazardu", "uzaleznienie od hazardu"),
    *("samowyklucz*", "peliriippuv*", "peliongelma*", "pelikiel*"),
)
_HARM: Final = re.compile(rf"(?<![\w'-]){any_of(_ANY)}(?![\w'-])")
_SPACE: Final = re.compile(r"\s+")
_MOST_CHARS: Final = 1_000_000  # a tenth of a second; nobody types as much


def speaks_of_harm(text: str) -> bool:
    """Tell whether a text speaks of harm from gambling or asks for exclusion: "I have a gambling problem".

    Of a text of more than a million characters the first and the last half million are looked at.
    """
    half = _MOST_CHARS // 2
    read = text if len(text) <= _MOST_CHARS else f"{text[:half]}.{text[-half:]}"
    return _HARM.search(_SPACE.sub(" ", _folded(read))) is not None


def _folded(text: str) -> str:
    """Return what `fold` does, with each character folded once however often it stands there."""
    return text.translate({ord(character): fold(character) for character in set(text)})
