"""The words in which a text says that something was, is being or will be done, or that it was not.

Patterns on folded text (see `spoken_words.fold`), by language. `~` stands for the deeds of that language.
"""

from collections.abc import Mapping

# What is done to an account, as a participle.
DEEDS: Mapping[str, str] = {
    "en": "added|credited|issued|granted|given|gave|awarded|applied|activated|refunded|paid(?: out)?|processed|"
    "cancelled|"
    "canceled|unlocked|reset|updated|changed|removed|closed|topped up|deposited|arranged|put|released|booked|loaded|"
    "gifted|increased|raised|lifted|lowered|reopened|reversed|placed|dropped|boosted|extended|restored|returned",
    "de": "gutgeschrieben|hinzugefugt|aktiviert|vergeben|gewahrt|ausgestellt|uberwiesen|erstattet|storniert|"
    "freigeschaltet|freigegeben|zugeteilt|ausgezahlt|gegeben|eingebucht|gebucht|erhoht|gesenkt|geandert|"
    "aufgehoben|zuruckgesetzt|eingestellt|verlangert|gelegt|geladen|angewendet",
    "es": "anadid\\w+|agregad\\w+|acreditad\\w+|abonad\\w+|emitid\\w+|otorgad\\w+|concedid\\w+|activad\\w+|dado|"
    "cancelad\\w+|reembolsad\\w+|pagad\\w+|asignad\\w+|puesto|aumentad\\w+|subido|cambiad\\w+|"
    "levantad\\w+|devuelt\\w+|cargado|aplicad\\w+",
    "pt": "creditad\\w+|adicionad\\w+|emitid\\w+|concedid\\w+|ativad\\w+|cancelad\\w+|pag[oa]s?|reembolsad\\w+|"
    "atribuid\\w+|depositad\\w+|liberad\\w+|colocad\\w+|aumentad\\w+|alterad\\w+|devolvid\\w+|lancad\\w+|aplicad\\w+",
    "fr": "ajoute\\w*|credite\\w*|emis\\w*|accorde\\w*|active\\w*|verse\\w*|rembourse\\w*|annule\\w*|attribue\\w*|"
    "offert\\w*|"
    "mis(?:e|es)?|augmente\\w*|releve\\w*|modifie\\w*|debloque\\w*|paye\\w*|place\\w*|applique\\w*",
    "sv": "lagt(?: till)?|lagts(?: till)?|krediter\\w+|utfardat\\w*|beviljat\\w*|aktiverat\\w*|satt in|satts in|gett|"
    "delats ut|delat ut|betalat\\w*|aterbetalat\\w*|tilldelat\\w*|hojt\\w*|sankt\\w*|andrat\\w*|fort over|bokat\\w*",
}
# What is being or will be done to an account, as an infinitive or a present.
WILL: Mapping[str, str] = {
    "en": r"(?:add|credit|issu|grant|giv|award|put|appl|activat|refund|pay|load|gift|top)\w*",
    "de": r"(?:gutschreiben|hinzufugen|geben|vergeben|aktivieren|buchen|uberweisen|erstatten|auszahlen|freischalten)",
    "es": r"(?:anadir|acreditar|agregar|abonar|dar|poner|activar|ingresar|pagar|conceder)(?:le|te|lo|los|las|selo|"
    r"telo)*",
    "pt": r"(?:adicionar|creditar|dar|colocar|ativar|pagar|conceder|liberar|lancar)",
    "fr": r"(?:ajouter|crediter|donner|mettre|activer|verser|accorder|payer|rembourser|offrir)",
    "sv": r"(?:lagga|satta|kreditera|ge|aktivera|betala|bevilja|sattas|laggas|krediteras|betalas)",
}
THINGS: Mapping[str, str] = {
    "en": r"(?:spins?|bonus(?:es)?|reward|euros?|eur|cash|money|funds|it|they|amount|\w+_\d+)",
    "de": r"(?:frei\w+|bonus|euro|eur|betrag|geld|guthaben|\w+_\d+)",
    "es": r"(?:giros?|tiradas?|bonos?|euros?|eur|dinero|importe|\w+_\d+)",
    "pt": r"(?:rodadas?|giros?|bonus|euros?|eur|dinheiro|valor|\w+_\d+)",
    "fr": r"(?:tours?|bonus|euros?|eur|argent|montant|\w+_\d+)",
    "sv": r"(?:\w{0,12}snurr\w{0,12}|bonus\w*|euro\w*|eur|pengar\w*|belopp\w*|\w+_\d+)",
}
_SELF = "(?:i|we)(?:'ve| have| had|'ve been| have been)?(?: \\w+ly| just| now| already| also)*"
# `~` the deeds, `+` what will be done, `#` the things that are given.
CLAIMS: Mapping[str, str] = {
    "en": _SELF + r" (?:~)|you(?:'ve| have)?(?: \w+ly| just| now| already)* (?:received|got|been (?:~))"
    r"|(?:has|have|had|was|were|been|are now|is now)(?: \w+ly| just| now| already)*(?: been)?(?: \w+ly| just| now)?"
    r"(?: approved and)? (?:~)"
    r"|(?:i'll|i will|we'll|we will|i'm|i am|we're|we are)(?: now| just| also| going to| happy to| about to)* (?:+)"
    r"|let me (?:+)|will (?:now |soon |shortly )?be (?:~|(?:in|on) your)"
    r"|#(?:(?! not\b| no\b)[^.,;:]){0,40}? (?:is|are|sit|sits)(?: now| all| already)* (?:in|on) your (?:account|"
    r"balance|wallet)"
    r"|(?:is|are|sit)(?: now| all| already)* (?:in|on) your (?:account|balance|wallet)(?: now| already)"
    r"|enjoy your \w+|consider it (?:done|sorted)|your (?:\w+ ){0,2}#(?:(?! not\b)[^.,;:]){0,20}? (?:is|are)(?: now|"
    r" all| already)* "
    r"(?:ready|waiting(?! for (?:approval|a|some\w+|review)\b)|live|active|there)"
    r"|#(?: just| now)? (?:credited|added|issued|granted)"
    r"|(?:withdrawal|payout|cash-?out)(?: (?!needs?\b|requires?\b)\w+){0,3} (?:processed|released|completed|paid)",
    "de": r"(?:habe|haben|hat|hast|hab|wurde|wurden|ist|sind|wird|werden)\b.{0,90}?\b(?:~)"
    r"|sie haben\b.{0,60}?\b(?:erhalten|bekommen)|(?:erhalten|bekommen) haben"
    r"|(?:schreibe|schreiben wir|buche|buchen wir|fuge|gebe ich|lege|aktiviere)\b.{0,50}?\b(?:gut|hinzu|ein|ihnen|"
    r"konto|ihrem)"
    r"|(?:werde|werden wir)\b.{0,60}?\b(?:+)"
    r"|#.{0,40}? (?:ist|sind|liegt|liegen)(?: ab)?(?: jetzt| nun| bereits| schon| sofort)* (?:auf|in) ihrem (?:konto|"
    r"guthaben)"
    r"|#.{0,40}? (?:steh(?:t|en)(?: ihnen)?(?: jetzt| nun| bereits| schon| ab sofort)* bereit|"
    r"wart(?:et|en)(?: \w+){0,2} auf (?:sie|dich))|viel spass mit (?:ihren|ihrem|den|dem)",
    "es": r"(?:he|hemos|ha|han|has|fue|fueron|esta|estan)(?: sido| ya)? (?:~)"
    r"|(?:anadi|acredite|agregue|active|abone|puse|anadimos|acreditamos|agregamos|abonamos) "
    r"|ya (?:tiene|tienes)\b.{0,40}?#|recibi(?:ste|o)\b|(?:ha|has|han) recibido\b|(?:los|las|lo|la) ha recibido"
    r"|(?:te|le) (?:anado|acredito|doy|abono|pongo|activo)\b|(?:voy|vamos) a (?:+)|(?:sera|seran) (?:~)"
    r"|(?:anadire|acreditare|abonare|dare|pondre)\b"
    r"|#.{0,40}? (?:esta|estan)(?: ya| ahora)* (?:en (?:su|tu) (?:cuenta|saldo)|list[oa]s?)"
    r"|(?:ya|ahora) (?:esta|estan) (?:en (?:su|tu) (?:cuenta|saldo)|list[oa]s?)"
    r"|#.{0,30}?(?:le|te) esperan?|(?:retirad?a|retiro) .{0,20}?(?:pagad\w+|procesad\w+)",
    "pt": r"(?:foi|foram|tem|esta|estao|acabaram? de ser|sera|serao|ja)(?: sido| ja)? (?:~)"
    r"|(?:adicionei|creditei|emiti|concedi|ativei|coloquei|aumentei|alterei|paguei|liberei|lancei|dei|depositei|"
    r"reembolsei)\b"
    r"|(?:adicionamos|creditamos|concedemos|ativamos|colocamos|aumentamos|pagamos|liberamos)\b|(?:recebeu|ganhou)\b"
    r"|(?:vou|vamos) (?:te |lhe |ja )?(?:+)|ja tem (?:as |os |o |a )?(?:suas? |seus? )?.{0,30}?#"
    r"|#.{0,40}? (?:ja )?(?:esta|estao)(?: ja| agora)* (?:na (?:sua )?conta|no seu saldo|pront[oa]s?|a sua espera)"
    r"|(?:saque|levantamento) .{0,20}?(?:pago|processad\w+)",
    "fr": r"(?:j'ai|ai|avons|on a)(?: \w+){0,2} (?:~)|(?:a|ont)(?: bien| deja)? ete(?: \w+)? (?:~)|(?:vient|"
    r"viennent) d'etre"
    r"|vous avez(?: bien| deja)? (?:recu|obtenu)|(?:sera|seront) (?:~)|(?:vais|allons) (?:vous )?(?:+)"
    r"|je (?:vous )?(?:ajoute|credite|donne|verse|active|offre|mets)\b|(?:j'ajoute|j'active)\b"
    r"|#.{0,40}? (?:est|sont)(?: maintenant| deja| desormais)* (?:sur votre (?:compte|solde)|pret\w*|credite\w*)"
    r"|#.{0,30}?vous attend(?:ent)?|retrait .{0,25}?(?:valide|paye|traite)",
    "sv": r"(?<!du )(?:har|hade|blev|blivit)\b(?! du\b)(?: \S+){0,4}? (?:~)|(?:krediterades|aktiverades|lades till|"
    r"sattes in)\b"
    r"|du har(?: nu| redan)? fatt\b|har du fatt|(?:jag|vi) (?:lagger|satter|ger|krediterar|aktiverar)\b.{0,30}?"
    r"(?:till|in|dig|#|konto)|(?:ska|kommer att|kommer)(?: nu| strax)? (?:+)"
    r"|#.{0,40}? (?:finns|ar|ligger)(?: nu| redan)* (?:pa ditt (?:konto|saldo)|redo|klara?)"
    r"|#.{0,30}?vantar pa dig|uttag .{0,25}?(?:betalats|betalt)",
}
# A thing of the player's own, which arrives without us: "your deposit was credited", "we have received your papers".
NOT_OURS = (
    r"(?:your|the|their|ihre?|die|su|el|o seu|seu|a sua|votre|vos|le|din|ditt|dina) (?:\w+ )?"
    r"(?:deposits?|einzahlung(?:en)?|deposito|ingreso|depots?|insattning(?:en|ar)?|documents?|dokumente?|documentos?|"
    r"unterlagen|"
    r"nachricht|mensajes?|mensagem|messages?|meddelande|ticket|chat)"
)
# Before a claim in the same clause these make it a condition or a denial.
UNCLAIMED: Mapping[str, str] = {
    "en": "not|haven't|hasn't|hadn't|wasn't|weren't|isn't|aren't|couldn't|can't|cannot|won't|never|unable|nothing|none|"
    "if|once|when|unless|until|after|before|whether|would|could|can|may|might|should|nor|no|to be|yet to",
    "de": "nicht|kein|keine|keinen|nie|nichts|wenn|falls|sobald|nachdem|bevor|ob|kann|können|könnte|darf|sollte",
    "es": "no|nunca|nada|si|cuando|una vez|podría|puede|hasta|aún no|ningún|ninguna",
    "pt": "não|nunca|nada|se|quando|assim que|depois que|pode|poderia|até|nenhum|nenhuma",
    "fr": "ne|n'ai|n'a|n'avons|n'ont|n'avez|pas|jamais|rien|si|quand|lorsque|dès que|une fois|peut|pourrait|aucun|"
    "aucune",
    "sv": "inte|ej|aldrig|om|när|så snart|kan|skulle|ingen|inga|inget|innan|efter att",
}
# Who can say something says it: this "can" makes nothing a condition.
CAN_SAY = (
    r"\b(?P<who>i|we|ich|wir|jag|vi|on|je|nous)(?: would like to| would love to| can| could| may|\b kann| konnen| darf|"
    r" kan| peut| peux| pouvons)(?= (?:(?!not\b|never\b|neither\b|only\b|nicht\b|kein|nur\b|erst\b|inte\b|ne\b|pas\b)"
    r"\w+ ){0,3}?"
    r"(?:confirm|say|tell|inform|assure|promise|guarantee|share|bestatigen|sagen|mitteilen|versichern|versprechen|"
    r"bekrafta|saga|meddela|lova|garantera|beratta|confirmer|dire|assurer|annoncer|garantir)\b) ?"
)
# At the start of a sentence these make all of it a condition.
CONDITIONS = (
    "if|once|when|unless|as soon as|wenn|falls|sobald|si|cuando|una vez|en cuanto|se|quando|assim que|quand|lorsque|"
    "dès que|"
    "une fois|om|när|så snart"
)
CLAUSE_BREAKS = "but|aber|pero|mas|mais|men|however|jedoch|and|und|sino"

