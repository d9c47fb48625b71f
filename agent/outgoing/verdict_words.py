"""The words in which a text says that something is approved, that money will come, or that the player gets nothing.

Patterns on folded text (see `spoken_words.fold`), by language. `#` stands for the things that are given, `%` for the
money among them, `~` for the participles of approval.
"""

from collections.abc import Mapping

THINGS: Mapping[str, str] = {
    "en": r"(?:bonus(?:es)?|spins?|rewards?|offer|payouts?|withdrawals?|cash-?outs?|refunds?|request|claim|"
    r"application|\w+_\d+)",
    "de": r"(?:freispiele?n?|freispins?|\w{0,20}bonus|auszahlung(?:en)?|ruckzahlung|erstattung|gutschrift|antrag|"
    r"\w*anfrage|"
    r"\w+_\d+)",
    "es": r"(?:giros?|tiradas?|bonos?|solicitud|peticion|pagos?|retir(?:os?|adas?)|reembolso|\w+_\d+)",
    "pt": r"(?:rodadas?|giros?|bonus|pedido|pagamentos?|saques?|levantamentos?|reembolso|\w+_\d+)",
    "fr": r"(?:tours?|bonus|demande|paiements?|retraits?|versement|remboursement|\w+_\d+)",
    "sv": r"(?:\w{0,12}snurr\w{0,12}|bonus\w*|utbetalning\w*|uttag\w*|aterbetalning\w*|forfragan|ansokan|begaran|"
    r"\w+_\d+)",
}
MONEY: Mapping[str, str] = {
    "en": r"(?:pay-?outs?|cash-?outs?|withdrawals?|refunds?|compensation|money|winnings)",
    "de": r"(?:auszahlung(?:en)?|geld|gewinne?|ruckzahlung|erstattung|entschadigung)",
    "es": r"(?:pagos?|retir(?:os?|adas?)|dinero|ganancias|reembolso|compensacion)",
    "pt": r"(?:pagamentos?|saques?|levantamentos?|dinheiro|ganhos|reembolso|compensacao)",
    "fr": r"(?:paiements?|retraits?|argent|gains|versement|remboursement|compensation)",
    "sv": r"(?:utbetalning\w*|uttag\w*|pengar\w*|vinst\w*|aterbetalning\w*|ersattning\w*)",
}
PARTICIPLES: Mapping[str, str] = {
    "en": r"(?:approved|authori[sz]ed|signed off|accepted|green-?lit|waved through)",
    "de": r"(?:genehmigt|bewilligt|freigegeben|autorisiert|abgesegnet|zugesagt|angenommen)",
    "es": r"(?:aprobad|autorizad|aceptad)[oa]s?",
    "pt": r"(?:aprovad[oa]s?|autorizad[oa]s?|aceit[oae]s?)",
    "fr": r"(?:(?:approuve|autorise|accepte)e?s?|validee?s?(?=\W*$|[.!,;:]| (?:et|par|maintenant|aujourd'hui)\b))",
    "sv": r"(?:godkan(?:d|t|da|ts)|bevilja(?:d|t|de|ts))",
}

