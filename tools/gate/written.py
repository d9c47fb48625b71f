"""The rules of the gate as written: one YAML file with modes, approvals and people.

    modes: {bonus-request: automatic}
    approvals:
      - name: large cash
        when: ["effect.rewardType == 'cash'", "effect.amount > 200"]
        approvers: 2
        expires: 24 hours
    people: {anna: [approver]}

A broken file raises one DocumentError that says where and how to mend it, and nothing starts.
"""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

from pydantic import Field as Written

from casino.document import load_yaml
from casino.fields.catalogue import OPEN, Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.loaded import DocumentError, Loaded, Path
from casino.nearest import did_you_mean, nearest
from casino.rules.condition import Condition
from casino.rules.parse import parse_condition
from casino.rules.tokens import RuleSyntaxError
from casino.shape import Shape, named, shape, spelt
from casino.values import Value
from tools.gate.roles import CROUPIER, Role
from tools.gate.rules import A_DAY, Approvers, GateRules, Mode, Policy

_APPROVERS: Final[Mapping[int, Approvers]] = MappingProxyType({0: 0, 1: 1, 2: 2})
_DURATION: Final = re.compile(r"(?P<count>[1-9][0-9]{0,4}) (?P<unit>minute|hour|day)s?")
_ALMOST: Final = re.compile(r"\s*(?P<count>[0-9]{1,5})\s*(?P<unit>minute|hour|day)s?\s*", re.IGNORECASE)
_LONGEST: Final = timedelta(days=366)
_ARGUMENT: Final = re.compile(r"effect\.arguments(\.[A-Za-z_][A-Za-z0-9_]*)+")  # of a tool made from a function


def _field(path: str, type_: FieldType, description: str, *values: str) -> Field:
    return Field(path, type_, Origin.BUILT_IN, description, values=values)


# What a policy may read, beside `player.*`.
FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        field.path: field
        for field in (
            _field("effect.tool", FieldType.TEXT, "the tool that wants the effect"),
            _field(
                "effect.rewardType", FieldType.TEXT, "the type of the reward", "standard", "boosted", "premium", "cash"
            ),
            _field("effect.amount", FieldType.NUMBER, "of a cash reward: how much, or how many spins"),
            _field("effect.amountType", FieldType.TEXT, "what the amount is of", "cash", "free_spins"),
            _field("effect.currency", FieldType.TEXT, "the player's currency, ISO 4217, as EUR"),
            _field("effect.configuration", FieldType.TEXT, "the id of the bonus configuration that decided"),
            _field("effect.tier", FieldType.TEXT, "the name of its tier"),
            _field("ticket.procedure", FieldType.TEXT, "the id of the procedure that asks for it"),
            _field("ticket.brand", FieldType.TEXT, "the brand that the ticket belongs to"),
            _field(
                "model.confidence", FieldType.NUMBER, "how sure the model was, 0 to 1; missing where it did not say"
            ),
        )
    }
)

_Text: TypeAlias = Annotated[str, Written(min_length=1)]


class _RulesShape(Shape):
    modes: object = None
    approvals: object = None
    people: object = None


class _PolicyShape(Shape):
    name: _Text
    when: list[object] = Written(default_factory=list[object])
    approvers: int
    expires: str | None = None


def load_gate_rules(
    text: str,
    *,
    name: str,
    catalogue: Catalogue = OPEN,
    tools: Collection[str] | None = None,
    procedures: Collection[str] | None = None,
) -> GateRules:
    """Read the rules from YAML; raises DocumentError at the place of the first thing that is wrong.

    With a `catalogue` a policy may read the player fields that stand in it; without one, any. With `tools` it may name
    those only. With the ids of `procedures`, modes and policies may name those only: a lock on a name that nothing has
    would lock nothing.
    """
    return _Reading(load_yaml(text, name=name), catalogue, tools, procedures).rules()


