"""Findings about the words of a rule: fields, values and templates that nobody knows, and holes in exclusions."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from casino.analysis.finding import Finding
from casino.analysis.term import values_of
from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import PLACE_PATHS
from casino.bonus.law.places import is_place
from casino.bonus.reward import Boosted, Premium
from casino.fields.catalogue import Catalogue, Origin
from casino.loaded import Path
from casino.nearest import did_you_mean, nearest
from casino.rules.condition import Condition, Operator, literal, text

_NEGATED: Final = frozenset({Operator.NOT_EQUAL, Operator.CONTAINS_NONE})
_GUARDS: Final = re.compile(
    r"restrict|exclu|block|bann|abus|fraud|suspend|closed|cooling|hold|harm|risk|limit", re.IGNORECASE
)


class _Placed(NamedTuple):
    condition: Condition
    path: Path
    configuration: str

    def finding(self, code: str, message: str, mend: str) -> Finding:
        """Return a finding at this condition; a warning, unless the code is one of the certain ones."""
        severity = "error" if code in {"B202", "B203"} else "warning"
        return Finding(
            code=code, severity=severity, message=message, mend=mend, configuration=self.configuration, path=self.path
        )


def wording(configuration: Configuration, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with the single conditions of a configuration."""
    for placed in _conditions(configuration):
        yield from _field(placed, catalogue)
        yield from _values(placed, catalogue)
        yield from _escape(placed)


def _conditions(configuration: Configuration) -> Iterator[_Placed]:
    sections: list[tuple[Path, Iterable[Condition]]] = [
        (("segmentation",), configuration.segmentation),
        (("qualification",), configuration.qualification),
        *((("tiers", tier.name, "when"), tier.when) for tier in configuration.tiers),
    ]
    for path, conditions in sections:
        for index, condition in enumerate(conditions):
            yield _Placed(condition, (*path, index), configuration.id)


def _field(placed: _Placed, catalogue: Catalogue) -> Iterator[Finding]:
    path = placed.condition.path
    known = catalogue.field(path)
    found = catalogue.flaw(placed.condition)
    if found is not None:
        steps = path.split(".")
        writes = steps[0] == "tools" and steps[1] in catalogue.write_tools
        code = "B203" if writes else "B202" if known is not None else "B201"
        yield _certain(placed.finding(code, found.message, found.mend))
    elif known is None and catalogue.fields:
        near = nearest(path, catalogue.fields)
        mend = "Declare it in fields.yaml, so that it is checked."
        if near is not None:
            mend = f'Did you mean "{near}"? Else declare it in fields.yaml, so that it is checked.'
        yield placed.finding("B201", f'"{path}" is in no catalogue', mend)


def _certain(finding: Finding) -> Finding:
    """Return the finding as an error: the catalogue itself refuses the condition."""
    return Finding(
        code=finding.code,
        severity="error",
        message=finding.message,
        mend=finding.mend,
        configuration=finding.configuration,
        path=finding.path,
    )


def _values(placed: _Placed, catalogue: Catalogue) -> Iterator[Finding]:
    """Find values that a field with known values never has: a slip of the pen, and silent on every player."""
    condition = placed.condition
    known = catalogue.field(condition.path)
    if condition.path in PLACE_PATHS and condition.measure is None:
        yield from _places(placed)
    if known is None or not known.values or condition.measure is not None:
        return
    for value in values_of(condition):
        if isinstance(value, str) and value not in known.values:
            names = [one for one in known.values if isinstance(one, str)]
            message = f'"{condition.path}" is never {literal(value)}, as far as the catalogue knows'
            yield placed.finding("B204", message, did_you_mean(value, names))


def _places(placed: _Placed) -> Iterator[Finding]:
    """Find what is compared with the player's place and is none, as "UK" or "Malta"."""
    for value in values_of(placed.condition):
        if isinstance(value, str) and not is_place(value):
            message = f"{literal(value)} is no ISO 3166 code, so no player has this place"
            yield placed.finding("B204", message, 'Write the code in capitals, as "MT", "GB" or "CA-ON".')


def _escape(placed: _Placed) -> Iterator[Finding]:
    """Find exclusions that let a player through where the list is not there."""
    condition = placed.condition
    if condition.on_missing != "pass" or not (condition.operator in _NEGATED or _GUARDS.search(text(condition))):
        return
    message = f'"{condition.path}" may be missing and then lets the player through: {text(condition)}'
    mend = "Take on_missing out: what is not known excludes nobody only where you are certain that it never fails."
    yield placed.finding("B110", message, mend)


def templates_of(configuration: Configuration, templates: Collection[str]) -> Iterator[Finding]:
    """Yield the tiers whose template the back office does not have; the names are case-sensitive there."""
    for tier in configuration.tiers:
        reward = tier.reward
        if not isinstance(reward, Boosted | Premium) or reward.template_name in templates:
            continue
        yield Finding(
            code="B206",
            severity="error",
            message=f'there is no template "{reward.template_name}"; the names are case-sensitive',
            mend=did_you_mean(reward.template_name, templates) if templates else "No template is known.",
            configuration=configuration.id,
            path=("tiers", tier.name, "reward", "templateName"),
        )


def unused(configurations: Iterable[Configuration], catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the fields that an author declared and that no rule reads, itself or through a computed field."""
    read = {placed.condition.path for one in configurations for placed in _conditions(one)}
    used = read | {*catalogue.computed_for(read)}
    for path in tuple(used):
        known = catalogue.field(path)
        if known is not None and known.expression is not None:
            used |= known.expression.reads
    for field in catalogue.fields.values():
        if field.origin in {Origin.CUSTOM, Origin.COMPUTED} and field.path not in used:
            message = f'no configuration reads the {field.origin.value} field "{field.path}"'
            yield Finding(
                code="B205", severity="hint", message=message, mend="Take it out of fields.yaml.", configuration=None
            )
