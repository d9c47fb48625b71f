"""The words around a figure that say what it counts, in English, German, Spanish, Portuguese, French and Swedish.

Everything here is a pattern on folded text (see `spoken_words.fold`): no capitals, no diacritics.
"""

from collections.abc import Mapping

SPIN = (
    r"(?:free ?|gratis|bonus|extra)?spins?|frei(?:spiel|spin|dreh)\w*|drehs?|drehung\w*|giros?|tiradas?|rodadas?|"
    r"tours?|(?:gratis|free)?snurr\w*"
)
# Between a figure and the spins that it counts.
SPIN_ADJECTIVES = (
    r"free|bonus|extra|gratis|more|new|whole|cash|kostenlose\w*|weitere\w*|extra|gratuit\w*|gratuita\w*|nya|of your|"
    r"of these|ihrer|de sus|das suas|de vos|av dina"
)
PER_SPIN_AFTER = rf"(?:per|a|each|pro|je|por|par|le|la|the|cada|chaque|varje|for every|for each)\s(?:free )?(?:{SPIN})"
PER_SPIN_BEFORE = (
    rf"(?:per|each|every|every single|pro|je|jede[rns]?|por|cada|par|chaque|varje|una|one|a)\s(?:free )?(?:{SPIN})|"
    r"spin (?:value|bet|stake)|spinwert|valor (?:por|de cada|da|del?) (?:giro|tirada|rodada)|valeur (?:du|par) tour|"
    r"snurrvarde\w*"
)
# Directly behind the figure: how many times winnings or a bonus are staked.
TIMES = r"x|×|-?fach\w*|-?fold|-?mal|times|veces|vezes|fois|ganger\w*|-?faldig\w*"  # noqa: RUF001  # the sign
WAGER = (
    r"wager\w*|play-?through\w*|rollover\w*|turnover|umsatz\w*|umzusetzen|umsetzen|umgesetzt|apuesta\w*|apostar|"
    r"apost\w+|"
    r"mise\w*|omsattning\w*|omsatt\w*"
)
# No wagering at all.
WAGER_FREE = (
    r"(?:no|zero|without(?: any)?|free (?:of|from)) (?:wager|rollover|playthrough)\w*|wager\w*-free|"
    r"no strings attached|"
    r"ohne (?:jede\w* |jegliche\w* )?(?:umsatz\w*|bedingung\w*)|umsatzfrei\w*|keine\w* umsatz\w*|"
    r"sin (?:ningun )?(?:requisitos?(?: de)? )?(?:apuestas?|rollover)|"
    r"sem (?:nenhum )?(?:requisitos?(?: de)? )?(?:apostas?|rollover)|"
    r"sans (?:aucune )?(?:conditions? (?:de )?)?mises?|utan (?:nagra )?omsattning\w*|omsattningsfri\w*|"
    r"inga omsattning\w*"
)
# Nouns that say whose money it is; the nearest one before the figure counts, then the nearest one behind it.
MONEY: Mapping[str, str] = {
    "balance": r"balances?|kontostand\w*|guthaben|saldo\w*|soldes?",
    "deposit": r"deposit\w*|topped up|(?:mindest)?einzahl\w*|eingezahlt|ingres\w+|insattning\w*|satte? (?:du )?in|"
    r"depots?|"
    r"depos\w+|minsta insattning",
    "bonus": r"bonus(?:es)?|bonus(?:guthaben|geld|cash|pengar\w*|en)|offers?|rewards?|angebot|bonos?|oferta|offre|"
    r"erbjudande\w*|cash(?! ?back)|efectivo|dinheiro",
}
# Behind a figure: what time it measures.
TIME: Mapping[str, str] = {
    "seconds": r"seconds?|sekunden?|segundos?|secondes?|sekunder",
    "minutes": r"minutes?|minuten?|minutos?|minuter|mins?",
    "hours": r"hours?|hrs?|stunden?|horas?|heures?|timmar|timme|h",
    "days": r"(?:\w+ )?days?|(?:\w+ )?tage?n?|dias?|jours?|derniers jours|dagar\w*|dag|dygn",
    "weeks": r"weeks?|wochen?|semanas?|semaines?|veckor|vecka",
    "months": r"months?|monate?n?|mes(?:es)?|mois|manader|manad",
    "years": r"years?|jahren?|anos?|ans|annees?|ar gammal",
}
# A relation in place of a figure: nothing that a tool returns says so.
RELATIVE = (
    r"doubled?(?! ?-?(?:check|click|factor|auth\w*))|doubling|twice|thrice|triple[ds]?|quadruple[ds]?|half|halve[ds]?|"
    r"(?:das )?doppel\w*|verdoppel\w*|(?:die )?halfte|halb so \w+|verdreifach\w*|"
    r"(?:el )?doble(?! (?:clic|factor))|duplic\w+|(?:el )?triple|(?:la )?mitad|(?:o )?dobro|dobr(?:ar|amos|ado|ei|o)|"
    r"(?:o )?triplo|(?:a )?metade|"
    r"(?:le|au) double|doubl(?:er|ons|ees?)|(?:la )?moitie|(?:det )?dubbl\w*|dubbelt|halften|tredubb\w*|hundratals|"
    r"dozens of|dutzende\w*|decenas de|dezenas de|dizaines de|dussintals"
)
