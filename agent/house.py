"""What a desk works by: procedures, bonuses, the law of each place, prompts, and who must approve what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agent.bonus.files import named, read_text
from agent.bonus.store import read_desk_bonuses
from agent.outgoing.echo import Orders, steps_in
from agent.playbook.collection import Library, load_library, read_folder
from agent.playbook.parse import slug_of
from agent.playbook.procedure import ProcedureError
from agent.playbook.vocabulary import Vocabulary
from agent.prompts import Prompts, read_prompts
from agent.settings import Settings, SettingsError, shipped
from agent.sub_procedures import sub_procedures
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import Packs
from casino.fields.catalogue import OPEN, Catalogue
from tools.adapters.player_mapping import DAYS_SINCE_LAST_DEPOSIT, FIELDS
from tools.catalog import CATALOG
from tools.gate.rules import GateRules
from tools.gate.written import load_gate_rules
from tools.tool import Kind, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a desk works by: procedures, bonuses, the law of each place, prompts, and who must approve what."""

    procedures: Library
    configurations: ConfigurationSet
    packs: Packs
    prompts: Prompts
    gate_rules: GateRules
    tools: Mapping[str, Tool[Any]] = field(init=False, compare=False, repr=False)  # with one for each procedure
    named: frozenset[str] = field(init=False, compare=False, repr=False)  # what may be given, by all its names
    steps: Orders = field(init=False, compare=False, repr=False)  # of the procedures: words for the model alone

    def __post_init__(self) -> None:
        """Work out once what every desk of this house needs."""
        tools = MappingProxyType({**CATALOG, **sub_procedures(self.procedures)})
        object.__setattr__(self, "tools", tools)
        object.__setattr__(self, "named", _names(self.configurations))
        object.__setattr__(self, "steps", steps_in(one.source for one in self.procedures.procedures))


def read_house(settings: Settings) -> House:
    """Read all that the settings name. Raises `SettingsError`, and `DocumentError` and others for what is broken."""
    prompts = read_prompts(settings.prompts)
    if lacking := prompts.lacking():
        raise SettingsError(f"{settings.prompts}: the prompts folder lacks {', '.join(lacking)}; copy what ships")
    bonuses = read_desk_bonuses(settings)
    procedures = read_library(settings.procedures)
    return House(
        procedures=procedures,
        configurations=bonuses.configurations,
        packs=replace(bonuses.packs, required=True),
        prompts=prompts,
        gate_rules=read_gate(settings, catalogue=bonuses.catalogue, procedures=procedures.by_id),
    )


def read_gate(
    settings: Settings, *, catalogue: Catalogue = OPEN, procedures: Collection[str] | None = None
) -> GateRules:
    """Read who must approve what, which workflow may do what, and who is who. Raises `DocumentError`.

    The workflows that it names must be among `procedures`, by their ids; where none are given, among the files of the
    desk's folder, unless that cannot be read.
    """
    known = frozenset(_procedure_ids(settings.procedures) if procedures is None else procedures)
    if known and _is_shipped(settings.gate):  # it may stand beside other procedures than those that ship
        known |= _procedure_ids(shipped("procedures") / "support")
    text = read_text(settings.gate)
    return load_gate_rules(
        text, name=named(settings.gate), catalogue=catalogue, tools=CATALOG, procedures=known or None
    )


def _procedure_ids(folder: Path) -> frozenset[str]:
    """Return the ids of the procedures in a folder; none where it cannot be read."""
    try:
        return frozenset(slug_of(file) for file in read_folder(folder))
    except ProcedureError:
        return frozenset()


def _is_shipped(gate: Path) -> bool:
    return gate.resolve() == (shipped("procedures") / "gate.yaml").resolve()


def vocabulary(tools: Mapping[str, Tool[Any]] = CATALOG) -> Vocabulary:
    """Return the names that a procedure may mention."""
    return Vocabulary(
        actions={name: tool.display_name for name, tool in tools.items() if tool.kind is not Kind.READ},
        contexts={name: tool.display_name for name, tool in tools.items() if tool.kind is Kind.READ},
        fields={name: name for name in (*FIELDS, DAYS_SINCE_LAST_DEPOSIT)},
    )


def read_library(folder: Path) -> Library:
    """Return the procedures of a folder. Raises `ProcedureError` with every finding."""
    near = folder.relative_to(Path.cwd()) if folder.is_absolute() and folder.is_relative_to(Path.cwd()) else folder
    files = {str(near.parent / name): text for name, text in read_folder(folder).items()}
    return load_library(files, vocabulary())


def _names(configurations: ConfigurationSet) -> frozenset[str]:
    """Return the names of the bonuses, templates, games and providers that may be given."""
    rewards = [tier.reward.result_fields() for one in configurations.configurations for tier in one.tiers]
    found = (reward.get(key) for reward in rewards for key in ("templateName", "game", "gameProvider", "name"))
    return frozenset(name for name in found if isinstance(name, str))
