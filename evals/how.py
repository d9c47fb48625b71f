"""How the items of a run are played, in plain values that a worker is told. It imports nothing that plays."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from agent.settings import Settings
from casino.values import Document, Value
from evals.mutants.explained import KINDS
from evals.recording import Desk
from evals.run.price import FREE, Price, price_from
from evals.trial import Level

NAME: Final = "evals.player:opened"
Unknown: TypeAlias = Literal["sandbox", "fail"]  # what becomes at L2 of a call that was never recorded
# A model answers that may answer otherwise tomorrow.
LIVE: Final = frozenset({Level.MODEL, Level.LIVE, Level.SIMULATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How items are played, besides what each of them says."""

    level: Level
    controls: bool = False  # at L1
    unknown: Unknown = "sandbox"  # at L2
    attack: bool = False  # at L3: with what is planted
    kinds: tuple[str, ...] = KINDS  # of mutants, at L0
    price: Price = FREE
    judge: str | None = None  # the text of a calibration: a model judges the replies

    def arguments(self) -> dict[str, Value]:
        """Return it in plain values, as a worker is given it."""
        return {
            "level": self.level.value,
            "controls": self.controls,
            "unknown": self.unknown,
            "attack": self.attack,
            "kinds": [*self.kinds],
            "price": str(self.price),
            "judge": self.judge,
        }


def how_from(arguments: Document) -> How:
    """Return how items are played, as a worker was given it."""
    kinds, judge = arguments["kinds"], arguments["judge"]
    return How(
        level=Level(str(arguments["level"])),
        controls=arguments["controls"] is True,
        unknown=cast("Unknown", arguments["unknown"]),
        attack=arguments["attack"] is True,
        kinds=tuple(str(kind) for kind in kinds) if isinstance(kinds, list) else KINDS,
        price=price_from(str(arguments["price"])),
        judge=None if judge is None else str(judge),
    )


def desk_of(settings: Settings) -> Desk:
    """Return how the configured model is asked."""
    in_json = settings.model is not None and settings.model.tool_mode == "json"
    return Desk(json_mode=in_json, hold_order=settings.hold_order)