class _Reading:
    """One file on its way to rules."""

    def __init__(
        self,
        loaded: Loaded,
        catalogue: Catalogue,
        tools: Collection[str] | None,
        procedures: Collection[str] | None,
    ) -> None:
        self._loaded = loaded
        self._catalogue = catalogue
        self._procedures = procedures
        self._values: dict[str, Collection[str]] = {
            path: [str(value) for value in field.values] for path, field in FIELDS.items() if field.values
        }
        if tools is not None:
            self._values["effect.tool"] = tools
        if procedures is not None:
            self._values["ticket.procedure"] = procedures

    def rules(self) -> GateRules:
        shape(_RulesShape, self._loaded)
        rules = GateRules(
            modes={procedure: self._mode(procedure) for procedure in self._mapping("modes")},
            policies=tuple(self._policies()),
            people={person: self._roles(person) for person in self._mapping("people")},
        )
        self._check_approvers(rules)
        return rules

    def _check_approvers(self, rules: GateRules) -> None:
        """Refuse a policy that the people who are named can never satisfy. A file that names nobody is let be."""
        there = rules.approvers()
        for index, policy in enumerate(rules.policies if rules.people else ()):
            if policy.approvers > len(there):
                wanted = "1 approver" if policy.approvers == 1 else f"{policy.approvers} approvers"
                who = f'only "{there[0]}" is one' if there else "nobody is one"
                message = f'"{policy.name}" wants {wanted}, and in "people" {who}'
                mend = f'Give the role "{Role.APPROVER}" to {"somebody" if policy.approvers == 1 else "two people"}.'
                raise self._error(("approvals", index, "approvers"), message, mend)

    def _section(self, key: str) -> Value:
        whole = self._loaded.value
        return whole.get(key) if isinstance(whole, dict) else None

    def _mapping(self, key: str) -> dict[str, Value]:
        value = self._section(key)
        if value is not None and not isinstance(value, dict):
            raise self._error((key,), f'"{key}" must be a mapping, but is {named(value)}', "Write it as name: value.")
        return {} if value is None else value

    def _mode(self, procedure: str) -> Mode:
        where = ("modes", procedure)
        if self._procedures is not None and procedure not in self._procedures:
            message = f'there is no procedure "{procedure}"'
            raise self._error(where, message, did_you_mean(procedure, self._procedures))
        written = self._loaded.at(where)
        for mode in Mode:
            if written == mode:
                return mode
        shown = f'"{written}"' if isinstance(written, str) else named(written)
        raise self._error(
            where, f'the mode of "{procedure}" is {shown}, which is no mode', _nearest_of(written, [*Mode])
        )

    def _policies(self) -> list[Policy]:
        written = self._section("approvals")
        if written is None:
            return []
        if not isinstance(written, list):
            message = f'"approvals" must be a list, but is {named(written)}'
            raise self._error(("approvals",), message, "Write each policy as an entry that begins with a hyphen.")
        found: list[Policy] = []
        for index in range(len(written)):
            policy = self._policy(("approvals", index))
            if any(policy.name == other.name for other in found):
                message = f'two policies are called "{policy.name}"'
                raise self._error(("approvals", index, "name"), message, "The record names them: rename one.")
            found.append(policy)
        return found

    def _policy(self, where: Path) -> Policy:
        read = shape(_PolicyShape, self._loaded, where)
        approvers = _APPROVERS.get(read.approvers)
        if approvers is None:
            message = f'"{read.name}" wants {read.approvers} approvers'
            raise self._error((*where, "approvers"), message, "Write 0 (nobody is asked), 1 or 2.")
        return Policy(
            name=read.name,
            when=tuple(self._condition((*where, "when", index)) for index in range(len(read.when))),
            approvers=approvers,
            expires=self._duration((*where, "expires"), read.expires),
        )

    def _condition(self, where: Path) -> Condition:
        written = self._loaded.at(where)
        if not isinstance(written, str):
            message = f"{spelt(where)} must be a condition, but is {named(written)}"
            raise self._error(where, message, 'Write it as in: "effect.amount > 200"')
        try:
            condition = parse_condition(written)
        except RuleSyntaxError as error:
            raise self._error(where, error.message, error.mend, shift=error.offset) from error
        self._check_field(where, written, condition)
        self._check_values(where, written, condition)
        return condition

    def _check_field(self, where: Path, written: str, condition: Condition) -> None:
        """Refuse a field that no policy is given, or a value that never fits its type."""
        path = condition.path
        if _ARGUMENT.fullmatch(path) is not None:
            return
        if path not in FIELDS and not self._is_player_field(path):
            near = nearest(path, [*FIELDS, *self._player_fields()])
            mend = f"Known are {', '.join(FIELDS)}, and the fields of the player that the platform sends."
            at = written.index(path)
            message = f'a policy cannot read "{path}"'
            raise self._error(where, message, mend if near is None else f'Did you mean "{near}"?', shift=at)
        known = Catalogue(FIELDS, frozenset(), closed=True) if path in FIELDS else self._catalogue
        if (found := known.flaw(condition)) is not None:
            raise self._error(where, found.message, found.mend, shift=written.index(path))

    def _is_player_field(self, path: str) -> bool:
        if not path.startswith("player."):
            return False
        field = self._catalogue.field(path)
        return field.origin is not Origin.COMPUTED if field is not None else not self._player_fields()

    def _player_fields(self) -> list[str]:
        fields = self._catalogue.fields.values()
        return [one.path for one in fields if one.path.startswith("player.") and one.origin is not Origin.COMPUTED]

    def _check_values(self, where: Path, written: str, condition: Condition) -> None:
        """Refuse a word that its field never holds: a policy that never holds lets the next one decide."""
        known = self._values.get(condition.path)
        if known is None:
            return
        wanted = condition.expected if isinstance(condition.expected, list) else [condition.expected]
        for word in wanted:
            if word not in known:
                message = f'"{condition.path}" is never "{word}"'
                shift = max(written.find(str(word)), 0)
                raise self._error(where, message, did_you_mean(str(word), known), shift=shift)

    def _duration(self, where: Path, written: str | None) -> timedelta:
        if written is None:
            return A_DAY
        found = _DURATION.fullmatch(written)
        length = None if found is None else timedelta(**{f"{found['unit']}s": int(found["count"])})
        if length is not None and length <= _LONGEST:
            return length
        if length is not None:
            raise self._error(where, f'{spelt(where)} is longer than a year: "{written}"', "Ask again instead.")
        almost = _ALMOST.fullmatch(written)
        mend = "Write it as 30 minutes, 24 hours or 3 days."
        if almost is not None and (count := int(almost["count"])) > 0:
            mend = f'Did you mean "{count} {almost["unit"].casefold()}{"" if count == 1 else "s"}"?'
        raise self._error(where, f'{spelt(where)} is not a duration: "{written}"', mend)

    def _roles(self, person: str) -> frozenset[Role]:
        where = ("people", person)
        if person == CROUPIER.name:
            raise self._error(where, f'"{person}" is the desk itself', "Give the person another name.")
        written = self._loaded.at(where)
        if not isinstance(written, list):
            message = f'the roles of "{person}" must be a list, but are {named(written)}'
            raise self._error(where, message, "Write them as [approver].")
        return frozenset(self._role(person, (*where, index)) for index in range(len(written)))

    def _role(self, person: str, where: Path) -> Role:
        written = self._loaded.at(where)
        people = [role for role in Role if role is not Role.SERVICE]
        for role in people:
            if written == role:
                return role
        shown = f'"{written}"' if isinstance(written, str) else named(written)
        raise self._error(where, f'"{person}" has the role {shown}, which no person has', _nearest_of(written, people))

    def _error(self, where: Path, message: str, mend: str, *, shift: int = 0) -> DocumentError:
        return self._loaded.error(where, message, mend, shift=shift)


def _nearest_of(written: Value, known: Collection[str]) -> str:
    return did_you_mean(written if isinstance(written, str) else "", [str(one) for one in known])
