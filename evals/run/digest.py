"""What a trial depends on besides its ticket, as one hash each: a change in any of it makes a kept trial old."""

import hashlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, cast

from agent.house import House
from agent.sub_procedures import sub_procedures
from casino.document import Writable, canonical_json
from casino.values import Document, Value
from evals.run.plan import ATTACK, Case
from evals.segments import sha256_of, spelt
from evals.ticket import Read
from tools.catalog import CATALOG
from tools.tool import Tool

_ROOT: Final = Path(__file__).resolve().parents[2]
_CODE: Final = ("casino", "tools", "agent", "evals")  # all that a replay runs through


def case_of(read: Read) -> Case:
    """Return a ticket as the plan sees it: what has a section `attack` is an attack, however it is tagged."""
    ticket = read.ticket
    said = ticket.model_dump(mode="json", by_alias=True, exclude={"world"})
    return Case(
        ticket=ticket.id,
        file=read.file,
        title=ticket.title,
        content=sha256_of(f"{spelt(said)}{canonical_json(read.world)}"),
        written=read.written,
        tags=ticket.tags if ticket.attack is None or ATTACK in ticket.tags else (*ticket.tags, ATTACK),
        offset=read.offset,
    )


def house_segments(house: House) -> dict[str, str]:
    """Return the sha256 of every text and rule of a house, by name: procedures, prompts, tools, bonuses, law, gate."""
    prompts = house.prompts.environment
    return {
        **{f"procedure/{one.id}": _sha256([one.file, one.source]) for one in house.procedures.procedures},
        **{f"prompt/{name}": _sha256(_template(house, name)) for name in prompts.list_templates()},
        **{f"tool/{name}": _sha256(_declared(tool)) for name, tool in _tools(house).items()},
        "bonuses": house.configurations.hash,
        "jurisdictions": _sha256(comparable(house.packs)),
        "gate": _sha256(comparable(house.gate_rules)),
    }


def house_digest(house: House) -> str:
    """Return one sha256 over all segments of a house."""
    return _sha256(house_segments(house))


def code_digest() -> str:
    """Return the sha256 of our own code: a trial of before a fix must not pass for one of after it."""
    files = sorted(path for room in _CODE for path in (_ROOT / room).rglob("*.py"))
    return _sha256({path.relative_to(_ROOT).as_posix(): _file_sha256(path) for path in files})


def agent_digest(*, house: str, code: str, model: str, parameters: Document | None = None) -> str:
    """Return one sha256 over all that the agent is made of: its house, its code, its model and how that is asked."""
    return _sha256({"house": house, "code": code, "model": model, "parameters": parameters or {}})


def _tools(house: House) -> Mapping[str, Tool[Any]]:
    return {**CATALOG, **sub_procedures(house.procedures)}


def _declared(tool: Tool[Any]) -> Value:
    """Return what a model and the agent read of a tool; what it does is code."""
    return {
        "name": tool.name,
        "kind": tool.kind.value,
        "description": tool.description,
        "arguments": comparable(tool.whole_schema),
        "needs": comparable(tool.needs),
        "establishes": [*tool.establishes],
        "spends": [*tool.spends],
    }


def _template(house: House, name: str) -> str:
    environment = house.prompts.environment
    loader = environment.loader
    if loader is None:
        raise TypeError(f"the prompt `{name}` comes from no folder; it cannot be compared")
    return loader.get_source(environment, name)[0]


def comparable(value: object) -> Value:  # noqa: PLR0911  # one for each kind of value
    """Return a rule in the types of JSON; sets are sorted, what is not compared is left out."""
    match value:
        case Enum():
            return comparable(value.value)
        case None | bool() | int() | Decimal() | str():
            return value
        case float():
            return repr(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case Mapping():
            return {
                str(comparable(key)): comparable(inner) for key, inner in cast("Mapping[object, object]", value).items()
            }
        case AbstractSet():
            return [*sorted((comparable(inner) for inner in cast("AbstractSet[object]", value)), key=canonical_json)]
        case Sequence():
            return [comparable(inner) for inner in cast("Sequence[object]", value)]
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = {one.name: comparable(getattr(value, one.name)) for one in fields(value) if one.compare}
            return {"is": type(value).__name__, **named}
        case _:
            raise TypeError(f"a {type(value).__name__} has no one spelling; it cannot be compared")


def _file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sha256(value: Writable) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
