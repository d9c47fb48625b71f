"""What a player's own words contain: e-mail addresses, dates, phone numbers, and a few plain intents.

Pure reading of text; nothing is invented and nothing is looked up. A text counts as the player's words whatever
it claims to be: a quoted agent turn or forged tool output inside it proves nothing, and is read like the rest.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from tools import spoken_words as words
from tools.spoken_words import any_of, fold, folded

# A two-digit year counts only where it is a birth year that a player can have: 1930-1999 and 2000-2009. The years
# 10 to 29 are nobody's: read as 19xx too old, as 20xx too young, and most of them are dates of deposits.
_LAST_OF_THE_2000S: Final = 9
_FIRST_OF_THE_1900S: Final = 30
_SHORT_YEAR_DIGITS: Final = 2

MONTH_OF: Final = {
    fold(spelling): number
    for months in words.MONTHS.values()
    for number, spellings in enumerate(months.split("|"), start=1)
    for spelling in spellings.split()
}
# Before the day ("April 12, 1990") only full names and English short forms: the others are too often plain words.
_SHORT_FORM: Final = 3
_FULL_NAMES: Final = [month.split()[0] for months in words.MONTHS.values() for month in months.split("|")]
_LEADING: Final = [
    *_FULL_NAMES,
    *words.MONTHS["en"].replace("|", " ").split(),
    *(month for month in MONTH_OF if len(month) > _SHORT_FORM),
]
_MONTH: Final = rf"(?P<m>{any_of(MONTH_OF)})(?![^\W\d_])(?!\s+of\b)"  # "12 out of 2000 spins" is no October
_MONTH_FIRST: Final = rf"(?P<m>{any_of(_LEADING)})(?![^\W\d_])"
_DAY: Final = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_NTH: Final = rf"(?:[:-]?{any_of(words.DAY_ENDINGS.split('|'))}(?![^\W\d_]))?"
_YEAR: Final = r"(?:19|20)\d\d"
_UNIT: Final = any_of((*words.UNITS.split("|"), *words.MONEY_SIGNS.split("|")))
_NOT_MONEY: Final = rf"(?!\d|[.,]\d|\s?{_UNIT})"
_SHORT_YEAR: Final = r"(?:'|(?<=[/-]))\d\d(?!\d)"
_LAST_WORD: Final = r"\d\d(?=[.,;!?)]*\s*$|[.,;!?)]+\s)"  # "12 April 90." but not "12 April 50 euros"
_GAP: Final = r"[\s.,/-]{0,3}"
_OF: Final = r"(?:(?:of|de|del|di|do|den|van|of the|de l'an|anul|fomhair)\s+)?"  # the last is half an Irish month
_ALONE: Final = r"(?<!\d)(?<!\d[.,/-])"
_ENDS: Final = r"(?!\d)(?![./-]\d)"
_DATES: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"{_ALONE}(?P<y>{_YEAR})\s?(?P<s>[./-])\s?(?P<m>\d\d?)\s?(?P=s)\s?(?P<d>\d\d?){_ENDS}",
        rf"{_ALONE}(?P<a>\d\d?)\s?(?P<s>[./-])\s?(?P<b>\d\d?)\s?(?P=s)\s?(?P<y>{_YEAR}|\d\d){_ENDS}",
        rf"(?<![\d+])(?<!\d[\s.,-])(?P<a>\d\d) (?P<b>\d\d) (?P<y>{_YEAR})(?!\d)(?![\s.,-]\d)",
        rf"{_ALONE}{_DAY}(?P<dot>{_NTH}{_GAP}){_OF}{_MONTH}{_GAP}{_OF}(?P<y>{_YEAR}{_NOT_MONEY}|{_SHORT_YEAR}|{_LAST_WORD})",
        rf"(?<![^\W_]){_MONTH_FIRST}{_GAP}(?:the\s)?{_DAY}{_NTH}[\s.,/-]{{1,3}}{_OF}(?P<y>{_YEAR}{_NOT_MONEY}|{_SHORT_YEAR})",
        rf"{_ALONE}(?P<y>{_YEAR}){_GAP}{_MONTH_FIRST}{_GAP}{_DAY}(?![\d:%])",
        rf"{_ALONE}{_DAY}\s?thang\s?(?P<m>\d\d?)\s?[,/]?\s?(?:nam\s)?(?P<y>{_YEAR}){_ENDS}",
        rf"(?<!\d)(?P<y>{_YEAR})\s?(?:年|{fold('년')})\s?(?P<m>\d\d?)\s?(?:月|{fold('월')})\s?(?P<d>\d\d?)(?!\d)\s?日?",
    )
)


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date in a text, at `text[start:end]`; `ambiguous_with` is the other way to read day and month."""

    value: date
    ambiguous_with: date | None
    start: int
    end: int

    def may_mean(self, day: date) -> bool:
        """Tell whether these words can be read as that day."""
        return day in {self.value, self.ambiguous_with}


