"""The keys of a configuration file, and its conditions in both forms."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from casino.loaded import Loaded, Path
from casino.rules.condition import Condition, flaw, iso_moment
from casino.rules.parse import known_operator, parse_condition
from casino.rules.tokens import RuleSyntaxError
from casino.shape import Shape, named, shape, spelt

_Text: TypeAlias = Annotated[str, Field(min_length=1)]


class ConfigurationShape(Shape):
    """One configuration, as written; conditions, tiers and moments are read on their own."""

    id: Annotated[str, Field(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\z", max_length=64)]
    name: _Text
    brands: list[_Text] = Field(default_factory=list[_Text])
    priority: int
    status: Literal["draft", "published", "archived"] = "draft"
    segmentation: list[object] = Field(default_factory=list[object])
    qualification: list[object] = Field(default_factory=list[object])
    tiers: list[object] = Field(default_factory=list[object])
    comment: _Text | None = None
    on_unqualified: Literal["continue", "stop"] = "continue"
    effective_from: str | None = None
    effective_until: str | None = None


class TierShape(Shape):
    """One tier, as written."""

    name: _Text
    priority: int
    when: list[object] = Field(default_factory=list[object])
    reward: object


class ConditionShape(Shape):
    """One condition in the structured form."""

    field: str
    operator: str
    value: object
    on_missing: Literal["fail", "pass"] = "fail"
    say: _Text | None = None
    hear: Literal["player", "staff"] = "staff"


def moment_at(loaded: Loaded, key: str) -> datetime | None:
    """Read a time stamp of the top level; None where the key is absent or empty."""
    written = loaded.value.get(key) if isinstance(loaded.value, dict) else None
    if not isinstance(written, str):
        return None
    moment = iso_moment(written)
    if moment is None:
        mend = "Write it with its offset, as 2026-01-31T00:00:00Z."
        raise loaded.error((key,), f'"{written}" is not a moment', mend)
    return moment


def condition_at(loaded: Loaded, path: Path) -> Condition:
    """Read the condition at a path, in the text form or the structured one; raises DocumentError."""
    written = loaded.at(path)
    if isinstance(written, dict):
        return _structured(loaded, path)
    if not isinstance(written, str):
        message = f"{spelt(path)} must be a condition, but is {named(written)}"
        raise loaded.error(path, message, "Write it as in: player.ngr > 0")
    try:
        return parse_condition(written)
    except RuleSyntaxError as error:
        raise loaded.error(path, error.message, error.mend, shift=error.offset) from error


def _structured(loaded: Loaded, path: Path) -> Condition:
    read = shape(ConditionShape, loaded, path)
    try:
        operator = known_operator(read.operator, 0)
    except RuleSyntaxError as error:
        raise loaded.error((*path, "operator"), error.message, error.mend) from error
    expected = loaded.at((*path, "value"))
    condition = Condition(read.field, operator, expected, read.on_missing, read.hear, read.say)
    found = flaw(condition)
    if found is not None:
        raise loaded.error(path, found.message, found.mend)
    _check_hearing(condition, loaded, path)
    return condition


def _check_hearing(condition: Condition, loaded: Loaded, path: Path) -> None:
    if condition.hear == "staff" and condition.say is None:
        return
    if condition.path.startswith("safety."):
        raise loaded.error(path, "a player never hears about a safety fact", 'Take "say" and "hear" out.')
    if condition.say is None:
        raise loaded.error(path, "the player may hear this reason, but there is no text for it", 'Add "say".')
    if condition.hear == "staff":
        raise loaded.error(path, 'there is a text for the player, but "hear" is staff', 'Add "hear: player".')
