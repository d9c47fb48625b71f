"""From the platform's JSON to a `Player`: one table, shared by the HTTP adapter and the one in memory."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from casino.values import Document, Value
from tools.ports import Player, ResponsibleGaming, Unavailable

# What rules and procedures read as `player.<slug>`, and where the platform says it.
# A key that is absent stays absent, a null stays null (also where it stands further up): rules tell them apart.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "ngr": ("kpi", "ngr"),
    "tags": ("tags",),
    "badges": ("badges",),
    "restrictions": ("restrictions",),
    "segments": ("segments",),
    "category": ("category",),
    "vipLevel": ("vip_level",),
    "status": ("status",),
    "lastDeposit": ("kpi", "last_deposit"),
    "lastDepositAt": ("kpi", "last_deposit_at"),
    "totalDeposits": ("kpi", "ltd"),
    "depositCount": ("kpi", "deposit_count"),
    "wantsBonus": ("settings", "want_bonus"),
    "activeBonus": ("kpi", "active_bonus"),
    "kycStatus": ("kyc_status",),
    "country": ("country",),
    "jurisdiction": ("jurisdiction",),
    "currency": ("currency",),
    "firstName": ("first_name",),
    "balance": ("balances", "total"),
}
LAST_DEPOSIT_AT = ("kpi", "last_deposit_at")
DAYS_SINCE_LAST_DEPOSIT = "daysSinceLastDeposit"


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


class PlayerJson(BaseModel):
    """What a player cannot do without. A platform may add keys on any day, so others are left alone."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)

    id: str
    brand: str
    email: str
    country: str
    currency: str
    phone: str | None = None
    first_name: str | None = None
    date_of_birth: Annotated[date | None, BeforeValidator(_day)] = None


def player_from_json(document: Document, *, now: datetime) -> Player:
    """Return the player. Raises Unavailable where the document cannot be read: a guess could let somebody through."""
    try:
        known = PlayerJson.model_validate(dict(document))
        fields = _fields(document, now)
    except ValidationError as error:
        places = ", ".join(
            f"`{'.'.join(str(step) for step in line['loc'])}` ({line['type']})" for line in error.errors()
        )
        raise Unavailable(f"the platform's answer about a player cannot be read: {places}") from None
    return Player(
        id=known.id,
        brand=known.brand,
        email=known.email,
        phone=known.phone,
        date_of_birth=known.date_of_birth,
        first_name=known.first_name or "",
        country=known.country,
        currency=known.currency,
        fields=fields,
        blocked=flag(document, "blocked"),
        aml_hold=flag(document, "aml_hold"),
    )


def gaming_from_json(document: Document) -> ResponsibleGaming:
    """Return the player-protection state."""
    return ResponsibleGaming(
        self_excluded=flag(document, "self_excluded"),
        cooling_off=flag(document, "cooling_off"),
        rg_closed=flag(document, "rg_closed"),
        strong_harm=flag(document, "strong_harm"),
    )


def flag(document: Document, name: str) -> bool | None:
    """Return a yes or no. Whatever else stands there (nothing, 0, "no") counts as not said, and so vetoes."""
    value = document.get(name)
    return value if isinstance(value, bool) else None


def documents(value: Value) -> Sequence[Document]:
    """Return a JSON list of objects; Unavailable where it is something else."""
    if not isinstance(value, list):
        raise Unavailable("the platform's answer cannot be read: a list was expected")
    found = [item for item in value if isinstance(item, dict)]
    if len(found) < len(value):
        raise Unavailable("the platform's answer cannot be read: a list of objects was expected")
    return found


def _fields(document: Document, now: datetime) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for slug, path in FIELDS.items():
        with suppress(KeyError):
            fields[slug] = _look(document, path)
    with suppress(KeyError):
        fields[DAYS_SINCE_LAST_DEPOSIT] = _days_since(_look(document, LAST_DEPOSIT_AT), now)
    return fields


def _look(document: Document, path: tuple[str, ...]) -> Value:
    """Return the value at a path, None where a null stands on the way; KeyError where it is absent."""
    value: Value = dict(document)
    for step in path:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise KeyError(step)
        value = value[step]
    return value


def _days_since(moment: Value, now: datetime) -> int | None:
    """Return the whole days of 24 hours between a time with its zone and now."""
    if moment is None:
        return None
    try:
        at = datetime.fromisoformat(str(moment))
    except ValueError:
        raise Unavailable(f"the platform's answer cannot be read: `{'.'.join(LAST_DEPOSIT_AT)}` is no time") from None
    if at.tzinfo is None:
        raise Unavailable(f"the platform's answer cannot be read: `{'.'.join(LAST_DEPOSIT_AT)}` has no zone")
    return (now - at).days