def _full_year(written: str) -> int | None:
    number = int(written.strip("'"))
    if len(written.strip("'")) > _SHORT_YEAR_DIGITS:
        return number
    if number <= _LAST_OF_THE_2000S:
        return 2000 + number
    return 1900 + number if number >= _FIRST_OF_THE_1900S else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 April: nothing was said
        return None


def _readings(match: re.Match[str], *, day_first: bool) -> list[date]:
    """Return the possible dates of a match, the preferred one first."""
    found = match.groupdict()
    year = _full_year(found["y"])
    if year is None:
        return []
    if "a" in found:
        first, second = int(found["a"]), int(found["b"])
        pairs = [(second, first), (first, second)] if day_first else [(first, second), (second, first)]
    else:
        pairs = [(month, int(found["d"])) for month in _months(found)]
    return list(dict.fromkeys(day for pair in pairs if (day := _date(year, *pair)) is not None))


def _months(found: Mapping[str, str | None]) -> tuple[int, ...]:
    """Return what a month may mean, the likelier one first: of one word the dot behind the day tells the language."""
    written = str(found["m"])
    month = MONTH_OF.get(written) or int(written)
    other = words.DOTTED_MONTHS.get(written)
    if other is None:
        return (month,)
    return (other, month) if "." in (found.get("dot") or "") else (month, other)


def dates(text: str, *, day_first: bool = True) -> tuple[SpokenDate, ...]:
    """Return the dates in a text, in order.

    Numeric (1990-04-12, 12.04.1990, 12/04/90, 12 04 1990) and worded ("12th of April 1990", "12 kwietnia 1990")
    in the languages of `spoken_words.MONTHS`. Two-digit years only where they are plausible birth years (1930 to
    2009). `day_first` says which reading of 12/04/1990 is the value; the other one is kept beside it.
    """
    plain = folded(text)
    found: list[SpokenDate] = []
    for match in (match for pattern in _DATES for match in pattern.finditer(plain.text)):
        readings = _readings(match, day_first=day_first)
        if readings:
            start, end = plain.origin[match.start()], plain.origin[match.end() - 1] + 1
            found.append(SpokenDate(readings[0], readings[1] if len(readings) > 1 else None, start, end))
    return tuple(_without_overlaps(sorted(found, key=lambda item: (item.start, -item.end))))


def _without_overlaps(found: Sequence[SpokenDate]) -> Iterator[SpokenDate]:
    reached = 0
    for item in found:
        if item.start >= reached:
            reached = item.end
            yield item


_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL: Final = re.compile(
    rf"(?<!\w)(?<!\w[.+%'-])(?<!\w\.\.)(?<!\w\.\.\.)\w[\w%+'-]{{0,63}}(?:\.[\w%+'-]{{1,63}}){{0,8}}@(?:{_LABEL}\.){{1,8}}(?:xn--[\w-]{{1,59}}|[^\W\d_]{{2,24}})(?![\w@])"
)


