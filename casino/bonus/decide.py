"""The decision: does this player get a bonus, which one, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from casino.bonus.compiled.in_force import InForce, in_force
from casino.bonus.compiled.program import Chain, flat
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.bonus.reading import End, Reason
from casino.bonus.reward import Reward
from casino.bonus.snapshot import Snapshot
from casino.bonus.story import SAFETY_READS, VERDICTS, Status, Story, lawful, tell, weigh_law
from casino.exact import exact_text
from casino.facts import SAFETY_AGE, SAFETY_FLAGS, Absent, Facts, SafetyFacts
from casino.rules.evaluate import SEMANTICS
from casino.safety import LOWEST_LEGAL_AGE, check_safety
from casino.values import Value
from casino.verdict import Outcome, TraceNode

# One text for a veto and for a plain no: two texts would tell a player which of the two it was.
NO_BONUS: Final = "You do not qualify for a bonus at the moment."
NOT_KNOWN_YET: Final = "We could not check everything that is needed just now, so nothing has been decided yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is decided on, besides the player."""

    in_force: InForce
    brand: str
    now: datetime
    legal_age: int
    packs: Packs


class Compact(NamedTuple):
    """What was read of a player who is clear of every veto, as the compiled function left it."""

    chain: Chain
    age: Value
    law: Snapshot | None  # what the law of the place looked at; None where there were no packs

    def snapshot(self, case: Case) -> Snapshot:
        """Return it by path."""
        in_order = zip(case.in_force.program.paths, flat(self.chain), strict=False)  # it may have ended early
        values: dict[str, Value] = {path: value for path, value in in_order if not isinstance(value, Absent)}
        if self.law is not None:
            values.update(self.law.values)
        values.update(dict.fromkeys(SAFETY_READS, False), **{f"safety.{SAFETY_AGE}": self.age})
        return Snapshot(MappingProxyType(values), ())


@dataclass(frozen=True, kw_only=True)  # not slotted: what is told of it is worked out when first asked for
class Decision:
    """A decision and all that it rests on. Reasons and trace are told from what was read, when somebody asks."""

    status: Status
    case: Case
    end: End  # the configuration that decided, or that the decision hangs on, and its tier
    read: Snapshot | Compact
    told_at_once: Story | None = None

    @property
    def brand(self) -> str:
        """Return the brand that was asked for."""
        return self.case.brand

    @property
    def now(self) -> datetime:
        """Return the moment of the decision."""
        return self.case.now

    @property
    def legal_age(self) -> int:
        """Return the legal age that held, in years."""
        return self.case.legal_age

    @property
    def configuration(self) -> str | None:
        """Return the id of the configuration that decided, or that the decision hangs on."""
        return None if self.end.configuration is None else self.end.configuration.id

    @property
    def configuration_hash(self) -> str:
        """Return the hash of that configuration; where none decided, of the whole set."""
        name, case = self.configuration, self.case
        return case.in_force.set_hash if name is None else case.in_force.hashes[name]

    @property
    def tier(self) -> str | None:
        """Return the name of the tier that is granted."""
        return None if self.end.tier is None or self.status is not Status.QUALIFIED else self.end.tier.name

    @property
    def reward(self) -> Reward | None:
        """Return what is granted."""
        return None if self.end.tier is None or self.status is not Status.QUALIFIED else self.end.tier.reward

    @property
    def comment(self) -> str | None:
        """Return the comment of the configuration that grants."""
        configuration = self.end.configuration if self.status is Status.QUALIFIED else None
        return None if configuration is None else configuration.comment

    @cached_property
    def snapshot(self) -> Snapshot:
        """Return what the decision rests on, by path: the record of it is enough to decide again."""
        return self.read if isinstance(self.read, Snapshot) else self.read.snapshot(self.case)

    @cached_property
    def story(self) -> Story:
        """Return how the interpreter tells it."""
        return self.told_at_once or _told(self.case, self.snapshot.facts())

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return why it gives nothing; empty where it grants."""
        return self.story.reasons

    @property
    def trace(self) -> TraceNode:
        """Return the tree of every stage and condition that was weighed."""
        return self.story.trace

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """Return every value that a condition compared, by path: computed ones too."""
        absent = {Outcome.MISSING, Outcome.UNAVAILABLE}
        nodes = (node for node in _conditions(self.trace) if node.outcome not in absent)
        found = {node.path: node.actual for node in nodes if node.path is not None}
        return MappingProxyType({path: found[path] for path in sorted(found)})

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Return every path that a condition compared and nobody could read."""
        paths = {node.path for node in _conditions(self.trace) if node.outcome is Outcome.UNAVAILABLE}
        return tuple(sorted(path for path in paths if path is not None))

    def told(self) -> list[str]:
        """Return what the player may hear about a decision that gives nothing; never a safety fact."""
        match self.status:
            case Status.QUALIFIED:
                return []
            case Status.VETOED:
                return [NO_BONUS]
            case Status.UNKNOWN:
                return [NOT_KNOWN_YET]
            case Status.NOT_QUALIFIED:
                said = dict.fromkeys(reason.player_text for reason in self.reasons if reason.player_text is not None)
                return [*said] or [NO_BONUS]
            case _:
                assert_never(self.status)

    def result(self) -> dict[str, Value]:
        """Return the fields that a procedure works with; reasons as the player may hear them."""
        fields: dict[str, Value] = {
            "qualified": self.status is Status.QUALIFIED,
            "status": self.status.value,
            "rewardType": None,
        }
        if self.reward is not None:
            fields |= self.reward.result_fields()
        if self.comment is not None:
            fields["comment"] = self.comment
        return {**fields, "reasons": [*self.told()]}

    def lean_record(self) -> dict[str, Value]:
        """Return what `replay` needs to make the same decision again, trace and all, byte for byte."""
        in_force = self.case.in_force
        return {
            "semantics": SEMANTICS,
            "status": self.status.value,
            "brand": self.brand,
            "now": self.now.isoformat(),
            "legal_age": self.legal_age,
            "configuration": self.configuration,
            "tier": self.tier,
            "set": in_force.set_hash,
            "in_force": [{"id": name, "hash": in_force.hashes[name]} for name in in_force.hashes],
            "packs": in_force.packs_hash(self.case.packs),
            "read": self.snapshot.to_document(),
        }

    def record(self) -> dict[str, Value]:
        """Return all of it as a plain document, for staff and for the audit trail; a lean record is in it."""
        return {
            **self.lean_record(),
            "configuration_hash": self.configuration_hash,
            "reward": None if self.reward is None else self.reward.result_fields(),
            "comment": self.comment,
            "reasons": [reason.to_document() for reason in self.reasons],
            "values": {**self.values},
            "unavailable": [*self.unavailable],
            "trace": self.trace_document(),
        }

    def trace_document(self) -> dict[str, Value]:
        """Return the trace as a document, written at once where the compiled function decided."""
        if not isinstance(self.read, Compact):
            return self.trace.to_document()
        case, facts = self.case, self.snapshot.facts()
        safety = check_safety(SafetyFacts.of(facts), legal_age=case.legal_age).node
        law = weigh_law(self.end, facts, now=case.now, packs=case.packs).node
        root = TraceNode(kind="decision", label=self.status.value, verdict=VERDICTS[self.status]).to_document()
        root["children"] = [
            safety.to_document(),
            *case.in_force.full_trace.write(flat(self.read.chain), now=case.now, facts=facts),
            *([] if law is None else [law.to_document()]),
        ]
        return root


