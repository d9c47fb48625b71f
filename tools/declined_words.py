"""The words in which a player wants no bonus, wants only to know, or wants one after all: patterns on folded clauses.

In each language `#` stands for the things that are given and `~` for what may end a clause. A pattern begins where a
clause begins, or behind `JOINS`; `NO_BONUS` and `DROPPED` end where it ends. So "I don't want the bonus to expire"
and "don't forget my bonus" are no patterns of these.
"""

from collections.abc import Mapping

THINGS: Mapping[str, str] = {
    "en": r"bonus(?:es)?|bonus money|free ?spins?|spins?|promo(?:tion)?s?|offers?|rewards?",
    "de": r"bonus|boni|bonusse|\w+bonus|freispiele?|free ?spins?|angebote?|aktion(?:en)?",
    "fr": r"bonus|tours gratuits|free ?spins?|promotions?|offres?",
    "es": r"bonos?|bonus|giros(?: gratis)?|tiradas(?: gratis)?|promocion(?:es)?|ofertas?|bonificacion(?:es)?",
    "pt": r"bonus|rodadas(?: gratis)?|giros(?: gratis)?|promoc(?:ao|oes)|ofertas?",
    "it": r"bonus|giri(?: gratis| gratuiti)?|free ?spins?|promozion[ei]|offert[ae]",
}
ENDINGS: Mapping[str, str] = {
    "en": r"any ?more|any longer|now|right now|yet|today|just yet|at the moment|at all|please|thanks|thank you"
    r"|after all|anyway|from you|for now|for me|either|though|(?:to be )?(?:issued|credited|added|given|booked)"
    r"|(?:on|to|in|onto|into) my account|to me|really",
    "de": r"mehr|jetzt|bitte|danke|haben|bekommen|erhalten|(?:gut)?geschrieben|gutgeschrieben|im moment|heute|von ihnen"
    r"|von euch|gut|ein|aus|hinzu|auf mein(?:em)? konto|auf das konto|zu|geben|vielen dank",
    "fr": r"s'il vous plait|s'il te plait|svp|merci|sur mon compte|pour l'instant|pour le moment|maintenant|encore"
    r"|du tout|finalement|aujourd'hui",
    "es": r"por favor|gracias|ya|mas|ahora|todavia|aun|en mi cuenta|a mi cuenta|por ahora|hoy|ninguno|de momento",
    "pt": r"por favor|obrigad[oa]|mais|agora|ainda|na minha conta|por enquanto|hoje|nenhum|ja|nenhuma",
    "it": r"per favore|grazie|piu|ora|adesso|ancora|sul mio conto|sul conto|per ora|oggi|per il momento",
}
JOINS = (
    r"but|and|because|since|so|as|aber|und|weil|denn|doch|mais|et|car|parce que|pero|y|porque|pues|mas|e|ma|perche|"
    r"anzi|sondern"
)
BEFORE = (
    r"kindly|i said|i told you|as i said|again|i repeat|"
    r"please|but|and|so|ok|okay|oh|well|actually|sorry|no|nope|wait|hey|hi|hello|now|also|then|for now|honestly|"
    r"because|since|really|thanks|thank you|bitte|nein|doch|aber|und|also|jetzt|nun|danke|hallo|mais|et|finalement|"
    r"non merci|alors|bonjour|en fait|surtout|s'il vous plait|svp|por favor|pero|y|bueno|mejor|ahora|hola|al final|"
    r"perdon|mas|e|agora|afinal|desculpe|ola|per favore|ma|anzi|alla fine|ciao|scusate|stop|stopp|halt|prego"
)
# Behind a thing or a pronoun, where no ending is: another clause that nobody has parted by a sign.
GOES_ON = (
    r"because|since|as|and|so|i|i'm|i've|im|my|here|just|only|but (?:i|my|here|please|just|only)|weil|und|aber ich|ich|"
    r"parce que|car|et|mais je|je|porque|y|pero (?:solo|aqui)|e|mas (?:so|aqui)|ma (?:solo|ecco)"
)