def emails(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses in a text, lower-cased, each once, in order.

    Full-width signs and ideographic dots are read as "@" and "."; a sentence that runs on without a space
    ("anna@example.com.My name…") ends the address before the capital.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    found = [match.group() for match in _EMAIL.finditer(plain.replace("。", ".").replace("｡", "."))]
    return tuple(
        dict.fromkeys(re.sub(r"(@[^A-Z]+\.[^A-Z]+)\.[A-Z][a-z]*$", r"\1", address).lower() for address in found)
    )


_CARD: Final = re.compile(r"(?<![\d+])(?!00)\d(?:[ -]?\d){12,30}(?!\d)")
_MAX_PHONE_DIGITS: Final = 15
_IBAN: Final = re.compile(r"(?<!\w)[a-z]{2}\d\d(?: ?[a-z\d]{4}){2,7}(?: ?[a-z\d]{1,3})?(?!\w)")
_SHAPED_LIKE_A_DATE: Final = re.compile(rf"{_ALONE}\d\d?([./-])\d\d?\1(?:\d\d|\d{{4}}){_ENDS}")
_DIGITS_AS_A_DATE: Final = re.compile(rf"(?<![\d+])(?:{_YEAR}(?:0\d|1[0-2])[0-3]\d|[0-3]\d(?:0\d|1[0-2]){_YEAR})(?!\d)")


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004  # digit sum of 10-18


def _is_card(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match.group())
    return len(digits) > _MAX_PHONE_DIGITS or _luhn(digits)


def _blank(match: re.Match[str]) -> str:
    return "|" * len(match.group())


def _dialable(text: str) -> str:
    """Return folded text with dates, card and account numbers blanked out, and 00 written as +."""
    plain = fold(text)
    for spoken in dates(plain):
        plain = plain[: spoken.start] + "|" * (spoken.end - spoken.start) + plain[spoken.end :]
    plain = _SHAPED_LIKE_A_DATE.sub(_blank, _IBAN.sub(_blank, plain))
    plain = _CARD.sub(lambda match: _blank(match) if _is_card(match) else match.group(), plain)
    return re.sub(r"(?<![\d+])(?<!\d[ .,-])00[ -]?(?=[1-9])", "+", plain)


def phones(text: str, *, region: str | None) -> tuple[str, ...]:
    """Return the valid phone numbers in a text as E.164, each once, in order.

    `region` (ISO 3166, such as "DE") is where a number without a country code belongs; with None only numbers
    that name their country are found. Dates, card numbers and account numbers are no phone numbers.
    """
    import phonenumbers  # noqa: PLC0415  # its metadata is heavy; most tickets never need it

    dialable = _DIGITS_AS_A_DATE.sub(_blank, _dialable(text))
    matches = phonenumbers.PhoneNumberMatcher(dialable, None if region is None else region.upper())
    e164 = phonenumbers.PhoneNumberFormat.E164
    return tuple(dict.fromkeys(phonenumbers.format_number(match.number, e164) for match in matches))


Kind = Literal["email", "date", "phone"]
_RUN_OF_DIGITS: Final = re.compile(r"(?<!\w)\+?\(?\d[\d ()./-]{4,28}\d(?!\w)")
_MIN_PHONE_DIGITS: Final = 6


def _has_email(value: str, text: str, _region: str | None) -> bool:
    return emails(value) == (value.strip().lower(),) and value.strip().lower() in emails(text)


def _has_date(value: str, text: str, _region: str | None) -> bool:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip(), re.ASCII) is None:
        return False
    year, month, day = map(int, value.strip().split("-"))
    wanted = _date(year, month, day) if year else None
    return wanted is not None and any(spoken.may_mean(wanted) for spoken in dates(text))


def _has_phone(value: str, text: str, region: str | None) -> bool:
    proposed = phones(value, region=region)
    if len(proposed) > 1:
        return False
    if proposed and proposed[0] in phones(text, region=region):
        return True
    wanted = _national_digits(proposed[0] if proposed else value)
    runs = (match.group() for match in _RUN_OF_DIGITS.finditer(_dialable(text)))
    national = {re.sub(r"\D", "", run).lstrip("0") for run in runs if not run.startswith("+")}
    return len(wanted) >= _MIN_PHONE_DIGITS and wanted in national