# `#` is the bonus; without it something else may be meant, which a result can have approved.
APPROVED: Mapping[str, str] = {
    "en": r"(?:#(?: (?:of|for|over|worth) \W?\d[\d.,]{0,12}\W?(?: [a-z]{3}| euros?)?\b)?|it|this|that|you|they|"
    r"everything)(?: (?!not\b)[^\s,;:]+){0,3}?(?:'s|'re|'ve been| is| are| was| were|"
    r" been|"
    r" be| got)(?: (?!only)\w+ly| already| now| just| also| all)* ~"
    r"|~(?: on)? (?:your|the|this|that|these|it|them|you)(?: \w+){0,2}? ?#?"
    r"|(?:got|gets|has|have|received|gave|given)(?: \w+){0,2} (?:green light|go-ahead|thumbs up)",
    "de": r"(?:#|es|das|alles|sie)\b[^,;:]{0,40}? (?:ist|sind|wurde|wurden|wird|werden)(?: \w+){0,4}? ~"
    r"|#(?: \w+){0,3}? ~ (?:ist|sind|wurde|wurden|worden)"
    r"|(?:hat|haben|habe)(?: \w+){0,3}? (?:#|es|das|ihn|sie)(?: \w+){0,2}? ~"
    r"|(?:hat|haben|gab|gibt)(?: \w+){0,4}? grunes licht",
    "es": r"(?:#|todo|ya|eso|esto)(?: [^\s,;:]+){0,4}?(?: esta| estan| ha sido| han sido| fue| fueron| queda| quedan|"
    r" sera| seran)(?: ya| ahora)* ~"
    r"|(?:aprobo|aprobaron|autorizo|autorizaron|(?:ha|han) (?:aprobado|autorizado))(?: \w+){0,2}? #"
    r"|(?:ha|han|dio|dieron|tiene)(?: \w+){0,2} luz verde",
    "pt": r"(?:#|tudo|isso|isto)(?: [^\s,;:]+){0,4}?(?: esta| estao| foi| foram| sera| serao| ficou| ficaram)(?: ja)? ~"
    r"|(?:aprovou|aprovaram|autorizou|autorizaram|aprovei|aprovamos)(?: \w+){0,3}? #"
    r"|(?:deu|deram|tem|recebeu)(?: \w+){0,2} luz verde",
    "fr": r"(?:#|cela|ca|tout|il|elle|ils|elles)(?: [^\s,;:]+){0,4}?(?: est| sont| ete| sera| seront)"
    r"(?: bien| deja| maintenant| desormais)* ~"
    r"|(?:a|ont|ai|avons)(?: bien| deja)? (?:approuve|valide|autorise|accepte)(?: \w+){1,2}? #"
    r"|(?:a|ont|avez)(?: \w+){0,3} feu vert",
    "sv": r"(?:#|den|det|de|allt)(?: [^\s,;:]+){0,3}?(?: ar| blev| blivit| blir| har)(?: nu| redan| alla)* ~"
    r"|(?:har(?: \w+)? (?:godkant|beviljat)|godkande|beviljade)(?: \w+){0,2}? #"
    r"|(?:gav|har|fatt|gett)(?: \w+){0,2} gront ljus",
}
# What is promised in so many words, and that money will come.
PLEDGED: Mapping[str, str] = {
    "en": r"(?:i|we)(?: \w+ly| can| do)? (?:promise|guarantee|pledge|assure)(?: you)?(?: of)? (?:a|an|the|your|this|"
    r"some|"
    r"another|free)(?: \w+){0,2}? (?:#|%)"
    r"|(?:promise|guarantee|assure|my word)(?: you)?(?: that)? you(?:'ll| will| shall)(?: \w+ly| also)? "
    r"(?:get|receive|have|win)(?: (?:a|an|the|your|this|some|another))?(?: \w+)? (?:#|%)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:is|are)(?: \w+ly)? (?:guaranteed|promised|assured|on (?:its|their|the) way)"
    r"|you(?:'ll| will| shall| are going to|'re going to)(?: \w+ly| now| soon)? (?:get|receive|have)"
    r"(?: (?:a|an|the|your|this|all|all your))?(?: (?:full|big|next|first|\w+ly))? %",
    "de": r"(?:verspreche|versprechen|garantiere|garantieren)(?: ich| wir)?(?: ihnen| dir| euch)?(?: hiermit| gerne?)?"
    r"(?: (?:eine[nrs]?|ein|die|den|das|ihre[nrs]?|ihr))?(?: \w+)? (?:#|%)(?! \w*zu\b)"
    r"|(?:#|%) (?:verspreche|garantiere) (?:ich|wir)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:ist|sind)(?: ihnen| dir| jetzt| bereits| schon)* "
    r"(?:garantiert|versprochen|zugesichert|unterwegs)"
    r"|(?:sie werden|du wirst)(?: \w+){0,4}? %(?: \w+){0,2}? (?:erhalten|bekommen)"
    r"|(?:sie|du) (?:erhalten|bekommen|erhaltst|bekommst)(?: \w+){0,2}? (?:eine|ein|ihre|ihr|die|das|deine|dein)"
    r"(?: (?:volle|ganze|nachste)[ns]?)? %",
    "es": r"(?:prometo|prometemos|garantizo|garantizamos|aseguro|aseguramos)(?: (?:que (?:recibira|recibiras|tendra|"
    r"tendras)))?(?: (?:un|una|el|la|los|las|su|sus|tu|tus))?(?: (?!que\b)\w+)? (?:#|%)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:esta|estan)(?: ya)? (?:garantizad|asegurad|prometid)[oa]s?"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:esta|estan)(?: ya)? en camino"
    r"|(?:recibira|recibiras|va a recibir|vas a recibir|cobrara|cobraras|obtendra|obtendras)"
    r"(?: (?:un|una|el|la|su|sus|tu|tus|todo su|todo tu))?(?: pronto)? %",
    "pt": r"(?:prometo|prometemos|garanto|garantimos|asseguro|asseguramos)(?:-(?:lhe|te|vos))?"
    r"(?: que (?:vai receber|recebera|vai ter|tera))?(?: (?:um|uma|o|a|os|as))?(?: (?:seu|sua|seus|suas))? (?:#|%)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:esta|estao)(?: ja)? "
    r"(?:garantid[oa]s?|assegurad[oa]s?|prometid[oa]s?|a caminho)"
    r"|(?:vai receber|vais receber|ira receber|recebera)(?: (?:um|uma|o|a|os|as))?(?: (?:seu|sua|seus|suas|teu|"
    r"tua))? %",
    "fr": r"(?:promets|promettons|garantis|garantissons|assure|assurons)(?: que vous (?:recevrez|aurez))?"
    r"(?: (?:un|une|le|la|les|votre|vos|des))?(?: (?!de\b|que\b)\w+)? (?:#|%)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? (?:est|sont)(?: deja)? "
    r"(?:garanti(?:e|s|es)?|assure(?:e|s|es)?|promis(?:e|es)?|en route|"
    r"en chemin)"
    r"|vous (?:recevrez|aurez|obtiendrez|toucherez|allez recevoir)(?: bientot)?(?: (?:un|une|le|la|votre|vos))? %",
    "sv": r"(?:lovar|garanterar)(?: dig| er)?(?: att du (?:far|ska fa|kommer att fa))?(?: (?:en|ett|din|ditt|dina|den|"
    r"det))?"
    r"(?: (?!att\b|inte\b)\w+)? (?:#|%)"
    r"|(?:#|%)(?: \w+(?:[.,]\d+)*){0,3}? ar(?: redan| nu)? "
    r"(?:garanter(?:ad|at|ade)|lova(?:d|t|de)|utlova(?:d|t|de)|pa vag)"
    r"|du (?:kommer att fa|ska fa|far)(?: snart)?(?: (?:en|ett|din|ditt|dina))? %",
}
# That the player gets nothing, as if somebody had decided so.
REFUSED: Mapping[str, str] = {
    "en": r"(?:you|your account)(?: \w+ly| also| still)? (?:do not|don't|does not|doesn't|did not|didn't|cannot|can't|"
    r"no longer|will not|won't)(?: \w+ly| seem to| appear to| yet)* (?:qualify|(?:meet|fulfill?|satisfy)(?: \w+){0,2}? "
    r"(?:requirements?|conditions?|criteria))"
    r"|(?:you(?:'re| are| were)|your account is)(?: \w+ly)? (?:not|no longer)(?: \w+ly| yet)* "
    r"(?:eligible|entitled|qualified)"
    r"|you (?:aren't|weren't)(?: \w+ly| yet)* (?:eligible|entitled|qualified)|you(?:'re| are)(?: \w+ly)? ineligible"
    r"|your (?:bonus|spins?|reward|(?:bonus )?(?:request|application|claim))(?: for \w+ \w+)? (?:is|was|were|has been|"
    r"have been|got)(?: \w+ly)? (?:declined|rejected|denied|refused|turned down)",
    "de": r"(?:sie|du) (?:\w+ )?(?:qualifizieren|qualifizierst|erfullen|erfullst)(?: \w+){0,8}? nicht"
    r"|(?:qualifizieren|qualifizierst|erfullen|erfullst) (?:sie|du)(?: \w+){0,8}? nicht"
    r"|(?:haben|hast)(?: \w+){0,3}? kein(?:en|erlei)? an(?:spruch|recht)|kein(?:en|erlei)? an(?:spruch|"
    r"recht)(?: \w+){0,3}? "
    r"(?:haben|hast)"
    r"|(?:sie sind|sind sie|du bist|bist du)(?: \w+){0,3}? nicht (?:\w+ )?(?:\w*berechtigt|qualifiziert)"
    r"|(?:ihr|dein)e? (?:bonus\w*|freispiele|antrag|anfrage)(?: \w+){0,2}? (?:wurde|wurden|ist|sind)(?: \w+){0,3}? "
    r"(?:abgelehnt|verweigert)",
    "es": r"no (?:cumple|cumples|reune|reunes)(?: con)?(?: \w+){0,2}? (?:requisitos?|condiciones)"
    r"|no (?:se )?(?:califica|calificas|cualifica)|no (?:tiene|tienes) (?:ningun )?derecho"
    r"|no (?:es|eres)(?: \w+)? elegible|no (?:esta|estas) habilitad[oa]"
    r"|(?:su|tu) (?:bono|solicitud|peticion)(?: \w+){0,2}? (?:ha sido|fue|esta) (?:rechazad|denegad)[oa]",
    "pt": r"nao (?:se )?(?:qualifica|qualificas)|nao te qualificas"
    r"|nao (?:cumpre|cumpres|preenche|preenches|atende)(?: \w+){0,2}? (?:requisitos?|condicoes|criterios)"
    r"|nao (?:tem|tens) (?:qualquer |nenhum )?direito|nao (?:e|es) (?:\w+ )?elegivel"
    r"|(?:seu|teu) (?:bonus|pedido)(?: \w+){0,2}? foi (?:recusad|rejeitad|negad)o",
    "fr": r"vous ne (?:remplissez|satisfaites)(?: \w+){0,2}? (?:pas|plus|aucune)|vous n'(?:y )?(?:etes|"
    r"avez)(?: \w+){0,3}? "
    r"(?:eligible|qualifiee?|droit)|vous ne vous qualifiez"
    r"|votre (?:bonus|demande)(?: \w+){0,2}? (?:a ete|est) (?:refuse|rejete)e?",
    "sv": r"(?:du uppfyller|uppfyller du)(?: \w+)? inte|(?:du har|har du)(?: \w+)? (?:inte|ingen)(?: \w+)? ratt till"
    r"|du saknar ratt|(?:du ar|ar du)(?: \w+)? (?:inte|ej)(?: \w+)? (?:berattigad|kvalificerad|behorig)"
    r"|(?:du kvalificerar|kvalificerar du) (?:dig )?(?:\w+ )?inte"
    r"|din (?:bonus|ansokan|forfragan|begaran)(?: \w+){0,3}? (?:avslagits|nekats|avvisats)",
}
# What a decision about a bonus is about; where something else is named, another rule may have decided.
GIFTS = (
    r"\w{0,20}bonus\w{0,12}|bonos?|boni|free ?spins?|spins?|freispiele?|giros?|tiradas?|rodadas?|tours|"
    r"\w{0,12}snurr\w{0,12}|rewards?|"
    r"offers?|"
    r"angebote?|ofertas?|offres?|erbjudanden?|promo\w*|aktion(?:en)?|kampanj\w*|\w+_\d+"
)
NAMES_ANOTHER = (
    r"(?: \w+){0,2}? (?:for|to|fur|auf|para|pour|till|a|au|aux|al|ao)\b"
    r"(?! (?:(?:it|this|that|these|them|one|any|either|anything|nothing|es|das|etwas|nichts|eso|esto|ello|"
    r"nada|isso|isto|cela|ca|rien|det|den|detta|nagot|ingenting)"
    r"(?=\W*$|[.,;:!]| (?:at|right|yet|now|currently|im|derzeit|en|por|de|no|neste|pour|just|for)\b)|"
    r"(?:now|(?:the|den|le|el|o) moment\w*|l'instant)\b))"
)
# Rules of their own, which no decision about a bonus settles: what has to be wagered, and the terms of an account.
OTHER_RULES = (
    r"umsatz\w*|durchspiel\w*|omsattning\w*|omsatt|apuestas?|apostas?|mises?|wager\w*|rollover|playthrough|turnover|"
    r"terms of (?:use|service)|terms and conditions|nutzungsbedingungen|geschaftsbedingungen|agb"
)
# Money that is given back, which is no payout of the player's own.
REFUNDS = r"refund|compensat|ruckzahl|erstatt|entschad|reembols|compensac|rembours|aterbetal|ersattning"
# Behind a claim these leave it open: "will be approved or declined".
EITHER_WAY = (
    r" (?:or|oder|o|ou|eller)(?: \w+)? ?(?:declin|reject|refus|den(?:y|ied)|turned down|not\b|abgelehnt|verweiger|"
    r"zuruckgewiesen|nicht\b|rechaz|deneg|no\b|recus|rejeit|negad|nao\b|rejet|non\b|avsl|neka|avvis|inte\b|ej\b)"
)
# What a heading may call a thing before it says that it is approved.
YOURS = (
    r"(?:your|the|free|ihre?|deine?|die|der|su|tu|el|la|o|a|seu|sua|o seu|a sua|teu|votre|vos|ton|le|din|ditt|dina)"
    r"(?: free)?"
)
# Before a claim in the same sentence these make it what somebody else says, or what nobody knows.
WONDERED: Mapping[str, str] = {
    "en": r"whether|if|why|how|unless|not mean|doesn't mean|does not mean|not say\w*|told you|you (?:have |"
    r"had )?(?:were|been) "
    r"told|you (?:said|say|wrote|think|thought|believe|mention(?:ed)?|heard|read|hope|hoped)|nobody|no one|may|might|"
    r"maybe|"
    r"perhaps",
    "de": r"ob|warum|wieso|weshalb|wenn|falls|sobald|nicht (?:\w+ )?(?:bestatigen|sagen|versprechen|versichern)|"
    r"(?:heisst|bedeutet)(?: \w+)? nicht|erst|muss|mussen|niemand\w*|"
    r"kann sein|vielleicht|"
    r"moglicherweise",
    "es": r"si|por que|cuando|cuanto|(?:no|tampoco) (?:significa|quiere decir)|nadie|dij\w+|dice|falta|tiene que|"
    r"puede que|quizas?|"
    r"tal vez",
    "pt": r"se|por que|porque motivo|quando|nao (?:significa|quer dizer)|ninguem|disse\w*|tem (?:de|que)|pode ser|"
    r"talvez",
    "fr": r"si|s'il|pourquoi|quand|(?:signifie|veut) pas|personne|doit|dit|dites|il se peut|peut-etre",
    "sv": r"om|varfor|nar|betyder inte|ingen|maste|sa(?:de|gt)|kan handa|kanske",
}
# Before a colon these make it what the player has written.
TOLD = (
    r"\b(?:you|sie|du|usted|voce|vous)(?: \w+){0,2} (?:wrote|write|said|say|asked|schrieben|schreiben|geschrieben|"
    r"sagten|gesagt|escribio|dijo|escreveu|disse|ecrit|dit|ecrivez|dites|skrev|sa|sade|skrivit|sagt) ?:"
)
# Directly behind a claim these make it a condition.
PROVIDED = (
    r"once|as soon as|if|unless|when|only|provided|sobald|wenn|falls|solange|bevor|"
    r"nachdem|cuando|una vez|si|en cuanto|a menos|quando|assim que|se|depois|des que|lorsque|quand|"
    r"une fois|tant que|apres|nar|forran|sa snart|sa lange"
)
# A text with none of these in it says nothing of the kind.
STEMS: Mapping[str, Mapping[str, str]] = {
    "approved": {
        "en": "approved|authori|signed off|accepted|green|waved|go-ahead|thumbs",
        "de": "genehmigt|bewilligt|freigegeben|autorisiert|abgesegnet|zugesagt|angenommen|grunes",
        "es": "aprob|autoriz|aceptad|luz verde",
        "pt": "aprov|autoriz|aceit|luz verde",
        "fr": "approuv|autoris|accept|valide|feu vert",
        "sv": "godkan|bevilja|gront",
    },
    "pledged": {
        "en": "promise|guarante|pledge|assure|my word|on its way|on their way|on the way|payout|pay-out|cash-out|"
        "cashout|"
        "refund|withdrawal|compensation|money|winnings",
        "de": "versprech|versproch|garantier|zugesich|unterwegs|auszahlung|geld|gewinn|zahlung|erstatt|entschad",
        "es": "promet|garanti|asegur|camino|pago|retir|dinero|ganancia|reembols|compensa",
        "pt": "promet|garant|assegur|caminho|pagamento|saque|levantamento|dinheiro|ganhos|reembols|compensa",
        "fr": "prom|garanti|assur|en route|en chemin|paiement|retrait|argent|gains|versement|rembours|compensa",
        "sv": "lova|garanter|pa vag|utbetal|uttag|pengar|vinst|aterbetal|ersattning",
    },
    "refused": {
        "en": "qualif|eligible|entitled|requirement|condition|criteria|declined|rejected|denied|refused|turned down",
        "de": "qualifizier|erfull|anspruch|anrecht|berechtigt|abgelehnt|verweigert",
        "es": "requisito|condicion|calific|cualific|derecho|elegible|habilitad|rechazad|denegad",
        "pt": "requisito|condico|criterio|qualific|direito|elegivel|recusad|rejeitad|negad",
        "fr": "rempliss|satisfait|eligible|qualifi|droit|refuse|rejete",
        "sv": "uppfyller|ratt till|saknar ratt|berattigad|kvalific|behorig|avslagits|nekats|avvisats",
    },
}