_WHICH = r"(?:(?:a|an|the|any|more|your|this|that|these|those|my|some|another|such|single|new|free|of|kind|sort) ){0,4}"
_WANTED = rf"(?:{_WHICH}(?:welcome |reload |daily |weekly )?#|it|one|any|them|this|that)"
_EN = rf"(?:{_WANTED}|anything)"
_KEIN = r"(?:keine?[nrms]?|keinerlei)(?: weiteren?| neuen?| einzigen?)?"
_NUN = r"(?:(?:jetzt|doch|eigentlich|gerade|noch|im moment|derzeit|nun|auch|momentan|wirklich|bitte|lieber|mehr) )*"
_DER = r"(?:den|die|das|diesen|diese|ihren|meinen|ihn|sie|es)"
_GIB = r"(?:gib|gebt|(?:geben|schreiben|buchen|stellen|fugen|senden|schicken|aktivieren) sie|schreibt?|bucht?)"
_GUT = r"(?:gutschreiben|ausstellen|geben|vergeben|buchen|einbuchen|aktivieren|hinzufugen|ausgeben|zuteilen|auszahlen)"
_FR = r"(?:(?:de|du|des|le|la|les|ce|ces|cet|cette|mon|votre|vos|un|une|aucun|aucune|recevoir|avoir|d'autres?) )*#"
_DONNEZ = r"(?:donne|ajoute|credite|verse|accorde|active|attribue|mette|mets|envoie|envoye|emette)[zs]?(?:-moi|-nous)?"
_DONNER = r"(?:donner|ajouter|crediter|verser|accorder|activer|attribuer|mettre|envoyer|emettre)"
_ES = r"(?:(?:el|la|los|las|un|una|ningun|ninguna|este|ese|mi|su|tu|mas|de|tipo|recibir|tener|otro) )*#"
_DEN = (
    r"(?:de[ns]?|deis|(?:asign|acredit|agregu|activ|abon|otorgu)e[ns]?|(?:anad|pong|emit|conced)a[ns]?|envie[ns]?)"
    r"(?:me)?(?: todavia| aun| ya)*"
)
_PT = r"(?:(?:o|a|os|as|um|uma|nenhum|nenhuma|esse|este|mais|de|meu|do|qualquer|receber|ter|ganhar|seu) )*#"
_DEEM = (
    r"(?:de|deem|dem|des|(?:credit|adicion|coloqu|ativ|envi)e[ms]?|(?:emit|atribu|conced)a[ms]?)(?:-me)?(?: ainda| ja)*"
)
_IT = r"(?:(?:il|lo|la|i|le|un|una|nessun|nessuna|alcun|alcuna|questo|quel|mio|vostro|piu|altri|ricevere|avere) )*#"
_DATEMI = (
    r"(?:mi dia|mi diate|mi dare|datemi|darmi|date|dare|(?:accredit|attiv|assegn|invi)(?:ate|are|i)(?:mi)?"
    r"|(?:aggiung|emett|mett|conced)(?:ete|ere|a)(?:mi)?)(?: ancora| piu)*"
)

