"""Limits as written: `limits: {per_player: [{count: 1, period: week}], cool_off: 72 hours}`."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from casino.bonus.limits import Limits, Period, PlayerLimit
from casino.loaded import Loaded, Path
from casino.money import Money
from casino.nearest import did_you_mean
from casino.rules.right_side import right_side
from casino.rules.tokens import Cursor, RuleSyntaxError, tokens
from casino.shape import Shape, named, shape, spelt

_DURATION = re.compile(r"(?P<count>[1-9][0-9]{0,5}) (?P<unit>minutes|hours|days)")
_LONGEST = timedelta(days=36_525)  # 100 years
_ALMOST = re.compile(r"\s*(?P<count>[0-9]+)\s*(?P<unit>minute|hour|day)s?\s*", re.IGNORECASE)


class _LimitsShape(Shape):
    per_player: list[object] = Field(default_factory=list[object])
    campaign: object = None
    cool_off: str | None = None
    one_live_bonus: bool = False


class _PlayerLimitShape(Shape):
    count: Annotated[int, Field(ge=1)]
    period: str


class _CampaignShape(Shape):
    count: Annotated[int, Field(ge=1)] | None = None
    budget: object = None


def limits_at(loaded: Loaded, path: Path) -> Limits:
    """Read the limits at a path; raises DocumentError."""
    read = shape(_LimitsShape, loaded, path)
    campaign_path = (*path, "campaign")
    campaign = _CampaignShape() if read.campaign is None else shape(_CampaignShape, loaded, campaign_path)
    return Limits(
        per_player=_per_player(loaded, (*path, "per_player"), len(read.per_player)),
        campaign_count=campaign.count,
        campaign_budget=_budget(loaded, (*campaign_path, "budget"), campaign.budget),
        cool_off=_duration(loaded, (*path, "cool_off"), read.cool_off),
        one_live_bonus=read.one_live_bonus,
    )


def _per_player(loaded: Loaded, path: Path, length: int) -> tuple[PlayerLimit, ...]:
    found: dict[Period, PlayerLimit] = {}
    for index in range(length):
        where = (*path, index)
        read = shape(_PlayerLimitShape, loaded, where)
        period = _period(loaded, (*where, "period"), read.period)
        if period in found:
            raise loaded.error((*where, "period"), f"two limits count by the {period}", "Keep the smaller one.")
        found[period] = PlayerLimit(read.count, period)
    return tuple(found[period] for period in Period if period in found)


def _period(loaded: Loaded, path: Path, written: str) -> Period:
    for period in Period:
        if period == written:
            return period
    raise loaded.error(path, f'"{written}" is not a period', did_you_mean(written, Period))


def _budget(loaded: Loaded, path: Path, written: object) -> Money | None:
    if written is None:
        return None
    amount = written if isinstance(written, int | Decimal) and not isinstance(written, bool) else 5000
    mend = f"Write an amount and its currency, as {amount} EUR."
    if not isinstance(written, str):
        raise loaded.error(path, f"{spelt(path)} must be money, but is {named(loaded.at(path))}", mend)
    try:
        cursor = Cursor(tokens(written))
        money = right_side(cursor)
    except RuleSyntaxError as error:
        raise loaded.error(path, error.message, error.mend) from error
    if not isinstance(money, Money) or cursor.next.kind != "end" or money.minor <= 0:
        raise loaded.error(path, f'"{written}" is not an amount of money above 0', mend)
    return money


def _duration(loaded: Loaded, path: Path, written: str | None) -> timedelta | None:
    if written is None:
        return None
    found = _DURATION.fullmatch(written)
    if found is not None:
        length = timedelta(**{found["unit"]: int(found["count"])})
        if length > _LONGEST:
            message = f'{spelt(path)} is longer than 100 years: "{written}"'
            raise loaded.error(path, message, "Limit the grants per lifetime, if there is to be one and no more.")
        return length
    almost = _ALMOST.fullmatch(written)
    mend = "Write it as 72 hours or 3 days."
    if almost is not None and int(almost["count"]) > 0:
        mend = f'Did you mean "{int(almost["count"])} {almost["unit"].casefold()}s"?'
    raise loaded.error(path, f'{spelt(path)} is not a duration: "{written}"', mend)
