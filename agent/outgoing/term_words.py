"""The words with which a text tells a sum as given, and those with which it tells a term: a stake, a fee, a bound.

Patterns on folded text (see `spoken_words.fold`), in English, German, Spanish, Portuguese, French and Swedish.
"""

# That somebody gets, has or is owed something, beside what `deeds` reads as done.
GIFT = (
    r"you(?:'ve|'ll|'re)?(?: \w+){0,3} (?:qualify|get|got|received?|earn(?:ed)?|w[oi]n)|entitled|owed?|yours|enjoy|"
    r"your (?:\w+ ){0,2}(?:bonus|reward|gift|prize|balance|winnings|refund|spins)|credited|(?:on|in|to) your account|"
    r"arrived|granted|awarded|(?:has|have) won|(?:brings?|brought|gives?|gave) you|"
    r"(?:sie|du) (?:\w+ ){0,3}(?:erhalten|erhaltst|bekommen|bekommst|qualifizieren)|(?:erhalten|bekommen) sie|"
    r"steh(?:t|en) (?:ihnen|dir)|(?:ihnen|dir) steh(?:t|en)|schulden|schenken|gewonnen|gutgeschrieben|eingegangen|"
    r"(?:ihre?|ihrem|dein|deine) (?:\w+ ){0,2}(?:bonus|guthaben|kontostand|pramie|gewinn|freispiele)|"
    r"auf (?:ihrem|deinem) konto|viel spass|"
    r"recib\w+|obtien\w+|gan(?:as?|aste|ado)|correspond\w+|debemos|derecho a|disfrut\w+|abonad\w+|acreditad\w+|"
    r"(?:tu|su)s? (?:\w+ ){0,2}(?:bono|saldo|premio|recompensa|giros)|en (?:su|tu) cuenta|ha llegado|"
    r"receb\w+|ganh(?:a|ou|ar)|direito a|devemos|aproveit\w+|creditad\w+|na sua conta|chegou|demos|"
    r"(?:seu|sua)s? (?:\w+ ){0,2}(?:bonus|premio|recompensa|rodadas|saldo)|"
    r"(?:avez|aurez) (?:\w+ )?(?:recu|droit|gagne|obtenu)|recev(?:ez|rez)|obtenez|gagnez|devons|offrons|profitez|"
    r"votre (?:\w+ ){0,2}(?:bonus|solde|recompense|prime|gain)|sur votre compte|verses?|credites?|est arrive|"
    r"far|fatt|fick|ratt till|vunnit|skyldiga|krediterat\w*|pa ditt konto|njut|ha sa kul|kommit in|ar (?:ditt|dina)|"
    r"(?:din|ditt|dina) (?:\w+ ){0,2}(?:bonus|saldo|beloning|vinst|gratissnurr)"
)
# Directly before the figure, and no term in its clause: what somebody has or can draw, and what the reward is.
HAS = (
    r"(?:you(?: \w+)? have|sie haben|haben sie|du hast|tiene[sn]?|voce(?: \w+)? tem|vous avez|du har)(?: \w+){0,2}|"
    r"(?:bonus\w*|reward|gift|prize|pramie|gewinn|bono|premio|recompensa|recompense|prime|beloning\w*|vinst\w*)"
    r"(?: \w+){0,5} (?:is|are|ist|betragt|es|e|est|ar)(?: de| pa)?|withdraw|cash out|retirar|retirez|sacar|ta ut"
)
# A sum that somebody stakes, pays or may not pass: it is no gift, whatever it is.
TERM = (
    r"bet(?:s|ting)?|stak(?:es?|ing)|fees?|costs?|charges?|price|limit(?:s|ed)?|capped|cap|prize pool|turnover|"
    r"wager(?:ed)?|\w*(?:einsatz|einsatze|limit|gebuhr|gebuhren)|setzen|kostet|kosten|preis|preistopf|"
    r"apuest[aoe]s?|apostar|comision|cuesta|precio|limite|bote de premios|"
    r"aposta|aposte|apostar|taxa|custa|preco|premiacao|"
    r"mise|misez|miser|frais|coute|prix|plafond|cagnotte|"
    r"insats(?:en)?|satsa|avgift(?:en)?|kostar|priset?|gransen?|prispott(?:en)?"
)
# With a few words up to the figure: "un tope de retiro de 100 EUR".
CAP = r"\w*limits?|caps?|tope|limites?|plafond|\w*grans(?:en)?|\w*grenze"
# Money that moves from the player or to the player: a gift unless a bound stands with it.
MOVE = (
    r"deposit(?:s|ing)?|pay(?:ing)? in|paid in|top(?:ping|ped)? up|withdraw(?:s|n|al|als|ing)?|cash(?:ed|ing)?[ -]out|"
    r"(?:mindest|hochst)?(?:einzahlung|auszahlung)(?:en)?|(?:ein|aus)zahlen|(?:ein|aus)gezahlt|"
    r"depositos?|depositar|deposit[ae]|ingresos?|ingresar|retir(?:ar|ada|adas|os?)|"
    r"saques?|sacar|sacad[oa]s?|levanta(?:r|mentos?)|"
    r"depots?|deposer|retraits?|retirer|"
    r"insattning(?:en|ar)?|satta in|uttag(?:en)?|ta ut"
)
# Behind the figure only what is done with it counts: "500 EUR for your deposit" is a gift.
MOVED = (
    r"withdrawn|withdraw|deposited|paid in|cashed out|(?:ein|aus)zahlen|(?:ein|aus)gezahlt|"
    r"retirad[oa]s?|depositad[oa]s?|sacad[oa]s?|retires?|deposes?|tas ut|sattas in"
)
# Beside a word of `MOVE`: "the minimum deposit", "el deposito minimo".
BOUNDED = (
    r"minimum|maximum|minimal|maximal|min|max|highest|lowest|largest|smallest|least|most|"
    r"hochste[rns]?|niedrigste[rns]?|kleinste[rns]?|grosste[rns]?|maximale[rns]?|minimale[rns]?|"
    r"minim[oa]s?|maxim[oa]s?|maximale?s?|minimale?s?|lagsta|hogsta|minsta|storsta"
)
# Directly before the figure.
BOUND = (
    r"at (?:least|most)|up to|no more than|not more than|less than|more than|below|under|above|over|from|"
    r"mindestens|hochstens|maximal|minimal|bis zu|unter|uber|weniger als|mehr als|ab|"
    r"al menos|como (?:maximo|minimo)|hasta|menos de|mas de|por debajo de|"
    r"pelo menos|no (?:maximo|minimo)|ate|mais de|abaixo de|acima de|"
    r"au (?:moins|maximum|minimum|plus)|jusqu'a|moins de|plus de|"
    r"minst|hogst|upp till|mindre an|mer an"
)
# What may stand between a term and its figure.
BETWEEN = (
    r"is|are|was|of|at|to|be|the|a|an|you|them|your|with|for|per|not|exceed|up|"
    r"ist|sind|dabei|betragt|betragen|liegt|bei|von|sie|du|ihr|"
    r"es|son|de|en|la|el|usted|e|sao|em|est|sont|vous|pas|d|ar|pa|till|inte"
)
# Directly before a word of `TERM`: then nothing is paid, and the figure is no fee.
FREE_OF = r"no|without|without any|zero|free of|ohne|keine?|sin|sem|sans|utan|ingen|inga"
# A key that counts money or spins: what stands there alone, as "20 EUR", is an amount and no free text.
AMOUNT_KEYS = frozenset(
    {"amount", "amounts", "value", "sum", "total", "price", "payout", "refund", "winnings", "bonus", "cash", "credit"}
    | {"credits", "fee", "cost", "limit", "stake", "bet", "prize", "due", "paid", "outstanding", "balance", "deposit"}
    | {"deposits", "spins", "wager"}
)