# That nothing is to be given, in so many words.
DECLINES: Mapping[str, tuple[str, ...]] = {
    "en": (
        (
            r"(?:i|we) (?:\w+ly |still |just |now )*(?:do not|don't|dont|no longer|never)(?: \w+ly| even)* "
            rf"(?:want|need|wish|wish for|care for)(?: to (?:have|get|receive|claim|take|accept))?(?: any)? {_WANTED}"
        ),
        rf"(?:i'd|id|i would|we would) rather not (?:have|get|take|receive|accept|claim) {_EN}",
        rf"(?:i|we) (?:decline|refuse|reject|(?:will not|won't|wont) (?:take|accept)) {_EN}",
        rf"(?:i'm|im|i am|we are) (?:not|no longer) interested in {_EN}",
        (
            r"(?:do not|don't|dont|never|stop|you (?:must|should) not|i (?:ask|asked|told) you (?:not to|to not))"
            r"(?: ever| please| just)* (?:(?:issue|give|send|credit|add|put|grant|book|apply|activate|award|assign)"
            rf"|(?:issu|giv|send|credit|add|putt|grant|activat)ing)(?: me| us)? {_EN}"
        ),
        rf"(?:cancel|remove|withdraw|revoke|leave out|skip|forget(?: about)?) (?:{_WHICH}(?:bonus )?(?:request|#))",
    ),
    "de": (
        rf"(?:ich|wir) (?:will|mochten?|brauchen?|wollen|wunschen?|nehmen?|hatten?)(?: mir)? {_NUN}{_KEIN} #",
        rf"(?:will|mochte|brauche|nehme|wollen|mochten) (?:ich|wir) {_NUN}{_KEIN} #",
        rf"(?:ich|wir) (?:will|mochten?|brauchen?|wollen|nehmen?) {_DER}(?: #)? {_NUN}nicht",
        rf"(?:will|mochte|brauche) (?:ich|wir) {_DER}(?: #)? {_NUN}nicht",
        rf"{_GIB} (?:mir |uns )?{_NUN}(?:{_KEIN} #|nichts|{_DER}(?: #)? {_NUN}nicht)",
        rf"(?:{_KEIN} #|nichts|{_DER} # nicht) {_NUN}(?:auf mein konto )?{_GUT}",
        rf"(?:stornier|streich|vergess|losch)en sie {_NUN}(?:den|die|meinen|diesen) #",
        r"(?:ich|wir) verzichten? (?:auf (?:den|die|einen|jeden|meinen|ihren) #)",
    ),
    "fr": (
        rf"(?:je|nous) (?:ne )?(?:\w+ )?(?:veux|voulons|souhaite|voudrais) (?:vraiment )?(?:pas|plus|aucun) {_FR}",
        r"(?:je |j'|nous )(?:ne |n')?(?:en|le|les) (?:veux|voulons) (?:pas|plus)",
        rf"(?:je n'ai|j'ai) (?:pas|plus) besoin (?:de|d'un|du|des) (?:{_FR})",
        rf"(?:ne (?:me |nous )?|n'|m'|me )?{_DONNEZ} (?:surtout )?(?:rien|(?:encore )?(?:pas|plus|aucun) {_FR})",
        rf"(?:merci|priere|je vous (?:demande|prie)|veuillez)(?: de)? ne (?:pas|plus|rien) (?:me |m')?{_DONNER} {_FR}",
        rf"(?:je )?prefere(?:rais)? ne (?:pas|plus) {_FR}",
        rf"(?:merci|priere|veuillez)(?: de)? ne rien (?:me |m')?{_DONNER}",
        r"(?:annule[zr]?|oublie[zr]?) (?:le|mon|ma|la|ce|cette) (?:demande(?: de)? )?(?:#|demande)",
    ),
    "es": (
        rf"(?:yo )?(?:ya )?no (?:quiero|deseo|necesito|quisiera|queremos)(?: ya| mas)* {_ES}",
        r"(?:ya )?no (?:lo|la|los|las) (?:quiero|deseo|necesito)",
        rf"(?:ya )?no me interesan? {_ES}",
        rf"no (?:me |nos )?{_DEN} (?:nada|{_ES})",
        rf"no me (?:lo|los|la|las) {_DEN}",
        rf"prefiero no {_ES}",
        rf"(?:cancel|anul)(?:a|e|en|ad) (?:(?:la |mi )?(?:solicitud|peticion) de )?{_ES}|olviden? el #",
    ),
    "pt": (
        rf"(?:eu )?(?:ja )?nao (?:quero|desejo|preciso|queria|queremos)(?: mais)? {_PT}",
        r"(?:eu )?(?:ja )?nao [oa]s? quero",
        rf"nao (?:me |nos )?{_DEEM} (?:nada|{_PT})",
        rf"prefiro nao {_PT}",
        rf"(?:cancel|anul)(?:a|e|em) (?:(?:o |meu )?pedido de )?{_PT}|esquecam? o #",
    ),
    "it": (
        rf"(?:io )?(?:ormai )?non (?:voglio|desidero|vorrei|vogliamo)(?: piu)? {_IT}",
        r"non (?:lo|la|li|le|ne) voglio",
        rf"non (?:mi serv(?:e|ono)|ho bisogno d[ei]l?)(?: piu)? {_IT}",
        rf"non {_DATEMI} (?:niente|nulla|{_IT})",
        rf"prefer(?:isco|irei) non {_IT}",
        rf"(?:vi|la) prego di non {_DATEMI} {_IT}",
        rf"(?:annull|cancell)(?:ate|are|a|i) (?:la richiesta (?:di |del )?)?{_IT}|dimenticate il #",
    ),
}
# The whole of a clause, with a word of courtesy: "No bonus." alone is what people complain about.
NO_BONUS: Mapping[str, str] = {
    "en": r"(?:no|without)(?: more| any| a)* (?:welcome )?# (?:for me )?(?:please|thanks|thank you)",
    "de": rf"(?:bitte (?:jetzt |noch |doch )*(?:{_KEIN}|ohne) #|(?:{_KEIN}|ohne) # (?:mehr )?(?:bitte|danke))",
    "fr": r"(?:pas|plus|aucun|sans)(?: de)? # (?:pour moi )?(?:merci|s'il vous plait|s'il te plait|svp)",
    "es": r"(?:sin|ningun|nada de|no)(?: el)? # (?:para mi )?(?:por favor|gracias)",
    "pt": r"(?:sem|nenhum|nada de)(?: o)? # (?:para mim )?(?:por favor|obrigad[oa])",
    "it": r"(?:senza|nessun|niente)(?: il)? # (?:per me )?(?:per favore|grazie)",
}
# The whole of a clause: something is dropped, and it is not said what.
DROPPED = (
    r"stop|please stop|stop (?:it|this|that|now|please)|forget (?:it|that|about it)|never ?mind|"
    r"cancel (?:it|this|that)|stopp|halt|vergessen sie es|vergiss es|lassen sie es|ich will nicht mehr|"
    r"laissez tomber|laisse tomber|oubliez|je ne veux plus|arretez|olvidalo|olvidelo|dejalo|dejelo|no quiero mas|"
    r"ya no quiero|esqueca|esquece|deixa pra la|nao quero mais|ja nao quero|lasciate (?:perdere|stare)|"
    r"lascia (?:perdere|stare)|non voglio piu"
)

