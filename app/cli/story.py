"""A ticket as a story on the screen: who said what, which tools ran, how it was decided, which rows changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.cli.screen import called
from app.cli.trace import trace_tree
from casino.document import dump_json
from casino.values import Document, Value
from evals.end_state import EndState
from tools.ports import StoredDecision
from tools.record import ERASED, Entry, Kind
from tools.world import DECISION

GOOD = {"ok", "done"}
# By kind: who has the line, the words made of the entry's body, and the style.
TOLD: Mapping[str, tuple[str, str, str]] = {
    Kind.PLAYER_MESSAGE: ("player", "{text}", "bold cyan"),
    Kind.AGENT_MESSAGE: ("agent", "{text}", "bold green"),
    Kind.TRIAGE: ("route", "{procedure} ({why})", "dim"),
    Kind.APPROVAL_ASKED: ("gate", "{tool} waits for a human: {policy}", "yellow"),
    Kind.APPROVAL_VOTED: ("vote", "{approver}: {verdict} ({reason})", "yellow"),
    Kind.REPLY_REJECTED: ("check", "not sent: {cut} ({why})", "yellow"),
    Kind.FAILURE: ("failure", "{why}", "bold red"),
    Kind.ERASED: ("erased", "by {by}: {reason}", "bold red"),
}
SHORT = 160
INDENT = 11  # where the words begin


def talk(entries: Iterable[Entry], decisions: Mapping[str, StoredDecision]) -> Iterator[RenderableType]:
    """Yield the conversation and the calls in order, each decision with its trace. What was erased is left out."""
    for entry in entries:
        body = entry.body
        if body == ERASED:
            continue
        match entry.kind:
            case Kind.TOOL_RESULT:
                yield _result(body)
                yield from _traces(body, decisions)
            case kind if kind in TOLD:
                who, words, style = TOLD[kind]
                yield _line(who, words.format_map(_Words(body)), style)
            case _:
                continue


class _Words(dict[str, Value]):
    """The values of an entry as words: nothing for one that was erased, and a shorter one where it is only quoted."""

    def __init__(self, body: Document) -> None:
        super().__init__({**body, "cut": _short(str(body.get("text", "")))})

    def __missing__(self, name: str) -> str:
        return ""


def _line(who: str, words: str | Text, style: str) -> RenderableType:
    """Return one line: who in a column of its own, and words that wrap below themselves and are never markup."""
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(width=INDENT - 2, justify="right", style=style)
    line.add_column()
    line.add_row(who, words if isinstance(words, Text) else Text(words))
    return line


def _result(body: Document) -> RenderableType:
    status, data = str(body["status"]), body["data"]
    style = "magenta" if status in GOOD else "bold yellow"
    words = Text.assemble((str(body["name"]), style), " ", (status, "" if status in GOOD else "bold yellow"))
    for name, value in _pairs(data if isinstance(data, dict) else {}):
        words.append(f" · {name} ", style="dim").append(_short(value))
    return _line("tool", words, style)


def _traces(body: Document, decisions: Mapping[str, StoredDecision]) -> Iterator[RenderableType]:
    established = body.get("establishes")
    fact = established.get(DECISION) if isinstance(established, dict) else None
    if isinstance(fact, dict) and (decision := decisions.get(str(fact.get("decision_id")))) is not None:
        yield Padding(trace_tree(decision, whole=False), (0, 0, 0, INDENT))


def _pairs(value: Mapping[str, Value], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the plain values of a tree with their paths; what is null or empty is left out."""
    for name, one in value.items():
        where = f"{path}.{name}" if path else name
        if isinstance(one, dict):
            yield from _pairs(one, where)
        elif one not in (None, [], ""):
            yield where, _plain(one)


def _plain(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return value if isinstance(value, str) else dump_json(value)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def rows_changed(changes: Sequence[Document] | None, handoffs: Sequence[Document]) -> RenderableType:
    """Return the rows that are new or changed, in the back office and in the humans' inbox."""
    lines = [Text.assemble((f"{one['table']} {one['row_id']}", "blue"), _change(one)) for one in changes or ()]
    if changes is None:
        lines.append(Text("those of a back office of your own cannot be seen from here", style="dim"))
    for one in handoffs:
        asked = f" · asked: {_short(str(one['asked']))}"
        lines.append(Text.assemble((f"handoffs {one['reason_code']}", "blue"), f" · {one['why']}", asked))
    lines = lines or [Text("none changed", style="dim")]
    return Group(*(_line("rows", line, "blue") for line in lines))


def _change(row: Document) -> Text:
    """Return what is new in a row: all of a new one, of an old one what differs."""
    before, after = row.get("before"), row.get("after")
    if not isinstance(after, dict):
        return Text(" removed")
    old = dict(_pairs(before)) if isinstance(before, dict) else {}
    words = Text(" new" if not old else "")
    for name, value in _pairs(after):
        if old.get(name) != value:
            was = f"{old[name]} → " if name in old else ""
            words.append(f" · {name} ", style="dim").append(f"{was}{_short(value)}")
    return words


def ending(found: EndState, path: Sequence[str], wrong: Sequence[str]) -> RenderableType:
    """Return the path through the states, the end state, and what differs from what was expected."""
    end = f"{found.outcome or 'open'} · decision {found.decision or 'none'} · handoff {found.handoff or 'none'}"
    told = [_line("path", Text(" → ".join(path), style="dim"), "dim"), _line("end", Text(end, style="bold"), "bold")]
    told += [_line("differs", line, "bold red") for line in wrong]
    return Group(*told)


def panel(title: str, parts: Iterable[RenderableType], *, good: bool | None) -> Panel:
    """Frame one story; green where the end state is as expected, red where not."""
    style = {True: "green", False: "red", None: "blue"}[good]
    return Panel(Group(*parts), title=Text(title), title_align="left", border_style=style)


def say_record(console: Console, ticket_id: str, data: Path) -> None:
    """Say how to see the whole record of a ticket."""
    near = data.relative_to(Path.cwd()) if data.is_absolute() and data.is_relative_to(Path.cwd()) else data
    hint = f"The whole record: {called()} tickets show {ticket_id} --data {near}"
    console.print(hint, style="dim", soft_wrap=True)


def say_model_down(reasons: Iterable[str]) -> None:
    """Say on stderr why the language model could not answer, and who did."""
    for reason in reasons:
        click.echo(f"{reason}. The built-in policy model answered instead.", err=True)
