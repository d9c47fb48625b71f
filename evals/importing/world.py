"""The world of a live ticket, rebuilt from what its tools read and from nothing else. What is not on record is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from casino.clock import age_years, earliest_day
from casino.values import Document, Value
from evals.whole import Whole, established
from tools.ledger import Effect, EffectState
from tools.ports import StoredDecision
from tools.record import Entry, Kind
from tools.world import VERIFIED

NO_COUNTRY: Final = "ZZ"  # ISO 3166 leaves it to its users
NO_CURRENCY: Final = "XXX"  # ISO 4217: no currency
NO_EMAIL: Final = "unknown@example.invalid"
OTHER_BRAND: Final = "another-brand"
_VERIFY, _ISSUE = "verify_player_identity", "issue_bonus"
# Where the platform says what rules read as `player.<slug>`; a test holds it against the adapters' own table.
PATHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
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
)
_SAFETY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{name: (name,) for name in ("blocked", "aml_hold")},
        **{name: ("responsible_gaming", name) for name in ("self_excluded", "cooling_off", "rg_closed", "strong_harm")},
    }
)
_READS: Final[Mapping[str, str]] = MappingProxyType(
    {
        _VERIFY: "players",
        "player_profile": "player",
        "player_balance": "player",
        "deposit_history": "deposits",
        "kyc_status": "kyc",
    }
)
# The sources of a decision, by the words that it could not read; the first that fits counts.
_SOURCES: Final[tuple[tuple[str, str], ...]] = (
    ("tools.kyc", "kyc"),
    ("player.deposits", "deposits"),
    *(
        (f"safety.{name}", "responsible_gaming")
        for name in ("self_excluded", "cooling_off", "rg_closed", "strong_harm")
    ),
    ("safety", "player"),
    ("player", "player"),
)
_EFFECTS: Final[Mapping[str, str]] = MappingProxyType({_ISSUE: "bonus", "send_external_message": "messages"})
_NEWEST: Final = 5  # deposits that `deposit_history` shows


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """A world document, and what could not be told from the record."""

    players: dict[str, dict[str, Value]] = field(default_factory=dict[str, dict[str, Value]])
    templates: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    faults: dict[str, Value] = field(default_factory=dict[str, Value])
    answered: set[str] = field(default_factory=set[str])  # operations that worked
    notes: list[str] = field(default_factory=list[str])

    def document(self) -> dict[str, Value]:
        """Return the world as it stands in a ticket."""
        parts: dict[str, Value] = {
            "players": [dict(one) for one in self.players.values()],
            "templates": dict(self.templates),
            "faults": dict(self.faults),
        }
        return {name: part for name, part in parts.items() if part}


def rebuilt(whole: Whole, *, brand: str) -> Rebuilt:
    """Rebuild the world of a ticket."""
    world = Rebuilt()
    for fact in established(whole.entries, VERIFIED):
        world.players.setdefault(str(fact["player_id"]), {"id": str(fact["player_id"]), "brand": brand})
    for decision in whole.decisions.values():
        _decided(world, decision)
    for call, result in _calls(whole.entries):
        _called(world, call, result, _player_at(whole.entries, result.seq))
    for effect in whole.effects:
        _done(world, effect, brand)
    _signed_in(world, whole.entries)
    for operation in sorted(world.answered & world.faults.keys()):
        world.notes.append(f"`{operation}` failed and answered on the same ticket; a fault lasts for the whole chat")
    for player in world.players.values():
        _complete(world, player)
    if any(entry.kind == Kind.APPROVAL_ASKED for entry in whole.entries):
        world.notes.append("an approval was asked for; in a replay nobody decides")
    return world


def _calls(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield each call with its newest result."""
    results = {str(one.body["id"]): one for one in entries if one.kind == Kind.TOOL_RESULT}
    for one in entries:
        if one.kind == Kind.TOOL_CALL and (result := results.get(str(one.body["id"]))) is not None:
            yield one, result


def _player_at(entries: Sequence[Entry], seq: int) -> str | None:
    """Return who is verified once an entry is written."""
    facts = [*established([one for one in entries if one.seq <= seq], VERIFIED)]
    return str(facts[-1]["player_id"]) if facts else None


def _decided(world: Rebuilt, decision: StoredDecision) -> None:
    """Take what a decision has read; the first one read the world as it was."""
    read = decision.record.get("read")
    values = read.get("values") if isinstance(read, Mapping) else None
    gone = read.get("unavailable") if isinstance(read, Mapping) else None
    player = world.players.setdefault(decision.player_id, {"id": decision.player_id, "brand": decision.brand})
    for path, value in values.items() if isinstance(values, Mapping) else ():
        _take(world, player, path, value, decision.decided_at)
    missing = [str(one) for one in gone] if isinstance(gone, list) else []
    failed = {source for path in missing if (source := _source_of(path)) is not None}
    world.faults |= dict.fromkeys(sorted(failed), "unavailable")
    world.answered |= {"player", "responsible_gaming"} - failed
    if any(path.partition(".")[0] == "counters" for path in missing):
        world.notes.append("what was granted before could not be counted; a replay can count it")


def _signed_in(world: Rebuilt, entries: Sequence[Entry]) -> None:
    """Take the player whom the channel signed in, and whom the desk then could not read, for another brand's.

    To sign somebody in the channel reads them, and the desk reads nobody of another brand. Where a tool could not read
    them either, it was an outage.
    """
    signed = [*established([one for one in entries if one.kind == Kind.PLAYER_MESSAGE], VERIFIED)]
    if not signed or "player" not in world.faults:
        return
    read = [result for call, result in _calls(entries) if _READS.get(str(call.body["name"])) == "player"]
    if any(result.body["status"] == "unavailable" for result in read):
        world.answered.add("player")
        return
    del world.faults["player"]
    world.players[str(signed[0]["player_id"])]["brand"] = OTHER_BRAND
    world.notes.append(f"the player was signed in and could not be read: one of `{OTHER_BRAND}` stands in their place")