# That somebody wants to know, beside a word that nothing is to be given; `ONLY` says so by itself.
TO_KNOW = (
    r"(?:only|just|simply|merely) (?:want|wanted|wish|need|like|would like)(?:ed)? to (?:know|find out|check|see|learn|"
    r"ask|understand)|(?:nur|lediglich|bloss) (?:\w+ ){0,2}(?:wissen|erfahren|fragen)|(?:juste|seulement|simplement|"
    r"uniquement) (?:savoir|demander)|(?:solo|solamente|unicamente) (?:quiero|queria|quisiera) (?:saber|preguntar)"
    r"|(?:so|apenas|somente) (?:quero|queria|gostaria de) (?:saber|perguntar)|(?:solo|soltanto|solamente) (?:sapere|"
    r"chiedere)"
)
ONLY = (
    r"(?:i|we) only (?:want|wish|need|would like) to (?:know|find out|learn) (?:if|whether|what|which)|"
    r"(?:will|mochte|mochten|wollen) (?:ich |wir )?(?:nur|lediglich|bloss) wissen ob|"
    r"(?:veux|voudrais|souhaite) (?:juste|seulement|uniquement) savoir si|"
    r"(?:solo|solamente|unicamente) (?:quiero|quisiera) saber si|(?:so|apenas|somente) quero saber se|"
    r"(?:voglio|vorrei) (?:solo|soltanto|solamente) sapere se"
)

