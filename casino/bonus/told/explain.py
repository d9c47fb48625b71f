"""Why a decision came out as it did, in two styles. Deterministic: the same record gives the same text.

Both are for staff. What a player may hear stands apart, in `may_hear`, and comes from the released texts alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET
from casino.bonus.told.phrasing import NO_NAMES, field_name, found, needs, reward_text, subject
from casino.bonus.told.steps import Step, trace_of
from casino.rules.condition import literal
from casino.values import Document, Value


class Style(StrEnum):
    """Who reads it: people who look after players, or people who look after the rules."""

    CSM = "csm"
    ENGINEERING = "engineering"


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines under a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An explanation for staff, and what the player may hear of it."""

    style: Style
    parts: tuple[Part, ...]
    may_hear: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole explanation in plain lines; what the player may hear is not in it."""
        return "\n".join(line for part in self.parts for line in (part.heading, *(f"  {one}" for one in part.lines)))

    def to_document(self) -> dict[str, Value]:
        """Return it for a machine."""
        parts: list[Value] = [{"heading": part.heading, "lines": [*part.lines]} for part in self.parts]
        return {"style": self.style.value, "parts": parts, "may_hear": [*self.may_hear]}


def explain(record: Document, style: Style, names: Mapping[str, str] = NO_NAMES) -> Explanation:
    """Explain a decision from its record (`Decision.record()`); `names` holds a field's description by its path."""
    trace = trace_of(record)
    parts = _for_csm(record, trace, names) if style is Style.CSM else _for_engineering(record, trace)
    return Explanation(style=style, parts=tuple(part for part in parts if part.lines), may_hear=may_hear(record))


def may_hear(record: Document) -> tuple[str, ...]:
    """Return what the player may hear of a recorded decision: what `Decision.told` gave when it was made."""
    match record.get("status"):
        case "qualified":
            return ()
        case "vetoed":
            return (NO_BONUS,)
        case "unknown":
            return (NOT_KNOWN_YET,)
        case _:
            said = dict.fromkeys(text for one in _reasons(record) if isinstance(text := one["player_text"], str))
            return (*said,) or (NO_BONUS,)


def _reasons(record: Document) -> list[Document]:
    reasons = record.get("reasons")
    return [one for one in reasons if isinstance(one, dict)] if isinstance(reasons, list) else []


# ---- csm: no field paths, grouped by what the reader wants to know


def _for_csm(record: Document, trace: Step, names: Mapping[str, str]) -> Iterator[Part]:
    yield Part("What was decided", tuple(_decided(record)))
    against = tuple(_against(record, trace, names))
    qualified = record.get("status") == "qualified"
    heading = "What was tried before and did not fit" if qualified else "What stood against it"
    yield Part(heading, against or ("Nothing.",) if qualified else against)
    yield Part("What would have to change", () if qualified else tuple(_changes(record, trace, names)))


def _decided(record: Document) -> Iterator[str]:
    match record.get("status"):
        case "qualified":
            reward = record.get("reward")
            yield f"The player qualifies: {reward_text(reward if isinstance(reward, dict) else {})}."
            yield f'It comes from the configuration "{record.get("configuration")}", tier "{record.get("tier")}".'
        case "vetoed":
            yield "The player gets no bonus: a check that stands above every configuration says no."
        case "unknown":
            yield "Nothing could be decided: something that the answer hangs on is not known. This is not a no."
        case _:
            yield "The player does not qualify for a bonus."
    yield f"Decided for the brand {record.get('brand')}, at {record.get('now')}."


_SAFETY: Mapping[str, str] = MappingProxyType(
    {
        "safety.self_excluded": "self-excluded from gambling",
        "safety.cooling_off": "taking a break (cooling off)",
        "safety.rg_closed": "closed out for player protection",
        "safety.blocked": "blocked",
        "safety.aml_hold": "held for an anti-money-laundering review",
        "safety.strong_harm": "showing strong signs of gambling harm",
    }
)


def _safety_line(step: Step) -> str:
    path = step.path or ""
    if path not in _SAFETY:
        age = "The player's age" if path == "safety.age_years" else field_name(path)
        return f"{age} {needs(step)}; {found(step)}."
    if step.outcome == "fail":
        return f"The player is {_SAFETY[path]}."
    return f"Whether the player is {_SAFETY[path]} is not known ({found(step)}), and not known counts as yes."


def _against(record: Document, trace: Step, names: Mapping[str, str]) -> Iterator[str]:
    for safety in trace.all_of("safety"):
        yield from (_safety_line(step) for step in safety.conditions() if step.verdict != "yes")
    for configuration in trace.all_of("configuration"):
        for stage in configuration.children:
            yield from _stage_lines(configuration, stage, names)
    yield from (f"{_sentence(reason)}." for reason in _reasons(record) if reason.get("path") is None)


def _sentence(reason: Document) -> str:
    text = str(reason.get("text", ""))
    return f"{text[:1].upper()}{text[1:]}"


