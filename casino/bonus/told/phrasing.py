"""How conditions and rewards are said to people who know no field paths. Deterministic: no model is involved."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from casino.bonus.told.steps import Step
from casino.rules.condition import iso_date, iso_moment
from casino.values import Document, Value

NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})  # a field's description, by path
MOST_SAID = 6  # values of one list; the record holds the rest

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BUCKET = re.compile(r"bucket '(.*)' of ", re.DOTALL)
_LISTS = frozenset({"contains", "contains any of", "contains all of", "does not contain any of"})
_NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "==": "has to be {}",
        "!=": "must not be {}",
        ">": "has to be more than {}",
        ">=": "has to be at least {}",
        "<": "has to be less than {}",
        "<=": "has to be at most {}",
        "is_in": "has to be one of {}",
        "contains": "has to include {}",
        "contains any of": "has to include at least one of {}",
        "contains all of": "has to include all of {}",
        "does not contain any of": "must not include any of {}",
    }
)
_IN_TIME: Mapping[str, str] = MappingProxyType(
    {
        ">": "has to be after {}",
        ">=": "must not be before {}",
        "<": "has to be before {}",
        "<=": "must not be after {}",
    }
)


def field_name(path: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """Name a field for people: by the first words of its description where there is one, else by its last step."""
    described = re.split(r"[,;(.]", names.get(path, ""), maxsplit=1)[0].strip()
    if described:
        return f"{described[:1].upper()}{described[1:]}"
    steps = path.split(".")
    words = _HUMP.sub(" ", steps[-1]).replace("_", " ").lower()
    if steps[0] == "tools" and len(steps) > 2:  # noqa: PLR2004  # tools.<source>.<key>
        words = f"{steps[1].replace('_', ' ')} {words}"
    if steps[0] == "counters":
        words = f"number counted as {words}"
    return f"{words[:1].upper()}{words[1:]}"


def subject(step: Step, names: Mapping[str, str] = NO_NAMES) -> str:
    """Name what a condition compares: the field, the time since it, or the hold-out draw."""
    name = field_name(step.path or "", names)
    if (draw := _BUCKET.fullmatch(step.measure)) is not None:
        return f'Hold-out draw "{draw[1]}"'
    when = name.removeprefix("When ")
    if step.measure:
        return f"The number of {step.measure}{when[:1].lower()}{when[1:]}"
    return name if when == name else f"The time when {when}"


def needs(step: Step) -> str:
    """Say what a condition asks for: "has to be at least 500"."""
    operator = step.operator or "=="
    pattern = (_IN_TIME if _is_time(step.expected) else _NEEDS).get(operator, _NEEDS.get(operator, f"{operator} {{}}"))
    return pattern.format(said(step.expected))


def _is_time(value: Value) -> bool:
    if isinstance(value, dict):
        return not value.keys().isdisjoint({"now", "today"})
    return isinstance(value, str) and (iso_date(value) is not None or iso_moment(value) is not None)


def found(step: Step) -> str:
    """Say what was there instead: "it is 120"."""
    match step.outcome:
        case "missing":
            return "nothing is known about it"
        case "null":
            return "it is on file, but empty"
        case "type_mismatch":
            return f"what is on file ({said(step.actual)}) is of another kind and cannot be compared"
        case "unavailable" if (step.path or "").startswith("counters."):
            return "nobody supplied it"
        case "unavailable":
            return "the system that knows it did not answer"
        case _:
            return _it_is(step)


def _it_is(step: Step) -> str:
    if step.measured is not None:
        return f"it is {said(step.measured)}"
    if step.operator not in _LISTS:
        return f"it is {said(step.actual)}"
    return "there is none" if step.actual == [] else f"there is {said(step.actual)}"


def said(value: Value) -> str:
    """Write a value for people: no quotes round numbers, yes and no, lists in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return str(int(value)) if value == int(value) else f"{value:f}".rstrip("0")
        case str():
            return value if _is_time(value) else f'"{value}"'
        case list():
            return _listed([said(item) for item in value])
        case _:
            return _mapped(value)


def _listed(items: list[str]) -> str:
    if len(items) > MOST_SAID:
        return f"{', '.join(items[:MOST_SAID])} and {len(items) - MOST_SAID} more"
    return ", ".join(items) if items else "nothing"


def _mapped(value: Document) -> str:
    if set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    for anchor, name in (("now", "the moment of the decision"), ("today", "the day of the decision")):
        if isinstance(shift := value.get(anchor), dict):
            return _shifted(name, shift)
    return ", ".join(f"{key} {said(item)}" for key, item in value.items())


def _shifted(name: str, shift: Document) -> str:
    for unit, count in shift.items():
        if isinstance(count, int) and count != 0:
            return f"{abs(count)} {unit} {'before' if count < 0 else 'after'} {name}"
    return name


def reward_text(reward: Document) -> str:
    """Say what a player gets, from the fields of a reward."""
    match reward.get("rewardType"):
        case "standard":
            game = f" on {reward['game']}" if reward.get("game") is not None else ""
            return f"{reward['spinsCount']} free spins{game} ({reward['gameProvider']}), wagering {reward['wager']}x"
        case "cash":
            what = "free spins" if reward["amountType"] == "free_spins" else "in cash"
            return f"{reward['name']}: {reward['amount']} {what} ({reward['description']}), wagering {reward['wager']}x"
        case kind:
            return (
                f"{kind} free spins from the template {reward.get('templateName')}, "
                f"value per spin {reward.get('valuePerSpinDescription')}"
            )