def _national_digits(number: str) -> str:
    """Return a number's own digits without country code and leading zeros; all its digits where it names no country."""
    import phonenumbers  # noqa: PLC0415  # as in `phones`

    try:
        parsed = phonenumbers.parse(fold(number), None)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", fold(number)).lstrip("0")
    return phonenumbers.national_significant_number(parsed).lstrip("0")


_GUARDS: Final[dict[Kind, Callable[[str, str, str | None], bool]]] = {
    "email": _has_email,
    "date": _has_date,
    "phone": _has_phone,
}


def contains(kind: Kind, value: str, texts: Sequence[str], region: str | None = None) -> bool:
    """Tell whether the player's own words contain a value that a model proposes; the guard against invented facts.

    Both sides are parsed before they are compared: `value` is an e-mail address, an ISO date (YYYY-MM-DD) or a
    phone number; either reading of an ambiguous date counts, and a phone number counts by its national digits too.
    """
    return any(_GUARDS[kind](value, text, region) for text in texts)


_LONGEST_ANSWER: Final = 14  # words; a longer text is a story, not an answer
_ANSWERS: Final = {
    fold(phrase): kind
    for kind, phrases in (("filler", words.FILLERS), ("weak", words.WEAK_YES), ("no", words.NO), ("yes", words.YES))
    for phrase in phrases.split("|")
}
_ANSWER: Final = re.compile(rf"({any_of(_ANSWERS)})(?![\w'-])\s*")
_FILLER: Final = any_of(words.FILLERS.split("|"))
_OPENERS: Final = {
    kind: re.compile(rf"(?:{_FILLER} )*{any_of(phrases.split('|'))}(?![\w'-])")
    for kind, phrases in (("yes", words.YES_OPENERS), ("no", words.NO_OPENERS))
}
_NEGATOR: Final = re.compile(rf"(?<![\w'-]){any_of(words.NEGATORS.split('|'))}(?![\w'-])")
_SIGNS: Final = str.maketrans({"👍": " yes ", "✅": " yes ", "👎": " no ", "❌": " no "})


def clauses(text: str) -> list[str]:
    """Return the folded clauses of a text as words parted by single spaces; a question keeps its mark."""
    plain = fold(_EMAIL.sub(" ", text.translate(_SIGNS)))
    clauses = re.findall(r"(?:[^.,;:!?…\n]|[.,:](?=\S))+\??", plain)
    spaced = (" ".join(re.findall(r"[^\W_]+(?:['-][^\W_]+)*|\?$", clause)) for clause in clauses)
    return [clause for clause in spaced if clause]


def _answer(clause: str) -> str:
    """Return what one clause says: yes, no, weak, filler, both, negated (something is denied) or other."""
    kinds: set[str] = set()
    at = 0
    while match := _ANSWER.match(clause, at):
        kinds.add(_ANSWERS[match.group(1)])
        at = match.end()
    rest = clause[at:]
    if not rest:
        return "both" if {"yes", "no"} <= kinds else next((k for k in ("yes", "no", "weak") if k in kinds), "filler")
    if "no" in kinds and "yes" not in kinds and _OPENERS["no"].match(clause):
        return "no"
    if "?" not in rest and kinds & {"yes", "no"} == {"yes"} and _OPENERS["yes"].match(clause):
        return "negated" if _NEGATOR.search(rest) else "yes"
    return "negated" if _NEGATOR.search(clause) else "other"


def yes_no(text: str) -> bool | None:
    """Return the yes or no that a short text says; None where it says both, neither, or tells a story."""
    parts = clauses(text)
    if sum(part.count(" ") + 1 for part in parts) > _LONGEST_ANSWER:
        return None
    said = {_answer(part) for part in parts}
    if "both" in said or {"yes", "no"} <= said:
        return None
    if "no" in said:
        return False
    if "yes" in said:
        return None if "negated" in said else True
    return True if said - {"filler"} == {"weak"} else None