def _source_of(path: str) -> str | None:
    """Return the operation by which a value is read; None for what the house counts itself."""
    return next((source for name, source in _SOURCES if path == name or path.startswith(f"{name}.")), None)


def _take(world: Rebuilt, player: dict[str, Value], path: str, value: Value, at: datetime) -> None:
    source, _, name = path.partition(".")
    if path == "player.deposits":
        player.setdefault("deposits", value)
    elif path == "player.daysSinceLastDeposit":
        if isinstance(value, int):
            _put(player, PATHS["lastDepositAt"], (at - timedelta(days=value)).isoformat())
    elif source == "player" and name in PATHS:
        _put(player, PATHS[name], value)
    elif source == "safety" and name in _SAFETY and isinstance(value, bool):
        _put(player, _SAFETY[name], value)
    elif path == "safety.age_years" and isinstance(value, int):
        player.setdefault(_AGE, [value, earliest_day(at).isoformat()])
    elif path.startswith("tools.kyc."):
        _put(player, ("kyc", name.removeprefix("kyc.")), value)
    elif source == "counters" and value not in (0, None, False):
        world.notes.append(f"`{path}` was not 0; a replay begins without earlier grants")


_AGE: Final = "age at"  # while the world is built


def _put(player: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    """Put a value where the platform says it, unless something stands there already."""
    first, *rest = path
    if not rest:
        player.setdefault(first, value)
        return
    inner = player.setdefault(first, {})
    if isinstance(inner, dict):
        inner.setdefault(rest[0], value)


def _called(world: Rebuilt, call: Entry, result: Entry, player_id: str | None) -> None:
    name, status, data = str(call.body["name"]), str(result.body["status"]), result.body["data"]
    operation = _READS.get(name)
    if operation is None:
        return
    if status == "unavailable":
        world.faults[operation] = "unavailable"
        return
    told = data if isinstance(data, Mapping) else {}
    if told.get("code") != "locked_out":
        world.answered.add(operation)
    if status != "ok" or player_id is None:
        return
    player = world.players[player_id]
    if name == _VERIFY:
        _verified(player, call.body["arguments"])
    elif name == "deposit_history":
        _deposited(world, player, told)
    else:
        prefix = "tools.kyc" if name == "kyc_status" else "player"
        for slug, value in told.items():
            _take(world, player, f"{prefix}.{slug}", value, result.at)


def _verified(player: dict[str, Value], arguments: Value) -> None:
    """Take what the player said for the account's: it was compared, and is the same."""
    for key in ("email", "date_of_birth", "phone"):
        value = arguments.get(key) if isinstance(arguments, Mapping) else None
        if value is not None:
            player.setdefault(key, value)


def _deposited(world: Rebuilt, player: dict[str, Value], data: Document) -> None:
    deposits = data.get("deposits")
    if isinstance(deposits, list) and "deposits" not in player:
        player["deposits"] = deposits
        if len(deposits) == _NEWEST:
            world.notes.append("only the five newest deposits are on record")


def _done(world: Rebuilt, effect: Effect, brand: str) -> None:
    """Take what the other systems did with an effect."""
    operation = _EFFECTS.get(effect.tool)
    if operation is None:
        return
    code = effect.outcome.get("code")
    match effect.state:
        case EffectState.DONE:
            world.answered.add(operation)
        case EffectState.UNKNOWN:
            world.faults[operation] = "error"
            world.notes.append(
                f"whether `{effect.tool}` took effect is not on record; a replay takes it that it did not"
            )
        case EffectState.FAILED if code in {"unavailable", "access_refused"}:
            world.faults[operation] = str(code)
        case EffectState.FAILED if code != "template_not_found":
            world.faults[operation] = "refuse"
        case _:
            pass
    reward = effect.intent.get("reward")
    template = reward.get("templateName") if isinstance(reward, Mapping) else None
    names = world.templates.setdefault(brand, []) if template is not None else []
    if template is not None and code != "template_not_found" and template not in names:
        names.append(template)
    if not world.templates.get(brand, True):
        del world.templates[brand]


def _complete(world: Rebuilt, player: dict[str, Value]) -> None:
    """Put in the place of what a player must have and nobody knows what says so."""
    aged = player.pop(_AGE, None)
    if "date_of_birth" not in player and isinstance(aged, list):
        years, day = int(str(aged[0])), date.fromisoformat(str(aged[1]))
        player["date_of_birth"] = _of_age(years, day).isoformat()
        world.notes.append("the date of birth is not on record: one of the same age stands in its place")
    for key, instead, what in (
        ("email", NO_EMAIL, "e-mail address"),
        ("country", NO_COUNTRY, "country"),
        ("currency", NO_CURRENCY, "currency"),
    ):
        if not isinstance(player.get(key), str):
            player[key] = instead
            world.notes.append(f"the {what} of the player is not on record: `{instead}` stands in its place")


def _of_age(years: int, day: date) -> date:
    """Return a date of birth with this age on a day, in the middle of those that have it."""
    birth = day - timedelta(days=365 * years + years // 4 + 183)
    while age_years(birth, day) > years:
        birth += timedelta(days=30)
    return birth
