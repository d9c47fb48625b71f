"""An approval on the screen: what is asked, for whom, how much, why by policy, who voted, and until when."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.cli.screen import called
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
        f"  {_whom(_body(approval))}  {gist(_body(approval))}",
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
    if approval.about is About.DOUBT and state is ApprovalState.OPEN:
        ask = f"{called()} ledger reconcile {approval.effect_key}"
        yield row("look", f"in the back office, under that key; or ask it, which may settle this: {ask}")
    if decision is not None:
        yield Padding(trace_tree(decision, whole=False), (0, 0, 0, WHAT_WIDTH + 2))


def what(body: Document) -> str:
    """Say what an effect gives or does: a reward with its fields, else the body as it is."""
    reward = body.get("reward")
    if not isinstance(reward, dict):
        return dump_json(body)
    fields = [_field(name, value, body) for name, value in reward.items() if name != "rewardType" and value is not None]
    return f"{reward.get('rewardType', 'reward')} ({', '.join(fields)})"


def gist(body: Document) -> str:
    """Say in a few words what an effect gives or does: template or amount, and nothing that anybody has written."""
    reward = body.get("reward")
    if isinstance(reward, dict):
        kind, named = reward.get("rewardType", "reward"), reward.get("templateName")
        if named is not None:
            return f"{kind} {named}"
        amount = _short_amount(reward, body)
        return f"{kind} {amount}" if amount else f"{kind}"
    known = {"topic": body.get("topic"), "reason": body.get("reason_code")}
    return ", ".join(f"{name} {word}" for name, word in known.items() if word is not None)


def to_whom(body: Document) -> str:
    """Name whom an effect is for, by id; nothing where nobody is named."""
    player = body.get("player_id")
    return "" if player is None else f"player {player}"


def decided(approval: Approval) -> str:
    """Say how a request was decided, by whom and when."""
    if approval.state is ApprovalState.WITHDRAWN:
        return "it has been withdrawn: nothing is left to decide"
    if approval.state is ApprovalState.EXPIRED or not approval.votes:
        return f"it has been closed: its time was over, {moment(approval.expires_at)}"
    verdict = "deny" if approval.state is ApprovalState.DENIED else "approve"
    who = " and ".join(vote.approver for vote in approval.votes if vote.verdict == verdict)
    return f"it has been decided: {approval.state.value} by {who}, {moment(approval.votes[-1].at)}"


def moment(at: datetime) -> str:
    """Write a moment as people read it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def row(name: str, words: str) -> Text:
    """Return one line: a word, and what it is."""
    return Text.assemble((f"  {name:<{WHAT_WIDTH}}", "dim"), words)


def _field(name: str, value: Value, body: Document) -> str:
    currency = f" {body['currency']}" if name == "amount" and body.get("currency") is not None else ""
    return f"{name} {value if isinstance(value, str) else dump_json(value)}{currency}"


def _short_amount(reward: Document, body: Document) -> str:
    """Return how much, of what: money in the player's currency, or a number of spins."""
    amount, spins = reward.get("amount"), reward.get("spinsCount")
    if amount is None:
        return "" if spins is None else f"{dump_json(spins)} spins"
    unit = "spins" if reward.get("amountType") == "free_spins" else body.get("currency")
    return dump_json(amount) if unit is None else f"{dump_json(amount)} {unit}"


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
