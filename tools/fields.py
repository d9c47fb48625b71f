"""The fields that a desk's rules may read: of players, of safety, of counters, and of the answers of READ tools.

A tool offers what its `response` declares, under the path that it names as `facts_as`. A tool that changes or decides
something is never offered: a rule that looked at its answer would need it to be called.
"""

import types
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from casino.bonus.limits import Period
from casino.fields.catalogue import Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.values import Value
from tools.tool import Kind, Tool


class _Of(NamedTuple):
    type: FieldType
    description: str
    integer: bool = False


# What a platform's answer about a player is mapped to (`tools.adapters.player_mapping`), and the player's id.
PLAYER: Final[Mapping[str, _Of]] = MappingProxyType(
    {
        "id": _Of(FieldType.TEXT, "the platform's id of the player"),
        "ngr": _Of(FieldType.NUMBER, "net gaming revenue so far, in the player's currency"),
        "tags": _Of(FieldType.TEXT_LIST, "tags that staff or systems have put on the player"),
        "badges": _Of(FieldType.TEXT_LIST, "badges that the player has earned, as verified or depositor"),
        "restrictions": _Of(FieldType.TEXT_LIST, "what the player may not have, as no_bonus"),
        "segments": _Of(FieldType.TEXT_LIST, "marketing segments that the player is in"),
        "category": _Of(FieldType.TEXT, "the player's category, as New, Regular or VIP"),
        "vipLevel": _Of(FieldType.TEXT, "the level in the VIP programme; null outside of it"),
        "status": _Of(FieldType.TEXT, "the state of the account, as active"),
        "lastDeposit": _Of(FieldType.NUMBER, "the amount of the last deposit, in the player's currency"),
        "lastDepositAt": _Of(FieldType.MOMENT, "when the last deposit arrived"),
        "daysSinceLastDeposit": _Of(FieldType.NUMBER, "whole days since the last deposit", integer=True),
        "totalDeposits": _Of(FieldType.NUMBER, "all deposits together, in the player's currency"),
        "depositCount": _Of(FieldType.NUMBER, "how many deposits there were", integer=True),
        "wantsBonus": _Of(FieldType.BOOLEAN, "whether the player has bonuses switched on"),
        "activeBonus": _Of(FieldType.BOOLEAN, "whether a bonus is live on the account"),
        "kycStatus": _Of(FieldType.TEXT, "how the identity check stands, as the player's account says"),
        "country": _Of(FieldType.TEXT, "the country, ISO 3166, as MT"),
        "jurisdiction": _Of(FieldType.TEXT, "whose law holds, where that is not the country's, ISO 3166, as CA-ON"),
        "currency": _Of(FieldType.TEXT, "the currency of the account, ISO 4217, as EUR"),
        "firstName": _Of(FieldType.TEXT, "the first name"),
        "balance": _Of(FieldType.NUMBER, "what is on the account in all, in the player's currency"),
    }
)
SAFETY: Final[Mapping[str, _Of]] = MappingProxyType(
    {
        "self_excluded": _Of(FieldType.BOOLEAN, "whether the player is self-excluded, here or in a register"),
        "cooling_off": _Of(FieldType.BOOLEAN, "whether the player takes a break"),
        "rg_closed": _Of(FieldType.BOOLEAN, "whether the account was closed for responsible gaming"),
        "blocked": _Of(FieldType.BOOLEAN, "whether the account is blocked"),
        "aml_hold": _Of(FieldType.BOOLEAN, "whether the account is held for money laundering checks"),
        "strong_harm": _Of(FieldType.BOOLEAN, "whether there are strong indicators of harm"),
        "age_years": _Of(FieldType.NUMBER, "completed years of age", integer=True),
    }
)
COUNTERS: Final[Mapping[str, _Of]] = MappingProxyType(
    {
        "lifetime_grants": _Of(FieldType.NUMBER, "bonuses that we ever granted to the player", integer=True),
        "live_bonuses": _Of(FieldType.NUMBER, "bonuses that are live or on their way", integer=True),
    }
)
# Of each configuration, below `counters.<its id>`: what its limits are weighed on.
COUNTERS_OF_EACH: Final[Mapping[str, _Of]] = MappingProxyType(
    {
        **{
            f"grants_{period}": _Of(
                FieldType.NUMBER,
                f"its grants to the player in this {period}" if period is not Period.LIFETIME else "its grants ever",
                integer=True,
            )
            for period in Period
        },
        "grants_in_cool_off": _Of(FieldType.NUMBER, "its grants to the player within its cool-off", integer=True),
        "campaign_grants": _Of(FieldType.NUMBER, "its grants to all players together", integer=True),
        "spent": _Of(FieldType.MONEY, "what its grants to all players cost together"),
    }
)
_ROOTS: Final = (
    ("player", PLAYER, Origin.BUILT_IN),
    ("safety", SAFETY, Origin.SAFETY),
    ("counters", COUNTERS, Origin.COUNTER),
)


