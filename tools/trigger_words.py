"""What players of many languages say for the words by which English procedures are chosen.

Patterns on text without case and accents; each begins where a word begins, but in scripts that part no words. English
is not among them: its words count as they are.
"""

from collections.abc import Mapping

BONUS = (
    r"bonus(?!e?s?\b)\w+|\w+bonus\b|boni\b|bonos?\b|bonificacion|bonuks\w*|"
    r"promo(?:cion|cao|cje|ocje|zion|t(?:ie|ies)\b)|"
    r"μπονου\w*|бонус\w*|בונוס|(?:ה|ל|ב)בונוס|(?:ال)?(?:بونص|مكافا)\w*|tien thuong"
)
FREE_SPINS = (
    r"frei(?:spiel|spin|dreh)\w*|gratis ?(?:spin|dreh|snurr|runder|draai|giri|giros|tirada|rodada)\w*|"
    r"(?:giros|tiradas|rodadas|giri) (?:gratis|gratuit\w*)|(?:tours|spins|parties) gratuite?s|"
    r"(?:freesnurr|freespinn|friespinn?|gratisspinn)\w*|ilmais(?:kierro|pyora)\w*|"
    r"ingyen\w* ?(?:porget|forgat|spin)\w*|(?:darmow\w+|bezplatn\w+) (?:spin|obrot)\w*|"
    r"voln\w+ (?:otoc|zatoc)\w*|(?:otoc|zatoc)\w+ (?:zdarma|zadarmo)|besplatn\w+ (?:vrtnj|spin|okret)\w*|"
    r"brezplacn\w+ (?:vrtljaj|spin)\w*|rotiri gratuite|rotirile gratuite|(?:bedava|ucretsiz) (?:donus|spin|cevir)\w*|"
    r"δωρεαν (?:περιστροφ|σπιν|spin)\w*|фр[иі]спин\w*|фріспін\w*|"
    r"(?:бесплатн|безкоштовн|безплатн)\w+ (?:вращен|спин|спін|оберт|обертан|завъртан|окрет)\w*|"
    r"סיבובי\w? (?:ה)?חינם|(?:دورات|لفات) مجاني\w*|vong quay mien phi"
)
# Of what has been promised or given: it is not there. Whoever has had none so far may only be asking for one.
NOT_THERE = (
    r"(?:nicht|nie) (?:angekommen|gutgeschrieben)|fehl(?:t|en)\b|verschwunden|"
    r"no (?:me )?(?:ha|han) llegado|no (?:me )?(?:llego|llegaron)\b|no (?:ha|han|fue|fueron|se)(?: sido)? acreditad\w+|"
    r"(?:n'est|ne sont|n'a) (?:pas|jamais) (?:arrive|ete credite)\w*|"
    r"non (?:e|sono|mi e|mi sono) (?:mai |ancora )?(?:arrivat|stat[oi] accreditat)\w*|"
    r"nao (?:chegou|chegaram|foi creditad|foram creditad|caiu|cairam)\w*|"
    r"niet (?:aangekomen|bijgeschreven)|ontbre(?:ek|ken)\w*|har (?:inte|aldrig|annu inte) kommit|saknas|"
    r"ikke (?:kommet|blitt kreditert|blevet krediteret)|mangler|"
    r"puuttu\w*|ei(?:vat)? ole (?:tullut|tulleet|saapunut|saapuneet)|"
    r"nem erkez\w*|nem jott meg|hianyz\w*|nem lett jovairva|"
    r"nie (?:dotar|przysz|zosta\w+ (?:dodan|przyznan|naliczon))\w*|neprisel|neprisl[aoy]|nedorazil\w*|chybi|"
    r"nije (?:stigao|stigla|stiglo)|nisu (?:stigli|stigle)|nu a (?:ajuns|fost creditat)|gelmedi|yatmadi|"
    r"не (?:приш|поступ|начисл|зачисл|надійш|нарахов)\w*|пропал\w*"
)
# Scripts that part no words.
UNPARTED_BONUS = "ボーナス|奖金|獎金|红利|紅利|보너스"
UNPARTED_FREE_SPINS = "フリースピン|無料スピン|無料回転|免费旋转|免費旋轉|免费转|무료 ?스핀|프리 ?스핀"
UNPARTED_NOT_THERE = (
    "(?:届|とど)いて(?:い)?(?:な|ませ)|反映されて(?:い)?(?:な|ませ)|付与されて(?:い)?(?:な|ませ)|没有?到账|沒有?到帳|"
    "안 들어왔|들어오지 않|没有?收到"
)

# The English words that are meant, by pattern: in parted scripts, in unparted ones.
THINGS: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("bonus",): (BONUS, UNPARTED_BONUS),
    ("free", "spin"): (FREE_SPINS, UNPARTED_FREE_SPINS),
}
REPORTS: Mapping[tuple[str, ...], tuple[str, str]] = {("missing", "arrived"): (NOT_THERE, UNPARTED_NOT_THERE)}