# That nothing was given: a negation and a deed of giving in one clause.
NEGATION: Mapping[str, str] = {
    "en": r"not|\w+n't|cannot|never|unable to|nothing|none|no (?:\w+ ){0,2}(?:bonus|spins?|reward|cash|euros?)|"
    r"failed to",
    "de": r"nicht|kein\w*|nie|nichts",
    "es": r"no|nunca|nada|ning\w+",
    "pt": r"nao|nunca|nada|nenhum\w*",
    "fr": r"n'\w+|ne|pas|jamais|rien|aucune?",
    "sv": r"inte|ej|aldrig|ingen|inga|inget|ingenting",
}
GIVING: Mapping[str, str] = {
    "en": r"(?:add|credit|issu|grant|award|receiv|appl|activat|gave|giv|put|got|get)\w*|on your account|"
    r"go(?:ne)? through",
    "de": r"gutgeschrieben|gutschreiben|gutzuschreiben|hinzugefugt|hinzufugen|gebucht|buchen|erhalten|bekommen|"
    r"vergeben|"
    r"gewahrt|aktivier\w+|auf ihrem konto|gegeben|geben",
    "es": r"anadi\w+|agreg\w+|acredit\w+|abon\w+|emit\w+|otorg\w+|conced\w+|activ\w+|recibi\w+|dado|dar|en su cuenta",
    "pt": r"credit\w+|adicion\w+|emit\w+|conced\w+|ativ\w+|receb\w+|dar|dado|na sua conta|colocad\w+",
    "fr": r"ajout\w+|credit\w+|emis\w*|accord\w+|activ\w+|vers\w+|recu\w*|obtenu\w*|donne\w*|sur votre compte",
    "sv": r"lagts?(?: till)?|lagga till|krediter\w+|satta in|satts? in|fatt|delats ut|bevilja\w*|aktivera\w*|ge|gett|"
    r"pa ditt konto",
}
# With these it is another bonus that was not given.
ANOTHER = (
    r"another|again|second|more|else|any other|further|twice|until|extra|weitere\w*|erneut|noch einmal|noch ein\w*|"
    r"zweite\w*|mehr|"
    r"otr[oa]s?|de nuevo|otra vez|mas|segund[oa]|outr[oa]s?|de novo|mais|autres?|a nouveau|deuxieme|de plus|en till|"
    r"fler|"
    r"igen|andra|ytterligare"
)

