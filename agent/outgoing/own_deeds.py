"""Every verb with which somebody says "I have done": what is not among the harmless ones is a claim of an effect.

Patterns on folded text (see `spoken_words.fold`), by language; the group is the verb.
"""

from collections.abc import Mapping

OWN_DEED: Mapping[str, str] = {
    "en": r"(?:i|we)(?:'ve| have)(?: \w+ly| just| now| already| also| gladly)* (\w+(?:ed|en|wn|pt|ne|ut|ft|id|nt|ade))"
    r"|(?:i|we)(?: \w+ly| just| now| already| also)* (\w+ed)",
    "de": r"(?:ich habe|wir haben|habe ich|haben wir)\b.{0,90}?\b(\w*ge\w+(?:t|en)|\w+iert|(?:be|er|ver|ent)\w+(?:t|"
    r"en))",
    "es": r"(?<!\w)(?:he|hemos)(?: ya)? (\w+(?:ado|ido)|puesto|hecho|dado|abierto|resuelto|devuelto)",
    "pt": r"(?:ja |eu )?(\w{3,}(?:rei|sei|tei|lei|nei|quei|dei|vei|guei|zei))",
    "fr": r"(?:j'ai|j'avais|nous avons|on a)(?: bien| deja| aussi| donc| tout)* (\w{2,}(?:e|i|u|is|it|ert|ait)s?)",
    "sv": r"(?:jag|vi) har(?: nu| redan| precis| ocksa| aven)* (tagit (?:emot|bort)|\w+(?:at|tt|it|gt|nt|rt))",
}
HARMLESS: Mapping[str, str] = {
    "en": "checked|looked|found|seen|read|asked|noted|received|gotten|understood|confirmed|verified|tried|reviewed|"
    "been|searched|located|matched|explained|mentioned|waited|requested|written|made|gone|compared|opened|started|"
    "taken|wanted|need|spoken|attempted|listened|examined|listed|worked|given up|considered|received|noticed|"
    "forwarded|passed|sent|escalated|transferred|handed|reported|submitted|informed|notified|filed|raised|offered|"
    "indeed|agreed|promised|thanked|chatted|talked|discussed|recorded",
    "de": "gepruft|gesehen|nachgesehen|gefunden|erhalten|bekommen|gelesen|gefragt|nachgefragt|verstanden|versucht|"
    "gesucht|notiert|bestatigt|uberpruft|geschaut|nachgeschaut|angesehen|angeschaut|gesagt|gesprochen|besprochen|"
    "geschrieben|erklart|verglichen|gewartet|gebeten|erwahnt|zugeordnet|weitergeleitet|ubergeben|gesendet|geschickt|"
    "gemeldet|weitergegeben|informiert|eingereicht|gebraucht|gemacht|angefragt|beantragt|gerne|getan|gehort|verfugbar",
    "es": "revisado|comprobado|encontrado|recibido|leido|visto|mirado|preguntado|pedido|entendido|intentado|buscado|"
    "anotado|confirmado|verificado|podido|consultado|explicado|hablado|sido|tenido|querido|solicitado|comparado|"
    "enviado|transferido|pasado|remitido|reenviado|escalado|informado|avisado|notificado|dicho|comentado|indicado|"
    "mencionado|hecho|esperado|localizado|tomado",
    "pt": "verifiquei|encontrei|achei|olhei|perguntei|consultei|busquei|procurei|tentei|anotei|confirmei|localizei|"
    "encaminhei|enviei|transferi|repassei|passei|informei|avisei|notifiquei|expliquei|mencionei|analisei|chequei|"
    "conferi|solicitei|direi|farei|terei|serei|avisarei|poderei|voltarei|falei|comparei|gostarei|responderei|ficarei|"
    "rei|lei|sei|ouvirei|cheguei|gostei|pensei|comecei|estarei|verei|conversei",
    "fr": "verifie|trouve|recu|lu|vu|regarde|demande|compris|essaye|essaie|cherche|note|confirme|pu|consulte|explique|"
    "ete|eu|voulu|parle|compare|transmis|transfere|envoye|fait|prevenu|informe|signale|remonte|dit|mentionne|"
    "examine|tente|sollicite|attendu|retrouve|pris|repere|entendu|du",
    "sv": "tittat|kontrollerat|hittat|fatt|last|sett|fragat|forstatt|forsokt|sokt|noterat|bekraftat|kunnat|pratat|"
    "skickat|vidarebefordrat|lamnat|overfort|informerat|meddelat|rapporterat|bett|forklarat|jamfort|sagt|varit|haft|"
    "tagit emot|begart|namnt|granskat|vantat|gatt igenom|skrivit|velat|hort|gatt|identifierat|verifierat",
}
# Where a bonus or spins stand or arrive, once they are given.
ACCOUNT: Mapping[str, str] = {
    "en": r"(?:in|on|to|into|onto) your (?:account|balance|wallet)(?! (?:settings|details|page|profile))",
    "de": r"(?:auf|in) (?:ihrem|ihr|ihren|deinem|dein) (?:\w*konto|guthaben)",
    "es": r"(?:en|a) (?:su|tu) (?:cuenta|saldo)",
    "pt": r"(?:na|em|no) (?:a )?(?:sua|tua|seu|teu) (?:conta|saldo)",
    "fr": r"(?:sur|dans|a) votre (?:compte|solde)",
    "sv": r"pa (?:ditt|dina) (?:konto|saldo)",
}
BONUS: Mapping[str, str] = {
    "en": r"(?:spins?|bonus(?:es)?|reward|\w+_\d+)",
    "de": r"(?:frei\w+|\w*bonus|\w+_\d+)",
    "es": r"(?:giros?|tiradas?|bonos?|\w+_\d+)",
    "pt": r"(?:rodadas?|giros?|bonus|\w+_\d+)",
    "fr": r"(?:tours?|bonus|\w+_\d+)",
    "sv": r"(?:\w{0,12}snurr\w{0,12}|bonus\w*|\w+_\d+)",
}
ARRIVED: Mapping[str, str] = {
    "en": r"(?:has|have|just)(?: just| now)* (?:landed|arrived|dropped|come in)|#.{0,30}? (?:is|are)(?: now| all|"
    r" already)* there\b",
    "de": r"(?:ist|sind)\b.{0,50}?\b(?:gelandet|eingegangen|angekommen)|#.{0,30}? (?:ist|sind)(?: jetzt| schon|"
    r" bereits)* (?:drin|da|drauf)\b",
    "es": r"(?:ha|han) (?:llegado|entrado|caido)|acaban? de (?:entrar|llegar|caer)|"
    r"#.{0,30}?(?: ya)? estan?(?: ya)? (?:ahi|dentro)\b",
    "pt": r"acab\w+ de (?:cair|entrar|chegar)|cairam?|caiu|#.{0,30}?(?: ja)? esta(?:o)?(?: ja)? (?:la|ai)\b",
    "fr": r"(?:vient|viennent) d'arriver|(?:est|sont)(?: bien| deja)? arrive\w*|#.{0,30}? y (?:est|sont)\b",
    "sv": r"har(?: \w+)? (?:landat|kommit in|trillat in)|#.{0,30}? ar(?: redan| nu)* dar\b",
}