def built_in_catalogue(tools: Mapping[str, Tool[Any]]) -> Catalogue:
    """Return the catalogue of a desk with these tools. It is open: a platform may send fields that nobody declared."""
    fields = {
        f"{root}.{name}": Field(f"{root}.{name}", of.type, origin, of.description, integer=of.integer)
        for root, known, origin in _ROOTS
        for name, of in known.items()
    }
    for tool in tools.values():
        fields |= {field.path: field for field in tool_fields(tool)}
    writing = frozenset(name for name, tool in tools.items() if tool.kind is not Kind.READ)
    return Catalogue(MappingProxyType(dict(sorted(fields.items()))), writing, closed=False)


def counters_of_each() -> tuple[Field, ...]:
    """Return the counters that every configuration has; `<configuration>` stands where its id does."""
    return tuple(
        Field(f"counters.<configuration>.{name}", of.type, Origin.COUNTER, of.description, integer=of.integer)
        for name, of in COUNTERS_OF_EACH.items()
    )


def tool_fields(tool: Tool[Any]) -> tuple[Field, ...]:
    """Return the fields of a READ tool's answer; none where no rule is to read it."""
    if tool.facts_as is None or tool.response is None:
        return ()
    return tuple(_fields(tool.response, tool.facts_as))


def _fields(model: type[BaseModel], path: str) -> Iterator[Field]:
    for name, info in model.model_fields.items():
        where = f"{path}.{info.alias or name}"
        kind = _without_none(info.annotation)
        inner = _model(kind)
        if inner is not None:
            yield from _fields(inner, where)
        elif (found := _type(kind)) is not None:
            words = info.description or name.replace("_", " ")
            yield Field(where, found, Origin.TOOL, words, values=_values(kind), integer=kind is int)


def _model(kind: object) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _without_none(annotation: object) -> object:
    """Return what stands there where something does: of `str | None` the `str`."""
    if get_origin(annotation) not in {Union, types.UnionType}:
        return annotation
    some = [one for one in get_args(annotation) if one is not types.NoneType]
    return some[0] if len(some) == 1 else annotation


_TYPES: Final[tuple[tuple[type, FieldType], ...]] = (  # in this order: a bool is an int, and a datetime is a date
    (bool, FieldType.BOOLEAN),
    (int, FieldType.NUMBER),
    (Decimal, FieldType.NUMBER),
    (datetime, FieldType.MOMENT),
    (date, FieldType.DATE),
    (str, FieldType.TEXT),
)


def _type(kind: object) -> FieldType | None:
    """Return the type that rules know for an annotation; None for what no rule can compare."""
    origin = get_origin(kind)
    if origin is Literal:
        return FieldType.TEXT
    if origin is list:
        return _type_of_list(get_args(kind)[0])
    if not isinstance(kind, type):
        return None
    return next((found for known, found in _TYPES if issubclass(kind, known)), None)


def _type_of_list(item: object) -> FieldType | None:
    if get_origin(item) is dict or _model(item) is not None:
        return FieldType.RECORD_LIST
    lists = {FieldType.TEXT: FieldType.TEXT_LIST, FieldType.NUMBER: FieldType.NUMBER_LIST}
    of = _type(item)
    return None if of is None else lists.get(of)


def _values(kind: object) -> tuple[Value, ...]:
    if get_origin(kind) is Literal:
        return tuple(value for value in get_args(kind) if isinstance(value, str))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(member.value for member in kind if isinstance(member.value, str))
    return ()


def tool_of(path: str, tools: Mapping[str, Tool[Any]]) -> str | None:
    """Return the name of the tool whose answer a field is, or None."""
    return next((name for name, tool in tools.items() if path in {field.path for field in tool_fields(tool)}), None)
