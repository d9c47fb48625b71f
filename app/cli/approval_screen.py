"""An approval on the screen: what is asked, for whom, how much, why by policy, who voted, and until when."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.cli.trace import trace_tree
from casino.document import Writable, dump_json
from casino.values import Document, Value
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.ports import StoredDecision

QUESTIONS = {
    About.EFFECT: "may this be done?",
    About.DOUBT: "did this take effect? approve: it did; deny: it certainly did not",
}
STYLES = {ApprovalState.OPEN: "bold yellow", ApprovalState.APPROVED: "green", ApprovalState.DENIED: "red"}
WHAT_WIDTH = 10


def approval_document(approval: Approval, *, now: datetime, data: str) -> dict[str, Writable]:
    """Return a request for a machine."""
    return {
        "approval": approval.approval_id,
        "about": approval.about.value,
        "state": approval.standing(now).value,
        "ticket": approval.ticket_id,
        "tool": approval.tool,
        "effect_key": approval.effect_key,
        "policy": approval.policy,
        "needed": approval.needed,
        "requester": approval.requester,
        "intent": approval.intent,
        "asked_at": approval.asked_at.isoformat(),
        "expires_at": approval.expires_at.isoformat(),
        "votes": [_vote_document(vote) for vote in approval.votes],
        "data": data,
    }


def approval_line(approval: Approval, *, now: datetime) -> Text:
    """Return a request in one line."""
    state = approval.standing(now)
    line = Text.assemble(
        (approval.approval_id, "bold"),
        "  ",
        (f"{state.value:<9}", STYLES.get(state, "dim")),
        f"  {approval.about.value:<6}  {_yeses(approval)} of {approval.needed}  {approval.tool}",
        f"  {_whom(_body(approval))}  {what(_body(approval))}",
    )
    return line.append(f"  {_left(approval, now)}" if state is ApprovalState.OPEN else "", style="dim")


def approval_lines(approval: Approval, decision: StoredDecision | None, *, now: datetime) -> Iterator[RenderableType]:
    """Yield a whole request, with the trace of its decision in short."""
    state, body = approval.standing(now), _body(approval)
    yield Text.assemble(
        (approval.approval_id, "bold"), "  ", (state.value, STYLES.get(state, "dim")), f"  {QUESTIONS[approval.about]}"
    )
    yield row("what", f"{approval.tool}: {what(body)}")
    yield row("for", f"{_whom(body)}, ticket {approval.ticket_id}")
    yield row("why", f'policy "{approval.policy}": {_approvers(approval.needed)}')
    yield row("asked", f"by {approval.requester}, {moment(approval.asked_at)}")
    if approval.about is About.EFFECT:  # a doubt waits until somebody settles it
        yield row("expires", f"{moment(approval.expires_at)} {_left(approval, now)}".rstrip())
    for vote in approval.votes:
        yield row("vote", f'{vote.approver}: {vote.verdict}, "{vote.reason}", {moment(vote.at)}')
    yield row("key", approval.effect_key)
    if decision is not None:
        yield Padding(trace_tree(decision, whole=False), (0, 0, 0, WHAT_WIDTH + 2))


def what(body: Document) -> str:
    """Say what an effect gives or does: a reward with its fields, else the body as it is."""
    reward = body.get("reward")
    if not isinstance(reward, dict):
        return dump_json(body)
    fields = [_field(name, value, body) for name, value in reward.items() if name != "rewardType" and value is not None]
    return f"{reward.get('rewardType', 'reward')} ({', '.join(fields)})"


def moment(at: datetime) -> str:
    """Write a moment as people read it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def row(name: str, words: str) -> Text:
    """Return one line: a word, and what it is."""
    return Text.assemble((f"  {name:<{WHAT_WIDTH}}", "dim"), words)


def _field(name: str, value: Value, body: Document) -> str:
    currency = f" {body['currency']}" if name == "amount" and body.get("currency") is not None else ""
    return f"{name} {value if isinstance(value, str) else dump_json(value)}{currency}"


def _whom(body: Document) -> str:
    player, brand = body.get("player_id"), body.get("brand")
    return f"player {player} of {brand}" if player is not None else "nobody named"


def _body(approval: Approval) -> Document:
    body = approval.intent.get("body")
    return body if isinstance(body, dict) else {}


def _yeses(approval: Approval) -> int:
    return sum(vote.verdict == "approve" for vote in approval.votes)


def _approvers(needed: int) -> str:
    return "one approver" if needed == 1 else f"{needed} different approvers"


def _left(approval: Approval, now: datetime) -> str:
    if approval.about is About.DOUBT or approval.standing(now) is not ApprovalState.OPEN:
        return ""
    minutes = (approval.expires_at - now) // timedelta(minutes=1)
    return f"({minutes // 60} h {minutes % 60} min left)"


def _vote_document(vote: Vote) -> dict[str, Writable]:
    return {"approver": vote.approver, "verdict": vote.verdict, "reason": vote.reason, "at": vote.at.isoformat()}
