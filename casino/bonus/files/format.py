"""Configurations and the field catalogue written as files, in the one form of the house."""

from datetime import datetime, timedelta

from casino.bonus.configuration import Configuration, Tier
from casino.bonus.limits import Limits
from casino.clock import casino_day, day_start
from casino.document import Writable
from casino.fields.catalogue import Catalogue, Field, Origin
from casino.rules.condition import Bucket, Condition, Since, literal, plain, text
from casino.rules.parse import LONGEST_RULE
from casino.values import Value
from casino.yaml_text import write_yaml

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def format_configuration(configuration: Configuration) -> str:
    """Write a configuration as YAML; reading it over the same catalogue gives the same configuration."""
    document: dict[str, Writable] = {
        "id": configuration.id,
        "name": configuration.name,
        "brands": [*configuration.brands],
        "priority": configuration.priority,
        "status": configuration.status.value,
    }
    document |= _times(configuration)
    document["segmentation"] = _section(configuration.segmentation)
    document["qualification"] = _section(configuration.qualification)
    document["tiers"] = [_tier(tier) for tier in configuration.tiers]
    limits = _limits(configuration.limits)
    if limits:
        document["limits"] = limits
    if configuration.comment is not None:
        document["comment"] = configuration.comment
    document["on_unqualified"] = configuration.on_unqualified
    return write_yaml(document)


def catalogue_text(catalogue: Catalogue) -> str:
    """Write the fields that a fields.yaml declares as YAML: those of the operator, and those that are computed."""
    declared = [field for field in catalogue.fields.values() if field.origin in {Origin.CUSTOM, Origin.COMPUTED}]
    return write_yaml({"fields": [_field(field) for field in sorted(declared, key=lambda field: field.path)]})


def condition_document(condition: Condition) -> Writable:
    """Return a condition as a file holds it: the text form where that says all, else the structured one."""
    written = text(condition)
    rest = (condition.on_missing, condition.hear, condition.say)
    if rest == ("fail", "staff", None) and len(written) <= LONGEST_RULE:
        return written
    document: dict[str, Writable] = {"field": condition.path}
    if isinstance(condition.measure, Since):
        document["measure"] = f"{condition.measure.unit} since"
    if isinstance(condition.measure, Bucket):
        document["bucket"] = condition.measure.salt
    document |= {"operator": condition.operator.value, "value": plain(condition.expected)}
    if condition.on_missing != "fail":
        document["on_missing"] = condition.on_missing
    if condition.hear == "player":
        document |= {"hear": "player", "say": condition.say}
    return document


def _section(conditions: tuple[Condition, ...]) -> Writable:
    return [condition_document(condition) for condition in conditions]


def _tier(tier: Tier) -> Writable:
    fields = tier.reward.result_fields()
    reward: dict[str, Value] = {"type": fields.pop("rewardType")}
    reward |= {key: value for key, value in fields.items() if value is not None}
    return {"name": tier.name, "priority": tier.priority, "when": _section(tier.when), "reward": reward}


def _times(configuration: Configuration) -> dict[str, Writable]:
    found: dict[str, Writable] = {}
    if configuration.time_zone != "UTC":
        found["time_zone"] = configuration.time_zone
    if configuration.day_begins.isoformat("minutes") != "00:00":
        found["day_begins"] = configuration.day_begins.isoformat("minutes")
    if configuration.effective_from is not None:
        found["effective_from"] = _moment(configuration.effective_from, configuration)
    if configuration.effective_until is not None:
        found["effective_until"] = _moment(configuration.effective_until, configuration)
    return found


def _moment(at: datetime, configuration: Configuration) -> str:
    """Write a moment as the casino day that begins then, where one does and the file names its zone; else in UTC."""
    zone, day_begins = configuration.time_zone, configuration.day_begins
    if zone != "UTC":
        try:
            day = casino_day(at, zone=zone, day_begins=day_begins)
            if day_start(day, zone=zone, day_begins=day_begins) == at:
                return day.isoformat()
        except OverflowError:  # at an end of the calendar there is no such day
            pass
    return at.isoformat().replace("+00:00", "Z")


def _limits(limits: Limits) -> dict[str, Writable]:
    found: dict[str, Writable] = {}
    if limits.per_player:
        found["per_player"] = [{"count": one.count, "period": one.period.value} for one in limits.per_player]
    campaign: dict[str, Writable] = {}
    if limits.campaign_count is not None:
        campaign["count"] = limits.campaign_count
    if limits.campaign_budget is not None:
        campaign["budget"] = literal(limits.campaign_budget)
    if campaign:
        found["campaign"] = campaign
    if limits.cool_off is not None:
        found["cool_off"] = _duration(limits.cool_off)
    if limits.one_live_bonus:
        found["one_live_bonus"] = True
    return found


def _duration(duration: timedelta) -> str:
    for unit, name in ((_DAY, "days"), (_HOUR, "hours")):
        if duration % unit == timedelta(0):
            return f"{duration // unit} {name}"
    return f"{duration // _MINUTE} minutes"


def _field(field: Field) -> Writable:
    found: dict[str, Writable] = {"path": field.path, "type": field.type.value}
    if field.integer:
        found["integer"] = True
    if field.expression is not None:
        found["expression"] = field.expression.text
    if field.values:
        found["values"] = [*field.values]
    if field.description:
        found["description"] = field.description
    return found