# That something was passed on to people.
PASSED_ON: Mapping[str, str] = {
    "en": r"(?:i|we)(?:'ve| have)?(?: just| already| now| also)* (?:forwarded|passed|sent|escalated|transferred|"
    r"handed|reported|"
    r"submitted|informed|notified|filed|raised (?:it|this|a))\b"
    r"|(?:has|have|was|were)(?: just| already| now)*(?: been)? (?:forwarded|passed on|sent to|escalated|transferred|"
    r"handed|submitted)",
    "de": r"(?:habe|haben|hat|wurde|wurden|ist|sind)\b.{0,90}?\b(?:weitergeleitet|ubergeben|gesendet|geschickt|"
    r"gemeldet|"
    r"weitergegeben|informiert|eingereicht)",
    "es": r"(?:he|hemos|ha sido|han sido|fue)(?: ya)? (?:enviado|transferid\w+|pasado|remitid\w+|reenviado|escalado|"
    r"informado|"
    r"avisado|notificado)",
    "pt": r"(?:encaminhei|enviei|transferi|repassei|passei|informei|avisei|notifiquei)\b|(?:foi|foram) (?:encaminhad|"
    r"enviad|transferid)\w+",
    "fr": r"(?:j'ai|avons|a ete|ont ete)(?: bien| deja| deja)? (?:transmis\w*|transfere\w*|envoye\w*|fait suivre|"
    r"prevenu|"
    r"informe\w*|signale\w*|remonte\w*)",
    "sv": r"(?:har|blev)(?: \S+){0,2}? (?:skickat\w*|vidarebefordrat\w*|lamnat over|lamnats over|overfort\w*|"
    r"informerat|meddelat|"
    r"rapporterat)",
}
# What is passed on though a person would call it given: then it is no message but a promise.
GIVEN_THINGS = (
    r"spins?|frei\w+|giros?|tiradas?|rodadas?|tours?|\w{0,12}snurr\w{0,12}|bonus\w*|bonos?|money|geld|"
    r"dinero|dinheiro|argent|pengar\w*"
)
PEOPLE = (
    r"team|teams|colleagues?|department|support|manager|agent|staff|report|request|complaint|case|ticket|chat|"
    r"conversation|"
    r"kolleg\w*|abteilung\w*|finanz\w*|meldung|anfrage|beschwerde|fall|equipos?|compan\w+|departamento|informe|queja|"
    r"solicitud|"
    r"equipe|colegas?|relato|pedido|reclamacao|conversa|setor|financeiro|collegues?|service|signalement|demande|"
    r"plainte|"
    r"rapport|teamet|avdelning\w*|arende\w*|klagan|chatten|\w+avdelningen"
)