def _listed(*phrases: str) -> str:
    return any_of(phrase for listed in phrases for phrase in listed.split("|"))


_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![\w'-])", r"(?![\w'-])"
_NOT_A_GAME: Final = rf"{_NO_LETTER_AFTER}(?! {any_of(words.NOT_A_HUMAN.split('|'))})"
_LINKS: Final = rf"(?:{_listed(words.HUMAN_LINKS)} ){{0,6}}"
_FINAL_LINKS: Final = rf"(?:{_listed(words.HUMAN_FINAL_LINKS)} ){{0,4}}"
_FINAL_VERBS: Final = _listed(words.HUMAN_FINAL_VERBS) + _NO_LETTER_AFTER
_ANOTHER: Final = rf"(?! {_listed(words.WHO)} (?!{_listed(words.WHO_CAN)}{_NO_LETTER_AFTER}))"
_HERE: Final = rf"(?:{_listed(words.AVAILABLE)}|qui(?=$| {_listed(words.HERE_IN_ITALIAN)}{_NO_LETTER_AFTER}))"
_AVAILABLE: Final = rf"(?=$| {_HERE}{_NO_LETTER_AFTER}{_ANOTHER})"
_THAT_THE: Final = rf"(?! {_listed(words.THAT_THE)} (?!(?:\S+ ){{1,2}}{_listed(words.CALLS_ME)}{_NO_LETTER_AFTER}))"
_ONE_HUMAN: Final = rf"{_listed(words.HUMANS)}(?<! people)"
_PLAYS: Final = rf"(?!(?: me| us| each other)? {_listed(words.PLAYS)}{_NO_LETTER_AFTER})"
_TALK: Final = rf"(?!reach one person{_NO_LETTER_AFTER}){_listed(words.TALK_VERBS)}"  # "one of your people" may be
_BIDDING: Final = "(?:can|could|have|let|get|may)"
_ASKS_FOR_A_HUMAN: Final = tuple(
    re.compile(_NO_LETTER_BEFORE + pattern)
    for pattern in (
        rf"{_TALK} {_LINKS}{_listed(words.HUMANS, words.SOMEONE)}{_NOT_A_GAME}",
        rf"{_listed(words.WANT_VERBS)}{_THAT_THE} {_LINKS}{_listed(words.HUMANS)}{_NOT_A_GAME}",
        rf"{_listed(words.HUMANS, words.SOMEONE)} {_FINAL_LINKS}{_FINAL_VERBS}",
        rf"{_listed(words.IS_THERE)} {_LINKS}{_listed(words.HUMANS)}(?: {_listed(words.REAL)})?{_AVAILABLE}",
        rf"{_BIDDING} {_LINKS}{_ONE_HUMAN} (?:please )?{_listed(words.HUMAN_DEEDS)}{_NO_LETTER_AFTER}{_PLAYS}",
        rf"{_BIDDING} {_listed(words.SOMEONE)} {_FINAL_LINKS}{_listed(words.SOMEONE_DEEDS)}{_NO_LETTER_AFTER}",
    )
)
_LONGEST_BARE_REQUEST: Final = 6  # words; it also bounds the work of the next pattern
_SPOKEN_OF: Final = r"(?:in|of|my|your|this) |(?:[\w-]+ ){0,2}(?:the|der|den) "  # "the manager, John, told me"
_JUST_A_HUMAN: Final = re.compile(
    rf"(?!{_SPOKEN_OF})(?:(?:{_FILLER}|{_listed(words.HUMAN_LINKS)}) )*{_listed(words.HUMANS)}"
    rf"(?: {_FILLER}| {_listed(words.HUMAN_NOW)})*"
)
_REFUSAL_REACH: Final = 80  # characters before a request
_REFUSES: Final = re.compile(rf"{_NO_LETTER_BEFORE}{_listed(words.HUMAN_REFUSALS, words.HUMAN_NOES)} ?$")
_SUBJECT: Final = rf"(?:{_listed(words.HUMAN_SUBJECTS)}{_NO_LETTER_AFTER}(?!(?<!ich) will )|j')"
_MIDDLE: Final = rf" (?!{_SUBJECT})[\w'-]+(?: (?!{_SUBJECT}|let )[\w'-]+){{0,2}}"
_REFUSES_FROM_AFAR: Final = re.compile(rf"{_NO_LETTER_BEFORE}{_listed(words.HUMAN_REFUSALS)}{_MIDDLE} ?$")
_DOES_NOT_THINK: Final = re.compile(
    rf"{_NO_LETTER_BEFORE}{_listed(words.HUMAN_REFUSALS)} {_listed(words.HUMAN_THOUGHTS)}(?: [\w'-]+){{0,2}} ?$"
)
_REFUSES_TO_HAVE: Final = re.compile(  # "not want you to get me one", but "not talking to you get me one"
    rf"{_NO_LETTER_BEFORE}{_listed(words.HUMAN_REFUSALS)}"
    r" (?:(?:[\w'-]+ ){0,2}(?:to|(?<!to )(?<!with )you|them)|ever|just|even|simply) ?$"
)
_WITH_SUBJECT: Final = re.compile(rf"(?:{_SUBJECT}|{_BIDDING} i )")
_OWN_START: Final = re.compile(_listed(words.HUMAN_OWN_STARTS) + _NO_LETTER_AFTER)
_BEFORE_A_NOUN: Final = re.compile(rf"{_NO_LETTER_BEFORE}{_listed(words.BEFORE_NOUNS)} $")
_A_TALK: Final = re.compile(_listed(words.TALKS) + _NO_LETTER_AFTER)
_ASKS_WHETHER: Final = re.compile(rf"{_listed(words.HUMAN_QUESTIONS)}{_NO_LETTER_AFTER}")
_ASKS_WHETHER_WITH_A_MARK: Final = re.compile(rf"{_listed(words.MARKED_QUESTIONS)}{_NO_LETTER_AFTER}")
_HAVE_TO: Final = rf"(?: {_listed(words.HAVE_TO)}){{0,3}}"
_OPENS: Final = r"(?:^|(?<![\w'-])(?:or|and|so|but) )"
_ASKS_WHETHER_RIGHT_BEFORE: Final = re.compile(rf"{_OPENS}{_listed(words.ENGLISH_QUESTIONS)}{_HAVE_TO} $")
_ASKS_FOR_ADVICE: Final = re.compile(rf"{_OPENS}{_listed(words.ADVICE_QUESTIONS)}{_HAVE_TO} $")
_OR: Final = re.compile(rf" {_listed(words.HUMAN_OR)}{_NO_LETTER_AFTER}")
_QUOTED: Final = re.compile(r'"[^"\n]+"|“[^“”\n]+”|„[^„“”\n]+[“”]|«[^«»\n]+»|^[ \t]*>.*$', re.MULTILINE)
_WANTS_WHAT_FOLLOWS: Final = rf"{_listed(words.WANT_VERBS, words.TALK_VERBS)} {_LINKS}"
_NOT_DENIED: Final = "".join(rf"(?<!\b{fold(no)} )" for no in words.SAID_NOT.split("|"))
_SAYS_WHAT_FOLLOWS: Final = rf"{_NOT_DENIED}{_listed(words.SAID)}(?: {_listed(words.SAID_LINKS)}){{0,3}}[ :,]*"
_LEADS_IN: Final = re.compile(rf"{_NO_LETTER_BEFORE}(?:{_WANTS_WHAT_FOLLOWS}|{_SAYS_WHAT_FOLLOWS})$")


