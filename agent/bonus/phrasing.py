"""A language model phrases an explanation; code holds every number and name in it against the trace, or refuses it."""

import re
from dataclasses import dataclass
from typing import Final

from agent.incoming import clean
from agent.model.fallback import FallbackModel
from agent.model.port import Model, ModelDown, Prompt, Request, Said, Situation
from agent.outgoing.check import untrue_values
from agent.prompts import Prompts
from casino.bonus.told.explain import Explanation, Style
from casino.document import dump_json
from casino.rules.condition import iso_moment
from casino.values import Document

READERS: Final = {Style.CSM: "a customer success manager", Style.ENGINEERING: "an engineer"}


@dataclass(frozen=True, slots=True)
class Phrased:
    """The text that stands: the model's, or the deterministic one and why the model's was refused."""

    text: str
    model: str
    refused: str | None = None


async def phrase(explanation: Explanation, record: Document, *, model: Model, prompts: Prompts, json: bool) -> Phrased:
    """Let a model phrase an explanation. What was decided stands above its words as it was; the rest is checked."""
    asked = model.first if isinstance(model, FallbackModel) else model  # a policy model has no words for this
    decided = explanation.parts[0]
    try:
        answer = await asked.propose(_request(explanation, record, prompts, json=json))
    except ModelDown as error:
        return Phrased(explanation.text, asked.name, str(error))
    text = clean(answer.text or "").text.strip()
    wrong = refusal(text, explanation, record)
    if wrong is not None:
        return Phrased(explanation.text, asked.name, wrong)
    return Phrased("\n".join([*decided.lines, "", text]), asked.name)


def _request(explanation: Explanation, record: Document, prompts: Prompts, *, json: bool) -> Request:
    head = prompts.render("explain/phrase.j2", {"reader": READERS[explanation.style], "json_mode": json})
    turns = (Said("player", explanation.text),)
    moment = iso_moment(str(record.get("now")))
    if moment is None:
        raise ValueError("the record of a decision holds the moment at which it was made")
    situation = Situation(
        brand=str(record.get("brand")),
        category="",
        steps=False,
        phase="converse",
        next_action=None,
        asked_for_human=False,
        missing=(),
        verifier=None,
        escalation=None,
        legal={},
        facts={},
        today=moment.date(),
        turns=turns,
        this_turn=turns,
    )
    return Request(
        prompt=Prompt(head=head, turns=turns, note="Rewrite it.", actions=(), may_reply=True), situation=situation
    )


def refusal(text: str, explanation: Explanation, record: Document) -> str | None:
    """Return why a model's text may not stand: a number or name that is not in the trace, or a decision turned round.

    Numbers are read in digits and in words. A name is what stands in quotes, what has an underscore, and every word
    with a capital that neither begins a sentence as a plain English word nor occurs in the explanation or the record.
    """
    if not text:
        return "the model said nothing"
    known = f"{explanation.text}\n{dump_json(record)}"
    untrue = (*untrue_values(text, [explanation.text, dict(record)]), *_unknown_names(text, known))
    if untrue:
        return f"not in the trace: {', '.join(dict.fromkeys(untrue))}"
    if _turned_round(text, str(record.get("status"))):
        return f"it does not say what was decided ({record.get('status')})"
    return None


_QUOTED: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘`]([^'‘’`]+)['’`](?!\w)")  # noqa: RUF001  # quotation marks
_CAPITAL: Final = re.compile(r"(?<![\w'’])[^\W\d_a-zß-öø-ÿ][\w'’-]*")  # noqa: RUF001  # an apostrophe
_SENTENCE_END: Final = frozenset(".!?:\n")
_PLAIN: Final = frozenset(
    {"a", "all", "although", "an", "and", "any", "as", "at", "because", "before", "being", "both", "but", "by"}
    | {"checks", "currently", "despite", "either", "even", "every", "everything", "first", "for", "from", "having"}
    | {"here", "however", "i", "if", "in", "instead", "it", "its", "nobody", "no", "none", "not", "nothing", "of", "on"}
    | {"once", "one", "only", "other", "otherwise", "overall", "please", "rather", "since", "so", "some", "still"}
    | {"that", "the", "their", "then", "there", "therefore", "these", "they", "this", "those", "though", "to", "two"}
    | {
        "under",
        "unfortunately",
        "unless",
        "until",
        "we",
        "what",
        "when",
        "whether",
        "which",
        "while",
        "with",
        "without",
    }
    | {
        "you",
        "your",
        "safety",
        "also",
        "after",
        "again",
        "to",
        "who",
        "whom",
        "whose",
        "why",
        "how",
        "both",
        "he",
        "she",
    }
)


_MONTHS: Final = frozenset(  # a date is checked as a whole
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"}
    | {"december"}
)


def _unknown_names(text: str, known: str) -> list[str]:
    quoted = ["".join(match.groups("")).strip(" .,!?") for match in _QUOTED.finditer(text)]
    unknown = [name for name in quoted if name and name not in known]
    said = set(re.findall(r"\w+", known.casefold()))
    for match in _CAPITAL.finditer(text):
        words = re.findall(r"\w+", match.group().removesuffix("'s").removesuffix("’s").casefold())  # noqa: RUF001  # an apostrophe
        plain = _begins_a_sentence(text, match.start()) and words[0] in _PLAIN
        if not plain and not (said | _MONTHS | {"i"}).issuperset(words):
            unknown.append(match.group())
    return unknown


def _begins_a_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'“‘(")  # noqa: RUF001  # quotation marks
    return not before or before[-1] in _SENTENCE_END


_SAYS_YES: Final = re.compile(
    r"\b(?:qualifies|is eligible|has qualified|gets a|receives|will (?:get|receive))\b", re.IGNORECASE
)
_SAYS_NO: Final = re.compile(
    r"\b(?:does not|doesn['’]t|did not|didn['’]t|cannot|can['’]t) (?:currently )?(?:qualify|get|receive)"  # noqa: RUF001  # apostrophes
    r"|\b(?:is not|isn['’]t|not) (?:currently )?eligible|\bno bonus\b",  # noqa: RUF001  # the same
    re.IGNORECASE,
)
_UNDER_CONDITION: Final = re.compile(r"\b(?:if|unless|once|when|would|who|whether|nobody|no|not|only)\b", re.IGNORECASE)


def _turned_round(text: str, status: str) -> bool:
    """Tell whether a sentence says yes where the decision is none, or no where it is a yes or unknown."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if status == "qualified":
        return any(_SAYS_NO.search(sentence) for sentence in sentences)
    yes = any(_SAYS_YES.search(one) and not _UNDER_CONDITION.search(one) for one in sentences)
    return yes or (status == "unknown" and any(_SAYS_NO.search(sentence) for sentence in sentences))