# That one is wanted after all. A word of `UNCLEAR` in the clause makes it something else.
WANTS = (
    r"(?:i|we)(?:'d|'ll)?(?: do| would| will| now| really| still| also)* (?:want|like|love|take|accept|need|claim)|"
    r"give|issue|credit|add|grant|put|activate|send|ich (?:will|mochte|nehme|brauche|hatte)|wir (?:wollen|mochten)|"
    r"geben sie|gib|schreiben sie|buchen sie|(?:je|nous) (?:le |les |en )?(?:veux|voulons|voudrais|souhaite|prends|"
    r"accepte)|j'aimerais|j'en veux|j'accepte|(?:donne|ajoute|credite|verse|accorde|active)[zs]?(?:-moi|-le)*|"
    r"quiero|quisiera|acepto|deme|denme|dame|acrediten|quero|queria|aceito|deem|de-me|voglio|vorrei|accetto|datemi|dammi"
)
ASKS = (
    r"(?:can|could|may|might|would|will) (?:i|we|you) (?:\w+ ){0,3}(?:get|have|claim|receive|give|issue|send|add)|"
    r"(?:kann|konnte|konnten|konnen|darf|durfte|bekomme) (?:ich|wir|sie)|(?:puis|pourrais)-je|est-ce que je peux|"
    r"(?:pouvez|pourriez)-vous|puedo|podria|pueden|podrian|me dan|posso|poderia|podem|podeis|potrei|potete"
)
UNCLEAR = (
    r"not|\w+n't|dont|never|no|without|nicht|kein\w*|nichts|nie|ohne|ne|n'\w+|pas|plus|rien|aucun\w*|jamais|sans|nunca|"
    r"nada|ningun\w*|sin|nao|nenhum\w*|sem|non|niente|nulla|nessun\w*|senza|if|whether|why|when|what|which|how|wenn|falls|"
    r"ob|warum|wieso|wann|si|se|pourquoi|quand(?! meme)|por que|cuando|quando|perche|know|wissen|savoir|saber|sapere"
)
PRONOUNS = "it|one|them|ihn|einen|es|le|lo|los|uno|um"
# What may stand between the wish and the thing, and behind it: "I want to ask about the bonus" wants none.
BETWEEN = (
    "to have|to get|to claim|to receive|to take|have|get|receive|a|an|the|my|your|that|this|those|some|any|me|us|now|"
    "please|free|cash|welcome|still|just|den|die|das|einen|eine|meinen|diesen|mir|uns|doch|jetzt|bitte|trotzdem|gerne?|"
    "noch|nun|le|la|les|un|une|ce|mon|votre|moi|avoir|recevoir|bien|quand meme|maintenant|el|los|las|una|mi|ese|este|"
    "me|recibir|tener|ya|ahora|o|os|as|um|uma|meu|esse|receber|ter|agora|il|lo|i|uno|mio|quel|avere|ricevere|adesso|ora"
)
BEHIND = (
    "after all|now|please|then|too|as well|anyway|thanks|to me|on my account|to my account|doch|noch|jetzt|bitte|haben|"
    "bekommen|erhalten|trotzdem|gern|gerne|auf mein konto|finalement|quand meme|maintenant|s'il vous plait|svp|"
    "sur mon compte|por favor|ahora|ya|en mi cuenta|al final|agora|afinal|na minha conta|per favore|adesso|ora|"
    "sul mio conto|gracias|merci|danke|grazie|obrigado|obrigada"
)
COURTESY = (
    "please|thanks|thank you|bitte|danke|merci|s'il vous plait|s'il te plait|svp|por favor|gracias|obrigado|obrigada|"
    "per favore|grazie"
)