def _stage_lines(configuration: Step, stage: Step, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each condition that did not hold."""
    where = f"{configuration.label}, {_stage_name(stage)}"
    for step in stage.conditions():
        if step.verdict != "yes":
            yield f"{where}: {subject(step, names)} {needs(step)}; {found(step)}."


_STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "classification": "whom it is for",
        "qualification": "who qualifies",
        "limits": "how often it may be given",
    }
)


def _stage_name(stage: Step) -> str:
    return f'tier "{stage.label}"' if stage.kind == "tier" else _STAGE_NAMES.get(stage.kind, stage.kind)


def _changes(record: Document, trace: Step, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what would have to be otherwise, for each configuration on its own: one of them is enough."""
    vetoes = [step for safety in trace.all_of("safety") for step in safety.conditions() if step.verdict != "yes"]
    if vetoes:
        unknown = "" if all(step.outcome == "fail" for step in vetoes) else " What is not known has to be found out."
        yield f"Nothing that may be changed for a bonus: safety checks come first.{unknown}"
        return
    if any(law.verdict == "no" for law in trace.all_of("jurisdiction")):
        yield "The law of the player's place stands against this reward: only another one could be given."
        return
    if any(law.verdict == "unknown" for law in trace.all_of("jurisdiction")):
        yield "What the law of the player's place asks for has to be known first."
        return
    configurations = trace.all_of("configuration")
    for configuration in configurations:
        wanted = ["; and ".join(dict.fromkeys(_wanted(configuration, names)))]
        wanted += ["it needs a default tier, one without conditions"] if _none_fits(configuration) else []
        if any(wanted):
            yield f"For {configuration.label}: {'; or else '.join(filter(None, wanted))}."
    if not configurations:
        yield f"A configuration has to be published, and in force, for the brand {record.get('brand')}."


def _wanted(configuration: Step, names: Mapping[str, str]) -> Iterator[str]:
    tiers = configuration.all_of("tier")
    for stage in configuration.children:
        if stage.kind != "tier" or not any(tier.verdict == "yes" for tier in tiers):
            yield from (_wish(step, names) for step in stage.conditions() if step.verdict != "yes")


def _none_fits(configuration: Step) -> bool:
    """Tell whether the player came as far as the tiers, and none of them is theirs."""
    return all((stage.verdict == "no") is (stage.kind == "tier") for stage in configuration.children)


def _wish(step: Step, names: Mapping[str, str]) -> str:
    name = subject(step, names)
    if step.outcome == "unavailable":
        return f"{name} has to be readable again (it {needs(step)})"
    return f"{name} {needs(step)}"


# ---- engineering: paths, values, operators, stages, hashes


def _for_engineering(record: Document, trace: Step) -> Iterator[Part]:
    yield Part("Decision", tuple(_facts_of(record)))
    yield Part("Reasons", tuple(f"{reason.get('text')} [{reason.get('code')}]" for reason in _reasons(record)))
    yield Part("Trace", tuple(line for child in trace.children for line in _lines(child, depth=0)))
    unread = record.get("unavailable")
    yield Part("Unavailable", tuple(str(path) for path in unread) if isinstance(unread, list) else ())


def _facts_of(record: Document) -> Iterator[str]:
    for key in ("status", "brand", "now", "legal_age", "configuration", "configuration_hash", "tier", "set", "packs"):
        if record.get(key) is not None:
            yield f"{key}: {record[key]}"
    if isinstance(reward := record.get("reward"), dict):
        yield f"reward: {', '.join(f'{name} {literal(value)}' for name, value in reward.items())}"
    in_force = record.get("in_force")
    for one in in_force if isinstance(in_force, list) else ():
        if isinstance(one, dict):
            yield f"in force: {one.get('id')} {one.get('hash')}"


_MARKS: Mapping[str, str] = MappingProxyType({"yes": "yes    ", "no": "no     ", "unknown": "unknown"})


def _lines(step: Step, *, depth: int) -> Iterable[str]:
    margin = f"{_MARKS.get(step.verdict, 'unknown')} {'  ' * depth}"
    if step.kind == "condition":
        return [f"{margin}{step.label}: {_resolved(step)}"]
    name = step.label if step.label.startswith(step.kind) else f"{step.kind} {step.label}"
    return [f"{margin}{name}", *(line for child in step.children for line in _lines(child, depth=depth + 1))]


def _resolved(step: Step) -> str:
    """Return the value as it was resolved, the outcome where it is not plain, and how a computed field came about."""
    unseen = step.outcome in {"missing", "unavailable"}
    value = [] if unseen else [literal(step.actual)]
    measured = [] if step.measured is None else [f"measured {literal(step.measured)}"]
    outcome = (
        [str(step.outcome).replace("_", " ")] if step.outcome in {"missing", "unavailable", "type_mismatch"} else []
    )
    computed = [] if step.expression is None else [f"computed as {step.expression}"]
    source = [f"from {step.source}"] if step.source not in {None, "safety", "computed"} else []
    return ", ".join([*value, *measured, *outcome, *computed, *source])