def wants_human(text: str) -> bool:
    """Tell whether a text asks for a person: "can I talk to a manager", "einen Menschen bitte", "Operator!".

    Being one ("I am a human"), asking whether this is one or whether one has to, refusing one, human errors and games
    called Agent do not count, nor does a sentence that is quoted.
    """
    return any(_asks_for_a_human(clause) for clause in clauses(_without_quotes(text)))


def _without_quotes(text: str) -> str:
    """Return a text without the sentences that it quotes; where it is nothing but a quotation, it is said by itself."""
    left = _QUOTED.sub(lambda quote: quote.group() if _is_own(text, quote) else " ", text)
    return left if any(character.isalpha() for character in left) else text


def _is_own(text: str, quote: re.Match[str]) -> bool:
    """Say whether the player's own words lead into a quotation: I want to "speak to a human", I said: "get me one"."""
    return _LEADS_IN.search(fold(text[max(0, quote.start() - _REFUSAL_REACH) : quote.start()])) is not None


def _asks_for_a_human(clause: str) -> bool:
    plain = clause.removesuffix("?").rstrip()
    if plain.count(" ") < _LONGEST_BARE_REQUEST and _JUST_A_HUMAN.fullmatch(plain):
        return True
    found = (match for pattern in _ASKS_FOR_A_HUMAN for match in pattern.finditer(plain))
    return any(not _refuses(match) and not _asks_whether(match, marked=plain != clause) for match in found)


