"""What a player may get: the four reward types, and the fields that a qualification result carries for each."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field

from casino.loaded import Loaded, Path
from casino.nearest import did_you_mean
from casino.shape import AboveZero, AtLeastZero, Shape, named, shape, spelt
from casino.values import Value


class RewardType(StrEnum):
    """The types, spelt as in a configuration and as in `rewardType`."""

    STANDARD = "standard"
    BOOSTED = "boosted"
    PREMIUM = "premium"
    CASH = "cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Free spins at minimum bet value; `wager` is how many times winnings are to be wagered."""

    spins_count: int
    game: str | None  # None: on every game of the provider
    game_provider: str
    wager: int | Decimal

    def result_fields(self) -> dict[str, Value]:
        """Return the fields of a qualification result."""
        return {
            "rewardType": RewardType.STANDARD.value,
            "spinsCount": self.spins_count,
            "game": self.game,
            "gameProvider": self.game_provider,
            "wager": self.wager,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted:
    """Free spins with a fixed bet value, from a template."""

    template_name: str  # as in the back office, which says how many spins; case-sensitive
    value_per_spin_description: str

    def result_fields(self) -> dict[str, Value]:
        """Return the fields of a qualification result."""
        return _template_fields(RewardType.BOOSTED, self.template_name, self.value_per_spin_description)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """Free spins with higher bet values and lower wagering, from a template."""

    template_name: str  # as in the back office, which says how many spins; case-sensitive
    value_per_spin_description: str

    def result_fields(self) -> dict[str, Value]:
        """Return the fields of a qualification result."""
        return _template_fields(RewardType.PREMIUM, self.template_name, self.value_per_spin_description)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """An amount of cash in the player's currency, or a number of free spins."""

    amount: int | Decimal
    amount_type: Literal["cash", "free_spins"]
    name: str
    description: str
    wager: int | Decimal

    def result_fields(self) -> dict[str, Value]:
        """Return the fields of a qualification result."""
        return {
            "rewardType": RewardType.CASH.value,
            "amount": self.amount,
            "amountType": self.amount_type,
            "name": self.name,
            "description": self.description,
            "wager": self.wager,
        }


Reward: TypeAlias = Standard | Boosted | Premium | Cash


def _template_fields(kind: RewardType, template_name: str, value_per_spin_description: str) -> dict[str, Value]:
    return {
        "rewardType": kind.value,
        "templateName": template_name,
        "valuePerSpinDescription": value_per_spin_description,
    }


_Text: TypeAlias = Annotated[str, Field(min_length=1)]


class _StandardShape(Shape):
    type: str
    spins_count: int = Field(alias="spinsCount", gt=0)
    game: _Text | None = None
    game_provider: _Text = Field(alias="gameProvider")
    wager: AtLeastZero


class _TemplatedShape(Shape):
    type: str
    template_name: _Text = Field(alias="templateName")
    value_per_spin_description: _Text = Field(alias="valuePerSpinDescription")


class _CashShape(Shape):
    type: str
    amount: AboveZero
    amount_type: Literal["cash", "free_spins"] = Field(alias="amountType")
    name: _Text
    description: _Text
    wager: AtLeastZero


def parse_reward(loaded: Loaded, path: Path) -> Reward:
    """Read the reward at a path of a configuration; raises DocumentError."""
    type_ = _type(loaded, path)
    match type_:
        case RewardType.STANDARD:
            return _standard(shape(_StandardShape, loaded, path))
        case RewardType.BOOSTED:
            read = shape(_TemplatedShape, loaded, path)
            return Boosted(template_name=read.template_name, value_per_spin_description=read.value_per_spin_description)
        case RewardType.PREMIUM:
            read = shape(_TemplatedShape, loaded, path)
            return Premium(template_name=read.template_name, value_per_spin_description=read.value_per_spin_description)
        case RewardType.CASH:
            return _cash(shape(_CashShape, loaded, path), loaded, path)
        case _:
            assert_never(type_)


def _type(loaded: Loaded, path: Path) -> RewardType:
    value = loaded.at(path)
    types = [kind.value for kind in RewardType]
    if not isinstance(value, dict):
        message = f"{spelt(path)} must be a mapping, but is {named(value)}"
        raise loaded.error(path, message, "Write the type and its fields, as {type: premium, templateName: …}.")
    written = value.get("type")
    if not isinstance(written, str):
        raise loaded.error(path, f'{spelt(path)} needs the key "type"', f"Write one of {', '.join(types)}.")
    if written not in types:
        raise loaded.error((*path, "type"), f'"{written}" is not a reward type', did_you_mean(written, types))
    return RewardType(written)


def _standard(read: _StandardShape) -> Standard:
    return Standard(spins_count=read.spins_count, game=read.game, game_provider=read.game_provider, wager=read.wager)


def _cash(read: _CashShape, loaded: Loaded, path: Path) -> Cash:
    if read.amount_type == "free_spins" and not isinstance(read.amount, int):
        raise loaded.error((*path, "amount"), "free spins are counted in whole numbers", "Write a whole number.")
    return Cash(
        amount=read.amount,
        amount_type=read.amount_type,
        name=read.name,
        description=read.description,
        wager=read.wager,
    )