def decide(
    configurations: ConfigurationSet,
    facts: Facts,
    *,
    brand: str,
    now: datetime,
    legal_age: int = LOWEST_LEGAL_AGE,
    packs: Packs = NO_PACKS,
) -> Decision:
    """Decide for one player; pure, so that the same arguments give the same decision, byte for byte.

    Safety comes first. Then the brand's published, effective configurations are tried by descending priority: its
    segmentation, its qualification, its limits, its tiers. Last, the law of the player's place is weighed on the tier
    that would be granted. What nobody could read is never taken for a no (see `casino.bonus.story.tell`).

    `now` must be aware (ValueError); `brand` is compared in NFC; `legal_age` is in years and at least 18 (ValueError).
    Decisions on one set are quick from the second on: what was compiled stays with the set.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    brand = exact_text(brand)  # files hold NFC: a twin of the name would miss the brand's configurations
    found = in_force(configurations, brand=brand, now=now)
    return decide_case(Case(in_force=found, brand=brand, now=now, legal_age=legal_age, packs=packs), facts)


def decide_case(case: Case, facts: Facts) -> Decision:
    """Decide where the configurations in force are known."""
    return _compiled(case, facts) or _interpreted(case, facts)


def _compiled(case: Case, facts: Facts) -> Decision | None:
    """Decide by the compiled function; None where only the interpreter can: a veto, or something that is not known."""
    age = None if facts.unavailable else _age_where_clear(facts, case.legal_age)
    answer = None if age is None else case.in_force.program.decide_recorded(facts.tree, case.now)
    if answer is None:
        return None
    end, chain = answer
    law: Snapshot | None = None
    status = Status.NOT_QUALIFIED if end.tier is None else Status.QUALIFIED
    if case.packs != NO_PACKS:
        law = Snapshot.of(facts, case.in_force.law_reads)
        if end.tier is not None:
            status = lawful(weigh_law(end, law.facts(), now=case.now, packs=case.packs))
    return Decision(status=status, case=case, end=end, read=Compact(chain, age, law))


def _age_where_clear(facts: Facts, legal_age: int) -> Value:
    """Return the age of a player whom no safety fact stands against; None for everybody else."""
    safety = facts.tree.get("safety")
    if legal_age < LOWEST_LEGAL_AGE or not isinstance(safety, dict):
        return None
    for flag in SAFETY_FLAGS:
        if safety.get(flag) is not False:
            return None
    age = safety.get(SAFETY_AGE)
    if isinstance(age, bool) or not isinstance(age, int | Decimal):
        return None
    return age if age >= legal_age else None


def _interpreted(case: Case, facts: Facts) -> Decision:
    program = case.in_force.program
    law = case.in_force.law_reads if case.packs != NO_PACKS else ()
    snapshot = Snapshot.of(facts, (*SAFETY_READS, *program.paths, *law))
    story = _told(case, snapshot.facts())
    tried = [path for paths in program.paths_of[: story.tried] for path in paths]
    kept = snapshot.only((*SAFETY_READS, *tried, *(law if story.tried else ())))
    return Decision(status=story.status, case=case, end=story.end, read=kept, told_at_once=story)


def _told(case: Case, facts: Facts) -> Story:
    return tell(case.in_force.configurations, facts, now=case.now, legal_age=case.legal_age, packs=case.packs)


def _conditions(node: TraceNode) -> Iterator[TraceNode]:
    if node.kind == "condition":
        yield node
    for child in node.children:
        yield from _conditions(child)