def _refuses(request: re.Match[str]) -> bool:
    """Say whether the words before a request take it back, or make it a noun: "no need to", "that chat with"."""
    said, end = request.string, request.start()
    start = max(0, end - _REFUSAL_REACH)
    if _DOES_NOT_THINK.search(said, start, end):
        return True
    if _WITH_SUBJECT.match(said, end):
        return False
    if _REFUSES.search(said, start, end) or (_A_TALK.match(said, end) and _BEFORE_A_NOUN.search(said, start, end)):
        return True
    afar = _REFUSES_TO_HAVE if _OWN_START.match(said, end) else _REFUSES_FROM_AFAR
    return afar.search(said, start, end) is not None


def _asks_whether(request: re.Match[str], *, marked: bool) -> bool:
    """Say whether one asks if one has to: "do I need to talk to an agent", but not "must I wait or can I talk to"."""
    said, end = request.string, request.start()
    start = max(0, end - _REFUSAL_REACH)
    if _ASKS_WHETHER_RIGHT_BEFORE.search(said, start, end):
        return True
    if _ASKS_FOR_ADVICE.search(said, start, end):
        return _OR.search(said, request.end()) is None
    opens = _ASKS_WHETHER.match(said) or (marked and _ASKS_WHETHER_WITH_A_MARK.match(said))
    return bool(opens) and _OR.search(said, 0, end) is None


_THANKS: Final = re.compile(_NO_LETTER_BEFORE + any_of(words.THANKS.split("|")) + _NO_LETTER_AFTER)
_NO_THANKS: Final = re.compile(_NO_LETTER_BEFORE + any_of(words.NO_THANKS.split("|")) + _NO_LETTER_AFTER)


def says_thanks(text: str) -> bool:
    """Tell whether a text thanks somebody; "thanks for nothing" does not."""
    plain = " ".join(clauses(text))
    return _THANKS.search(plain) is not None and _NO_THANKS.search(plain) is None


_LONGEST_THANKS: Final = 6  # words; whoever says more wants something too


def only_thanks(text: str) -> bool:
    """Tell whether a text thanks and asks for nothing more."""
    return says_thanks(text) and "?" not in text and len(text.split()) <= _LONGEST_THANKS


_GREETINGS: Final = frozenset(fold(phrase) for phrase in words.GREETINGS.split("|"))


def wants_nothing(text: str) -> bool:
    """Tell whether a text only greets, takes leave, thanks, or says no: "Hello, is anybody there?", "No, thanks. Bye!".

    A text without any words wants nothing either.
    """
    return only_thanks(text) or all(_is_idle(clause.removesuffix("?").rstrip()) for clause in clauses(text))


def _is_idle(clause: str) -> bool:
    greets = clause in _GREETINGS or clause.rpartition(" ")[0] in _GREETINGS  # "hello again", "good evening sir"
    return greets or _ANSWERS.get(clause) in {"filler", "no"} or _THANKS.fullmatch(clause) is not None
