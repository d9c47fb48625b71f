"""Bind a procedure to tools: its mentions are the tools that it may use, and some need a verified player."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from agent.playbook.procedure import Finding, Mention, Procedure, ProcedureError
from agent.playbook.vocabulary import did_you_mean


@dataclass(frozen=True, slots=True)
class Bound:
    """A procedure with the tools that it may use, in the order of their first mention."""

    procedure: Procedure
    tools: tuple[str, ...]
    forced_verification: bool


def bind(procedure: Procedure, tools: Mapping[str, bool]) -> Bound:
    """Bind the mentions of actions and contexts to tools.

    `tools` says of each tool whether it needs a verified player; a mentioned field always does. Verification is then
    on whatever the file says, and a notice says why. Apply `for_brand` first where a brand's own body counts.
    ProcedureError where a mentioned tool is not among `tools`.
    """
    unknown = tuple(_unknown(procedure, tools))
    if unknown:
        raise ProcedureError(unknown)
    bound = tuple(dict.fromkeys(mention.id for mention in procedure.mentions if mention.kind in {"action", "context"}))
    needing = next((mention for mention in procedure.mentions if _needs_verified(mention, tools)), None)
    if procedure.verify_player or needing is None:
        return Bound(procedure, bound, forced_verification=False)
    forced = replace(
        procedure,
        verify_player=True,
        verify_forced_by=f"{needing.kind}:{needing.id}",
        notices=(*procedure.notices, _notice(procedure, needing)),
    )
    return Bound(forced, bound, forced_verification=True)


def _needs_verified(mention: Mention, tools: Mapping[str, bool]) -> bool:
    return mention.kind == "field" or (mention.kind in {"action", "context"} and tools[mention.id])


def _unknown(procedure: Procedure, tools: Mapping[str, bool]) -> Iterator[Finding]:
    for mention in procedure.mentions:
        if mention.kind in {"action", "context"} and mention.id not in tools:
            mend = did_you_mean(mention.id, tools, otherwise="Bring the tool, or take the mention out.")
            message = f"No tool stands behind {mention.kind}:{mention.id}"
            yield Finding(procedure.file, mention.place.line, mention.place.column, "P106", "error", message, mend)


def _notice(procedure: Procedure, needing: Mention) -> Finding:
    message = f'"{needing.label}" needs a verified player, so verification is on'
    mend = 'Write "verify_player: true" to say so in the file.'
    return Finding(procedure.file, needing.place.line, needing.place.column, "P107", "notice", message, mend)
