"""The words of many languages, as `tools.spoken` and `agent.outgoing` look for them, and how they are compared.

Words are written as people write them; `fold` takes capitals and diacritics away on both sides. A trailing `*`
means "and any ending". Left out on purpose are short forms of months that are everyday words elsewhere:
Norwegian `des`, Czech `pro`, Portuguese `tem`, Polish `sie`, Romanian `noi`.
"""
# ruff: noqa: RUF001  # words of other alphabets are what this file holds

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = str.maketrans("ıłøđ⁄∕。｡’‘ʼ`–—−‐‑‒", "ilod//..''''------")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without case, diacritics and invisible marks, and where each of its characters came from."""

    text: str
    origin: tuple[int, ...]


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Cf", "Mn", "Me", "Cs"}:
        return ""
    if category == "No":  # a superscript is no digit
        return character
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    return "".join(part for part in decomposed if unicodedata.category(part) != "Mn").translate(_PLAIN)


def folded(text: str) -> Folded:
    """Return the text as words are compared, with the way back to the original positions."""
    if text.isascii():  # one for one, and most texts
        return Folded(text.lower().translate(_PLAIN), tuple(range(len(text))))
    pieces = [_fold_character(character) for character in text]
    return Folded("".join(pieces), tuple(at for at, piece in enumerate(pieces) for _ in piece))


def fold(text: str) -> str:
    """Return the text as words are compared: no case, no diacritics, ASCII digits, plain dashes and quotes."""
    return folded(text).text


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of these phrases in folded text, longest first; a trailing `*` is any ending."""
    listed = sorted({fold(phrase) for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in listed) + ")"


# One language, twelve months; the full form used inside a date comes first, other forms follow it.
MONTHS: Mapping[str, str] = {
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
    "october oct|november nov|december dec",
    "de": "januar jänner jan|februar feber feb|märz maerz mrz|april apr|mai|juni jun|juli jul|august aug|"
    "september sept sep|oktober okt|november nov|dezember dez",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|"
    "septiembre setiembre sept sep|octubre oct|noviembre nov|diciembre dic",
    "pt": "janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|"
    "setembro set|outubro out|novembro nov|dezembro dez",
    "fr": "janvier janv|février févr fév|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|"
    "octobre oct|novembre nov|décembre déc",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|"
    "settembre set|ottobre ott|novembre nov|dicembre dic",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep|"
    "oktober okt|november nov|december dec",
    "sv": "januari jan|februari feb|mars mar|april apr|maj|juni jun|juli jul|augusti aug|september sept|"
    "oktober okt|november nov|december dec",
    "da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|september sept|"
    "oktober okt|november nov|december dec",
    "no": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|september sept|"
    "oktober okt|november nov|desember",
    "fi": "tammikuuta tammikuu tammi|helmikuuta helmikuu helmi|maaliskuuta maaliskuu maalis|huhtikuuta huhtikuu huhti|"
    "toukokuuta toukokuu touko|kesäkuuta kesäkuu kesä|heinäkuuta heinäkuu heinä|elokuuta elokuu elo|"
    "syyskuuta syyskuu syys|lokakuuta lokakuu loka|marraskuuta marraskuu marras|joulukuuta joulukuu joulu",
    "pl": "stycznia styczeń sty|lutego luty lut|marca marzec mar|kwietnia kwiecień kwi|maja maj|czerwca czerwiec cze|"
    "lipca lipiec lip|sierpnia sierpień sierp|września wrzesień wrz|października październik paź|"
    "listopada listopad lis|grudnia grudzień gru",
    "cs": "ledna leden|února únor|března březen|dubna duben|května květen|června červen|července červenec|"
    "srpna srpen|září|října říjen|listopadu listopad|prosince prosinec",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs|haziran haz|temmuz|ağustos ağu|eylül eyl|ekim eki|kasım kas|"
    "aralık ara",
    "ro": "ianuarie ian|februarie feb|martie mart|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept|"
    "octombrie oct|noiembrie|decembrie dec",
    "hu": "január jan|február febr|március márc|április ápr|május máj|június jún|július júl|augusztus aug|"
    "szeptember szept|október okt|november nov|december dec",
    "ru": "января январь янв|февраля февраль фев|марта март мар|апреля апрель апр|мая май|июня июнь июн|"
    "июля июль июл|августа август авг|сентября сентябрь сент сен|октября октябрь окт|ноября ноябрь ноя|"
    "декабря декабрь дек",
    "el": "Ιανουαρίου Ιανουάριος Ιαν|Φεβρουαρίου Φεβρουάριος Φεβ|Μαρτίου Μάρτιος Μαρ|Απριλίου Απρίλιος Απρ|"
    "Μαΐου Μάιος|Ιουνίου Ιούνιος Ιουν|Ιουλίου Ιούλιος Ιουλ|Αυγούστου Αύγουστος Αυγ|"
    "Σεπτεμβρίου Σεπτέμβριος Σεπ|Οκτωβρίου Οκτώβριος Οκτ|Νοεμβρίου Νοέμβριος Νοε|Δεκεμβρίου Δεκέμβριος Δεκ",
    "hr": "siječnja siječanj sij|veljače veljača velj|ožujka ožujak ožu|travnja travanj|svibnja svibanj|lipnja lipanj|"
    "srpnja srpanj|kolovoza kolovoz|rujna rujan ruj|oktobra oktobar|studenoga studenog studeni|prosinca prosinac",
    "sr": "januara januar jan|februara februar feb|marta mart mar|aprila april apr|maja maj|juna jun|jula jul|"
    "avgusta avgust avg|septembra septembar sep|oktobra oktobar okt|novembra novembar nov|decembra decembar dec",
    "sr-Cyrl": "јануара јануар јан|фебруара фебруар феб|марта март мар|априла април апр|маја мај|јуна јун|јула јул|"
    "августа август авг|септембра септембар сеп|октобра октобар окт|новембра новембар нов|децембра децембар дец",
    "bs": "januara januar|februara februar|marta mart|aprila april|maja maj|juni juna|juli jula|augusta august|"
    "septembra septembar|oktobra oktobar|novembra novembar|decembra decembar",
    "sl": "januarja januar jan|februarja februar feb|marca marec mar|aprila april apr|maja maj|junija junij jun|"
    "julija julij jul|avgusta avgust avg|septembra september sep|oktobra oktober okt|novembra november nov|"
    "decembra december dec",
    "sk": "januára január jan|februára február feb|marca marec mar|apríla apríl apr|mája máj|júna jún|júla júl|"
    "augusta august aug|septembra september sep|októbra október okt|novembra november nov|decembra december dec",
    "uk": "січня січень січ|лютого лютий лют|березня березень бер|квітня квітень квіт|травня травень трав|"
    "червня червень черв|липня липень лип|серпня серпень серп|вересня вересень вер|жовтня жовтень жовт|"
    "листопада листопад лист|грудня грудень груд",
    "bg": "януари ян|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
    "ga": "Eanáir|Feabhra|Márta|Aibreán Aibreáin|Bealtaine|Meitheamh Meithimh|Iúil|Lúnasa|Meán|Deireadh|"
    "Samhna Samhain|Nollag Nollaig",
    "he": "בינואר ינואר|בפברואר פברואר|במרץ מרץ במרס מרס|באפריל אפריל|במאי מאי|ביוני יוני|ביולי יולי|באוגוסט אוגוסט|"
    "בספטמבר ספטמבר|באוקטובר אוקטובר|בנובמבר נובמבר|בדצמבר דצמבר",
    "ar": "يناير|فبراير شباط|مارس آذار|أبريل إبريل نيسان|مايو أيار|يونيو حزيران|يوليو تموز|أغسطس آب|سبتمبر أيلول|"
    "أكتوبر|نوفمبر|ديسمبر",
}
# The genitive of one language is the genitive of another: October in Croatian, which puts a dot behind the day, and
# November in Polish, which puts none.
DOTTED_MONTHS: Mapping[str, int] = {"listopada": 10}

DAY_ENDINGS = "st|nd|rd|th|er|ste|de|e|a|o|h|η|ος|го|én|an|en"  # 12th, 1er, 12:e
MONEY_SIGNS = "€|$|£|%|eur|usd|gbp|pln|sek|nok|dkk|kr"

# Complete answers. `WEAK_YES` counts only where nothing else is said.
YES = (
    "yes|y|yep|yup|yeah|yea|yes i do|i do|i did|i am|it is|sure|of course|correct|that's correct|that is correct|"
    "that's right|that is right|that's me|absolutely|definitely|certainly|exactly|go ahead|please do|do it|agreed|"
    "i agree|why not|ja|jep|jo|na klar|klar|sicher|natürlich|genau|stimmt|richtig|gerne|ja gerne|ja bitte|warum nicht|"
    "sí|sí quiero|claro|claro que sí|por supuesto|correcto|exacto|así es|por qué no|sim|claro que sim|com certeza|"
    "isso|correto|exato|por que não|oui|ouais|bien sûr|exactement|tout à fait|c'est ça|c'est exact|pourquoi pas|"
    "certo|certamente|esatto|va benissimo|perché no|jazeker|zeker|natuurlijk|klopt|graag|ja graag|ja tack|"
    "javisst|absolut|visst|stämmer|det stämmer|ja tak|ja takk|jep|selvfølgelig|det passer|det stemmer|"
    "kyllä|kyllä kiitos|joo|juu|toki|tak proszę|oczywiście|zgadza się|jasne|ano|ano prosím|jistě|určitě|"
    "evet|tabii|elbette|doğru|da|desigur|sigur|corect|igen|persze|természetesen|да|ага|конечно|верно|правильно|"
    "ναι|βεβαίως|φυσικά|σωστά"
)
WEAK_YES = (
    "ok|okay|okey|k|fine|alright|all right|right|no problem|no worries|in ordnung|kein problem|vale|bueno|está bien|"
    "sin problema|tudo bem|sem problema|d'accord|pas de problème|va bene|nessun problema|goed|prima|geen probleem|"
    "okej|inga problem|tak|fint|dobrze|dobře|tamam|olur|bine|rendben|ладно|хорошо|εντάξει"
)
NO = (
    "no|n|nope|nah|no thanks|no thank you|no no thanks|not really|not now|not yet|not interested|no way|never|i don't|"
    "i do not|i didn't|i did not|i am not|i'm not|it is not|it isn't|please don't|don't|do not|don't do it|incorrect|"
    "wrong|that's wrong|that is wrong|not correct|that's not correct|that is not correct|not right|that's not right|"
    "not me|that's not me|absolutely not|of course not|certainly not|definitely not|i'd rather not|"
    "nein|nein danke|nö|nee danke|lieber nicht|nicht wirklich|nicht jetzt|auf keinen fall|falsch|stimmt nicht|"
    "no gracias|no quiero|no lo quiero|no es correcto|para nada|claro que no|ahora no|nunca|"
    "não|não obrigado|não obrigada|não quero|agora não|claro que não|de jeito nenhum|"
    "non|non merci|pas du tout|pas maintenant|jamais|bien sûr que non|je ne veux pas|"
    "no grazie|non voglio|assolutamente no|certo che no|nee|nee dank je|nee bedankt|liever niet|niet nu|klopt niet|"
    "nej|nej tack|inte nu|nej tak|ikke nu|nei|nei takk|ikke nå|ei|ei kiitos|en halua|ei nyt|"
    "nie|nie dziękuję|nie chcę|ne|ne děkuji|nechci|hayır|hayır teşekkürler|yok|istemiyorum|nu|nu mulțumesc|nu vreau|"
    "nem|nem köszönöm|nem kérek|нет|нет спасибо|не надо|не хочу|не нужно|όχι|όχι ευχαριστώ|δεν θέλω"
)
# After one of these the rest of a short clause may say what it likes ("yes send it"); after `NO_OPENERS`, a pronoun.
YES_OPENERS = (
    "yes|yep|yeah|yup|oui|sim|evet|igen|kyllä|joo|да|ναι|ja ich|ja das|ja bitte|ja graag|ja tack|ja det|sí por"
)
NO_OPENERS = (
    "no i|no it|no that|no we|no this|no they|nope|nein ich|nein das|non je|não eu|nej jag|nej det|nee ik|нет я|"
    "i don't want|i do not want|no quiero|je ne veux pas|ich will nicht|não quero|non voglio"
)
FILLERS = (
    "please|pls|plz|thanks|thank you|thank you very much|thx|sir|madam|hi|hello|oh|well|um|hm|very much|bro|mate|"
    "bitte|danke|danke schön|vielen dank|por favor|gracias|muchas gracias|obrigado|obrigada|s'il vous plaît|svp|stp|"
    "merci|merci beaucoup|monsieur|madame|per favore|grazie|alstublieft|dank je|dank u|bedankt|tack|mange tak|takk|"
    "tusen takk|kiitos|proszę|dziękuję|prosím|děkuji|lütfen|teşekkürler|vă rog|mulțumesc|kérem|köszönöm|"
    "пожалуйста|спасибо|παρακαλώ|ευχαριστώ"
)
NEGATORS = (
    "no|not|don't|dont|doesn't|didn't|isn't|can't|cannot|won't|never|without|nicht|kein|keine|keinen|nie|nein|nunca|"
    "não|"
    "ne|non|pas|jamais|sin|niet|geen|inte|ikke|ei|en|nem|nu|değil|не|нет|δεν|όχι|stop|cancel|wrong|incorrect"
)

THANKS = (
    "thank you|thank u|thanks|thx|tyvm|ty|cheers|much appreciated|danke|dankeschön|vielen dank|gracias|obrigado|"
    "obrigada|valeu|merci|grazie|bedankt|dank je|dank u|dankjewel|tack|mange tak|tusen takk|takk|kiitos|kiitti|"
    "dziękuję|dzięki|"
    "děkuji|díky|teşekkürler|teşekkür ederim|sağol|mulțumesc|mersi|köszönöm|köszi|спасибо|благодарю|ευχαριστώ"
)
NO_THANKS = (
    "thanks for nothing|thank you for nothing|no thanks to|danke für nichts|gracias por nada|merci pour rien|"
    "grazie di niente|grazie per niente|obrigado por nada|tack för ingenting|спасибо ни за что"
)

# Whole clauses that greet or take leave.
GREETINGS = (
    "hello|hi|hey|hello there|hi there|hey there|hi all|good morning|good afternoon|good evening|good day|how are you|"
    "how are you today|how do you do|is anybody there|is anyone there|anybody there|anyone there|are you there|"
    "bye|bye bye|goodbye|good bye|good night|see you|take care|have a nice day|have a good day|have a nice evening|"
    "hallo|guten tag|guten morgen|guten abend|grüß gott|servus|moin|wie geht es ihnen|wie geht's|ist da jemand|"
    "tschüss|auf wiedersehen|schönen tag noch|schönen tag|schönen abend|bonjour|bonsoir|salut|coucou|ça va|"
    "comment allez-vous|il y a quelqu'un|au revoir|bonne journée|bonne soirée|hola|buenos días|buenas tardes|"
    "buenas noches|buenas|qué tal|cómo está|cómo estás|hay alguien|hay alguien ahí|adiós|hasta luego|chao|"
    "olá|oi|bom dia|boa tarde|boa noite|tudo bem|como está|tem alguém aí|tchau|adeus|até logo|ciao|salve|buongiorno|"
    "buonasera|buon giorno|come va|come sta|c'è qualcuno|arrivederci|buona giornata|buona serata|hoi|goedendag|"
    "goedemorgen|goedemiddag|goedenavond|dag|tot ziens|hej|hejsan|god dag|god morgon|god kväll|hej då|hei|hallå|"
    "god morgen|god aften|god kveld|farvel|ha det|moi|terve|hyvää päivää|hyvää huomenta|hyvää iltaa|näkemiin|moikka|"
    "cześć|dzień dobry|dobry wieczór|do widzenia|ahoj|dobrý den|dobré ráno|dobrý večer|na shledanou|bok|dobar dan|"
    "dobro jutro|dobra večer|doviđenja|merhaba|selam|iyi günler|günaydın|iyi akşamlar|hoşça kal|görüşürüz|bună|salut|"
    "bună ziua|bună dimineața|bună seara|la revedere|szia|sziasztok|jó napot|jó reggelt|jó estét|viszontlátásra|"
    "привет|здравствуйте|добрый день|доброе утро|добрый вечер|до свидания|пока|γεια|γεια σας|γεια σου|καλημέρα|"
    "καλησπέρα|αντίο|こんにちは|こんばんは|おはようございます|さようなら|안녕하세요|שלום|مرحبا|السلام عليكم"
)

# A request for a human is VERB LINK* NOUN ("speak to a real person"), or in verb-final languages NOUN LINK* VERB.
TALK_VERBS = (
    "speak|talk|chat|connect me|transfer me|put me|pass me|hand me|forward me|get me|contact|reach|get in touch|"
    "speak to the|speak with the|talk to the|talk with the|chat with the|be connected|get connected|be transferred|"
    "get transferred|be put through|get hold of|put in touch|transfer this chat|hand this chat|rather deal|"
    "want to deal|like to deal|prefer to deal|please get|"
    "sprechen|reden|verbinden|verbinde mich|verbinden sie mich|kontaktieren|weiterleiten|leiten sie mich|leite mich|"
    "holen sie mir|hol mir|geben sie mich|hablar|comunicarme|comunicar|"
    "comuníqueme|contactar|páseme|pásame|conectar|conectarme|transferir|transferirme|transfiérame|transfiéreme|"
    "póngame|ponme|pónganme|atender|atienda|falar|conversar|transfira|transfere|me passa|me passe|"
    "me coloque em contato|me coloca em contato|"
    "transferir-me|passar|parler|discuter|contacter|joindre|transférez-moi|passez-moi|mettez-moi|mettre en relation|"
    "mis en relation|mise en relation|mettre en contact|parlare|"
    "mi passi|passami|passatemi|passarmi|passare|contattare|trasferirmi|mettermi in contatto|mettetemi in contatto|"
    "messo in contatto|messa in contatto|"
    "spreken|praten|doorverbinden|verbind me|prata|tala|koppla mig|kopplad|"
    "kopplas|kontakta|få meg over|sæt mig over|sett meg over|tale|snakke|prate|kontakte|puhua|jutella|yhdistä|"
    "yhdistäkää|yhdistää|rozmawiać|porozmawiać|połącz mnie|"
    "proszę połączyć|proszę o kontakt|proszę o rozmowę|skontaktować|mluvit|promluvit|spojte mě|přepojte|konuşmak|"
    "görüşmek|bağla|vorbesc|vorbi|contacta|"
    "beszélni|kapcsolj*|поговорить|говорить|соедините|соедини|свяжите|переключите|переведите|позовите|позови|"
    "связаться|μιλήσω|συνδέστε|συνδέσετε|επικοινωνήσω"
)
WANT_VERBS = (
    "want|need|would like|i'd like|give me|can i have|could i have|can i get|could i get|prefer|demand|request|require|"
    "ask for|asking for|looking for|send me|escalate|ich will|will ich|will einen|will eine|will mit|will jetzt|"
    "will sofort|will endlich|möchte|hätte gern|hätte gerne|brauche|verlange|gib mir|geben sie mir|"
    "quiero|necesito|quisiera|exijo|dame|deme|quero|preciso|gostaria|queria|veux|voudrais|besoin|souhaite|"
    "voglio|vorrei|bisogno|wil|wens|vill ha|behöver|vil have|vil ha|trenger|haluan|tarvitsen|chcę|potrzebuję|poproszę|"
    "chci|potřebuji|vreau|nevoie|szeretnék|kérek|хочу|нужен|нужна|дайте|можно|θέλω|χρειάζομαι"
)
HUMANS = (
    "human|humans|human being|person|people|agent|agents|manager|representative|rep|supervisor|operator|advisor|"
    "adviser|specialist|team leader|staff member|member of staff|employee|colleague|colleagues|boss|"
    "mensch|menschen|mitarbeiter|mitarbeiterin|berater|beraterin|"
    "kundenberater|"
    "vorgesetzten|vorgesetzter|sachbearbeiter|ansprechpartner|kollegen|kollegin|supportmitarbeiter|persona|humano|"
    "humana|agente|gerente|representante|"
    "operador|operadora|asesor|encargado|responsable|jefe|jefa|chefe|pessoa|atendente|humain|personne|conseiller|"
    "conseillère|"
    "superviseur|opérateur|représentant|umano|operatore|responsabile|supervisore|rappresentante|consulente|mens|"
    "persoon|"
    "medewerker|leidinggevende|människa|handläggare|chef|medarbetare|menneske|medarbejder|kundebehandler|"
    "ihminen|ihmisen|ihmiselle|asiakaspalvelij*|człowiek*|konsultant*|kierownik*|osoba|osobą|pracownik*|"
    "člověk*|operátor*|vedoucí*|pracovník*|osobou|insan|insanla|temsilci*|yetkili*|müdür*|persoană|un om|om real|"
    "om adevărat|manager*|"
    "reprezentant|ember*|ügyintéző*|munkatárs*|человек*|оператор*|менеджер*|сотрудник*|специалист*|"
    "ανθρώπο*|άνθρωπο|εκπρόσωπο*|υπεύθυνο*|υπάλληλο*"
)
SOMEONE = (
    "someone|somebody|jemand|jemandem|jemanden|alguien|alguém|quelqu'un|qualcuno|iemand|någon|nogen|noen|jonkun|kimś|"
    "někým|biri|biriyle|birisiyle|cineva|valaki*|кем-то|кем-нибудь|κάποιον"
)
HUMAN_LINKS = (
    "to|with|a|an|el|la|il|col|au|your|ur|my|one|some|real|live|actual|proper|human|customer|support|service|care|"
    "team|member|from|of|in|me|"
    "us|the|den|der|"
    "please|right|now|directly|just|another|different|other|senior|any|over|through|touch|on|it|this|"
    "mit|einem|einer|einen|eine|ein|dem|ihrem|ihren|ihrer|bitte|echten|echter|richtigen|lebenden|menschlichen|"
    "wirklichen|gerne|jetzt|direkt|mich|an|sprechen|con|un|una|uno|su|al|real|verdadera|verdadero|por|favor|hablar|"
    "que|me|atención|soporte|com|para|pra|uma|um|o|ao|de|atendimento|d'un|d'une|une|qu'un|qu'une|algún|falar|avec|le|"
    "votre|vrai|vraie|être|parler|vero|vera|di|parlare|met|een|echt|echte|"
    "essere|door|till|til|med|en|ett|et|riktig|rigtig|rigtigt|ekte|levende|oikean|oikealle|minut|z|ze|żywym|żywego|"
    "prawdziwym|s|se|skutečným|živým|bir|gerçek|canlı|"
    "müşteri|"
    "cu|egy|élő|valódi|igazi|с|со|живым|живого|με|έναν|μια|ένα|πραγματικό"
)
# What makes the noun another thing: games, and idioms.
NOT_A_HUMAN = (
    "error|errors|rights|readable|verification|check|nature|trafficking|resources|provocateur|jane|royale|destiny|"
    "spinner|slot|slots|spins|game|dealer|dealers|croupier|croupiers|bonus|007|of hearts|fee|who stole|that stole|"
    "discount|discounts|level|levels|fight|battle"
)
HUMAN_FINAL_VERBS = (
    "sprechen|reden|verbinden|verbunden werden|kontaktieren|weitergeleitet werden|zurückrufen|übernehmen|spreken|"
    "praten|doorverbonden worden|"
    "puhua|jutella|görüşmek|konuşmak|bağla*|aktar*|istiyorum|görüşebilir*|konuşabilir*|beszélni|beszélhet*|"
    "поговорить|говорить|связаться"
)
HUMAN_FINAL_LINKS = (
    "bitte|mal|gerne|zu|direkt|persönlich|vom|aus|dem|kundenservice|kundendienst|support|team|kanssa|ile|jetzt|über|"
    "wil|graag|szeretnék"
)
HUMAN_REFUSALS = (
    "not|don't|dont|do not|never|nicht|kein|keinen|keine|não|pas|inte|ikke|nie|nechci|не|no quiero|no necesito|"
    "no deseo|no hace falta|non voglio|non vorrei|non desidero|non ho bisogno|en halua|en tarvitse|ei tarvitse|hoef|"
    "niet|no need|rather not|istemiyorum"
)
# Behind a refusal these begin a wish anew ("you do not understand I want ..."), unless it is of what one thinks.
HUMAN_SUBJECTS = "i|i'd|we|ich|wir|je|nous|yo|eu|io|ik|wij|jag|jeg|minä|én|я|мы|εγώ"
HUMAN_OWN_STARTS = (
    "get me|give me|send me|connect me|transfer me|put me|pass me|hand me|forward me|please get|verbinden sie mich|"
    "verbinde mich|holen sie mir|hol mir|geben sie mir|gib mir|leiten sie mich|leite mich|transférez-moi|passez-moi|"
    "mettez-moi|páseme|pásame|comuníqueme|póngame|ponme|dame|deme|quiero|necesito|quisiera|exijo|quero|preciso|"
    "queria|gostaria|me passa|me passe|transfira|voglio|vorrei|passami|mi passi|haluan|tarvitsen|chcę|potrzebuję|"
    "poproszę|połącz mnie|chci|potřebuji|vreau|szeretnék|kérek|хочу|дайте|соедините|позовите|переведите|θέλω"
)
HUMAN_THOUGHTS = (
    "think|believe|say|said|mean|suppose|sure|know if|denke|glaube|sage|crois|pense|dis|creo|pienso|digo|acho|creio|"
    "credo|penso|dico|denk|zeg|tror|säger|myślę|sądzę|mówię|думаю|говорю|νομίζω"
)
# These refuse only where they stand right before the request.
HUMAN_NOES = (
    "no|non|não é|without|instead of|ohne|statt|sin|sans|sem|senza|zonder|geen|utan|uden|uten|bez|had to|was able to|"
    "were able to|managed to|used to|was nice to|is nice to|was good to|is good to|glad to"
)
# Behind one of the first, one of the second is a noun: "that chat with an agent" happened, and is not wished for.
BEFORE_NOUNS = "this|that|the|my|our|last|previous|der|den|dem|im|diesen|le|ce|mon|el|il"
TALKS = "chat|talk|contact|reach|request|demand"
# Whether one has to, or is doing so by now, is a question and no wish: "do I have to talk to an agent?". English says
# so right before the verb; "do I have a way to talk to one" is a wish. Behind `HUMAN_OR` another question begins.
ENGLISH_QUESTIONS = "do i|do we|did i|did we|must i|must we"
ADVICE_QUESTIONS = "should i|should we|shall i|shall we"
HAVE_TO = "have to|need to|got to|really|actually|still|first|also|always|even|ever|just"
HUMAN_QUESTIONS = "muss ich|soll ich|dois-je|faut-il|moet ik|skal jeg|behøver jeg|pitääkö|czy muszę"
HUMAN_OR = "or|oder|ou|of kan|of mag|eller|tai|czy mogę|o puedo|o puede|o posso|o può"
# These are wishes too where no question mark follows.
MARKED_QUESTIONS = "tengo que|debo|je dois|est-ce que je dois|tenho que|tenho de|devo|måste jag"
# What a human is to do: "could a person take over", "have somebody call me".
HUMAN_DEEDS = "help|assist|answer|take over|take care|look at|look into|call|phone|ring|contact|reply|respond"
SOMEONE_DEEDS = "take over|call me|phone me|ring me"
# "Is there a human" with one of these behind it, or nothing, wants to talk to one, and not to know what answers here.
IS_THERE = "is there|gibt es hier|y a-t-il|il y a|hay|tem|c'è|is er|finns det|er der|finnes det"
AVAILABLE = (
    "here|there|available|around|on duty|online|please|now|i can|i could|we can|to talk|to speak|to help|who can|"
    "that can|who could|hier|verfügbar|mit dem ich|mit der ich|ici|disponible|à qui|aquí|con quien|disponível|aqui|"
    "com quem|qui peut|qui puisse|qui pourrait|disponibile|con cui|beschikbaar|här|tillgänglig|her|tilgængelig|"
    "tilgjengelig"
)
# French "qui" is "who", Italian "qui" is "here": it counts only where the clause ends, or goes on as Italian does.
HERE_IN_ITALIAN = "con|per|adesso|ora|disponibile|che"
# "A person here who uses my account" is another one, "here who can help" is not.
WHO = "who|that|qui|que|che|der|die|das|som"
WHO_CAN = "can|could|me puede|me pueda|puede|pueda|pode|possa|peut|puisse|pourrait|può|mi può|kann|könnte|kan"
# "I want that the person pays me" speaks of somebody known, unless that one is to call.
THAT_THE = "que la|que el|que los|que las|que o|que a|que os|que as|que le|que les"
CALLS_ME = (
    "me llame|me atienda|me contacte|me responda|me hable|me ligue|me atenda|me contate|m'appelle|me rappelle|"
    "me réponde|me parle"
)
# What players do, and no one does for them: "can an agent help me win".
PLAYS = "win|cheat|hack"
# The player's own words stand in a quotation behind these: I repeat: "...".
SAID = (
    "i said|i repeat|i repeated|i asked|i ask|i am asking|i'm asking|i wrote|i told you|i've said|i've asked|"
    "i have said|i have asked|i already said|i already asked|i keep saying|i keep asking|ich sagte|ich sage|"
    "ich wiederhole|ich fragte|ich frage|ich bat|ich schrieb|ich habe gesagt|ich habe schon gesagt|"
    "ich habe bereits gesagt|ich habe gefragt|ich habe geschrieben|je répète|je dis|j'ai dit|j'ai déjà dit|"
    "je demande|j'ai demandé|repito|digo|dije|he dicho|ya dije|ya he dicho|pedí|pregunté|eu disse|já disse|eu pedi|"
    "eu perguntei|ripeto|dico|ho detto|ho già detto|ho chiesto|ik zei|ik herhaal|ik vroeg|ik heb gezegd|"
    "ik heb gevraagd|jag sa|jag sade|jag upprepar|jag frågade|jag bad|jeg sagde|jeg sa|jeg gentager|jeg gjentar|"
    "jeg spurgte|jeg spurte|sanoin|toistan|pyysin|kysyin|powiedziałem|powiedziałam|powtarzam|prosiłem|prosiłam|"
    "řekl jsem|řekla jsem|opakuji|opakuju|dedim|söyledim|tekrar ediyorum|am spus|repet|am cerut|azt mondtam|mondtam|"
    "ismétlem|kértem|я сказал|я сказала|повторяю|я просил|я просила|είπα|επαναλαμβάνω|ζήτησα"
)
SAID_NOT = "no|non|nie|nem|nu|ne|не|δεν"
SAID_LINKS = (
    "you|to you|it|again|already|before|clearly|once more|twice|three times|for|ihnen|dir|schon|bereits|nochmal|"
    "noch einmal|encore|déjà|vous|te|le|otra vez|ya|de novo|já|ancora|già|al|igen|jo"
)
HUMAN_NOW = "now|right now|immediately|asap|jetzt|sofort|maintenant|ahora|ya|agora|adesso|subito|nu"
REAL = "réelle|réel|real|verdadera|de verdad|de verdade|verdadeira|reale|vera|in carne ed ossa"

# Number words: value first, spellings after it. `x` is a multiplier. Article-like words for one stand apart.
NUMBERS: Mapping[str, str] = {
    "en": "0 zero|2 two|3 three|4 four|5 five|6 six|7 seven|8 eight|9 nine|10 ten|11 eleven|12 twelve dozen|"
    "13 thirteen|14 fourteen|15 fifteen|16 sixteen|17 seventeen|18 eighteen|19 nineteen|20 twenty|30 thirty|40 forty|"
    "50 fifty|"
    "60 sixty|70 seventy|80 eighty|90 ninety|x100 hundred hundreds|x1000 thousand thousands|x1000000 million millions",
    "de": "0 null|2 zwei|3 drei|4 vier|5 fünf|6 sechs|7 sieben|8 acht|9 neun|10 zehn|11 elf|12 zwölf|13 dreizehn|"
    "14 vierzehn|15 fünfzehn|16 sechzehn|17 siebzehn|18 achtzehn|19 neunzehn|20 zwanzig|30 dreißig|40 vierzig|"
    "50 fünfzig|60 sechzig|70 siebzig|80 achtzig|90 neunzig|x100 hundert|x1000 tausend|x1000000 million millionen",
    "es": "0 cero|2 dos|3 tres|4 cuatro|5 cinco|6 seis|7 siete|8 ocho|9 nueve|10 diez|11 once|12 doce|13 trece|"
    "14 catorce|15 quince|16 dieciséis|17 diecisiete|18 dieciocho|19 diecinueve|20 veinte|21 veintiuno veintiún|"
    "22 veintidós|23 veintitrés|24 veinticuatro|25 veinticinco|26 veintiséis|27 veintisiete|28 veintiocho|"
    "29 veintinueve|30 treinta|40 cuarenta|50 cincuenta|60 sesenta|70 setenta|80 ochenta|90 noventa|"
    "100 cien ciento|200 doscientos doscientas|300 trescientos trescientas|400 cuatrocientos cuatrocientas|"
    "500 quinientos quinientas|x1000 mil|x1000000 millón millones",
    "pt": "0 zero|2 dois duas|3 três|4 quatro|5 cinco|6 seis|7 sete|8 oito|9 nove|10 dez|11 onze|12 doze|13 treze|"
    "14 quatorze catorze|15 quinze|16 dezesseis dezasseis|17 dezessete dezassete|18 dezoito|19 dezenove dezanove|"
    "20 vinte|30 trinta|40 quarenta|50 cinquenta|60 sessenta|70 setenta|80 oitenta|90 noventa|100 cem cento|"
    "200 duzentos duzentas|300 trezentos trezentas|400 quatrocentos|500 quinhentos quinhentas|x1000 mil",
    "fr": "0 zéro|2 deux|3 trois|4 quatre|5 cinq|6 six|7 sept|8 huit|9 neuf|10 dix|11 onze|12 douze|13 treize|"
    "14 quatorze|15 quinze|16 seize|20 vingt vingts|30 trente|40 quarante|50 cinquante|60 soixante|70 septante|"
    "80 huitante octante|90 nonante|x100 cent cents|x1000 mille",
    "sv": "0 noll|2 två|3 tre|4 fyra|5 fem|6 sex|7 sju|8 åtta|9 nio|10 tio|11 elva|12 tolv|13 tretton|14 fjorton|"
    "15 femton|16 sexton|17 sjutton|18 arton|19 nitton|20 tjugo|30 trettio|40 fyrtio|50 femtio|60 sextio|70 sjuttio|"
    "80 åttio|90 nittio|x100 hundra|x1000 tusen",
}
ONES = "one|ein|eine|einen|einem|einer|eins|un|una|uno|um|uma|une|ett"
# After a word for one, these make it a count: "one free spin" is a claim, "one moment" is not.
UNITS = (
    "spin|spins|freispin|freispins|freispiel|euro|euros|dollar|dollars|pound|pounds|krona|krone|kronor|giro|giros|"
    "tirada|"
    "tiradas|rodada|rodadas|tour|tours|snurr|freesnurr|percent|prozent|point|points|punkt|punto|ponto|million"
)
# Number words that are everyday words of another language count only in a text that looks like their own.
HOMOGRAPHS: Mapping[str, str] = {
    **dict.fromkeys(("cent", "cents", "sept", "seize"), "fr"),
    **dict.fromkeys(("elf", "null"), "de"),
    **dict.fromkeys(("sex", "tio"), "sv"),
    "once": "es",
    "dos": "es",
}
COMMON_WORDS: Mapping[str, str] = {
    "en": "the you your is are have has been to of for and with this that we our i can not",
    "de": "der die das sie ihr ihre ist sind haben hat wurde und mit für nicht ich wir auf von",
    "es": "el la los las usted su tu es son ha han para por con que de en y no tiradas giros euros",
    "pt": "o os as você seu sua é são foi para por com que de em e não rodadas giros reais",
    "fr": "le la les vous votre est sont avez a été pour avec que de en et ne pas tours euros",
    "sv": "du din ditt är har och att för med på av som vi inte det den har snurr kronor",
}

# What may stand before or behind a figure as its currency; some signs mean several.
_CURRENCY_CODES = "EUR|USD|GBP|PLN|SEK|NOK|DKK|BRL|CAD|AUD|NZD|CHF|JPY|TRY|CZK|HUF|RON|INR|BTC"
CURRENCIES: Mapping[str, str] = {
    **{code: code for code in _CURRENCY_CODES.split("|")},
    **dict.fromkeys(("€", "euro", "euros", "eurona"), "EUR"),
    **dict.fromkeys(("$", "dollar", "dollars", "dólares", "dólar"), "USD CAD AUD NZD"),
    **dict.fromkeys(("£", "pound", "pounds", "pfund", "libras", "livres"), "GBP"),
    **dict.fromkeys(("kr", "kronor", "kronen", "krona", "kroner", "kronorna"), "SEK NOK DKK"),
    **dict.fromkeys(("r$", "reais"), "BRL"),
    **dict.fromkeys(("zł", "złoty"), "PLN"),
}
PERCENT = "%|percent|per cent|prozent|por ciento|por cento|pour cent|procent"
# Behind a figure in digits.
SCALES: Mapping[str, str] = {
    "k": "1000", "tsd": "1000", "thousand": "1000", "tausend": "1000", "mil": "1000", "mille": "1000", "tusen": "1000",
    "hundred": "100", "hundert": "100", "m": "1000000", "mio": "1000000", "mn": "1000000", "million": "1000000",
    "millions": "1000000", "millionen": "1000000", "millones": "1000000", "milhões": "1000000", "miljoner": "1000000",
}  # fmt: skip
