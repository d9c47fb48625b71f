"""A ticket as a story on the screen: who said what, which tools ran, how it was decided, which rows changed."""

from collections.abc import Iterable, Mapping, Sequence

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text
from rich.tree import Tree

from agent.memory.kinds import Kind
from casino.document import Writable, dump_json
from casino.values import Document, Value
from evals.end_state import EndState
from tools.ports import Entry, StoredDecision

MARKS = {"pass": "[green]✓[/]", "yes": "[green]✓[/]", "fail": "[red]✗[/]", "no": "[red]✗[/]"}
GOOD = {"ok", "done"}
SHORT = 110
SCHEMA_VERSION = 1  # of what `--json` writes


def talk(entries: Iterable[Entry]) -> Iterable[RenderableType]:
    """Yield the conversation and the calls, in order."""
    for entry in entries:
        body = entry.body
        match entry.kind:
            case Kind.PLAYER_MESSAGE:
                yield _line("player", str(body["text"]), "bold cyan")
            case Kind.AGENT_MESSAGE:
                yield _line("agent", str(body["text"]), "bold green")
            case Kind.TRIAGE:
                yield _line("route", f"{body['procedure']} ({body['why']})", "dim")
            case Kind.TOOL_RESULT:
                yield _result(body)
            case Kind.REPLY_REJECTED:
                yield _line("check", f"not sent: {_short(str(body['text']))} ({body['why']})", "yellow")
            case Kind.FAILURE:
                yield _line("failure", str(body["why"]), "bold red")
            case _:
                continue


def _line(who: str, text: str, style: str) -> Padding:
    """One line of the story: who in a column of its own, the words never read as markup."""
    return Padding(Text.assemble((f"{who:>8}  ", style), text), (0, 0, 0, 1))


def _result(body: Document) -> Padding:
    status, data = str(body["status"]), body["data"]
    told = dump_json({key: value for key, value in data.items() if key != "reasons"}) if isinstance(data, dict) else ""
    style = "magenta" if status in GOOD else "bold yellow"
    return _line("tool", f"{body['name']} → {status}  {_short(told)}", style)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def trace_tree(decision: StoredDecision) -> Tree:
    """Return the decision's trace: every stage and condition with its verdict and the value it saw."""
    where = f"{decision.configuration or 'no configuration'} · tier {decision.tier or '-'}"
    tree = Tree(Text.assemble(("decision", "bold"), f" {decision.status} · {where}"))
    trace = decision.record.get("trace")
    if isinstance(trace, dict):
        for child in _children(trace):
            _branch(tree, child)
    return tree


def _branch(tree: Tree, node: Mapping[str, Value]) -> None:
    mark = MARKS.get(str(node.get("outcome") or node.get("verdict")), "[yellow]?[/]")
    label = Text.from_markup(mark + " ")
    label.append(str(node.get("label", "")))
    if node.get("path") is not None:
        outcome = node.get("outcome")
        saw = "" if outcome in {"missing", "unavailable"} else f" (is {dump_json(node.get('actual'))})"
        label.append(f"{saw}{'' if outcome in {'pass', 'fail'} else f' {outcome}'}", style="dim")
    branch = tree.add(label)
    for child in _children(node):
        _branch(branch, child)


def _children(node: Mapping[str, Value]) -> list[dict[str, Value]]:
    children = node.get("children")
    return [one for one in children if isinstance(one, dict)] if isinstance(children, list) else []


def rows_changed(changes: Sequence[Document], handoffs: Sequence[Document]) -> RenderableType:
    """Return the rows that are new or changed, in the back office and in the humans' inbox."""
    lines = [f"{one['table']} {one['row_id']}: {_row(one.get('after'))}" for one in changes]
    lines += [f"handoffs: {one['reason_code']} · asked: {_short(str(one['asked']))} · {one['why']}" for one in handoffs]
    if not lines:
        return _line("rows", "none changed", "dim")
    return Group(*(_line("rows", line, "blue") for line in lines))


def _row(after: Value) -> str:
    return "removed" if after is None else _short(dump_json(after))


def ending(found: EndState, path: Sequence[str], wrong: Sequence[str]) -> RenderableType:
    """Return the end state, the path through the states, and what differs from what was expected."""
    told = [
        _line("path", " → ".join(path), "dim"),
        _line(
            "end", f"{found.outcome} · decision {found.decision or 'none'} · handoff {found.handoff or 'none'}", "bold"
        ),
    ]
    told += [_line("differs", line, "bold red") for line in wrong]
    return Group(*told)


def panel(title: str, parts: Iterable[RenderableType], *, good: bool | None) -> Panel:
    """Frame one story; green where the end state is as expected, red where not."""
    style = {True: "green", False: "red", None: "blue"}[good]
    return Panel(Group(*parts), title=Text(title), title_align="left", border_style=style)


def people(*, as_json: bool) -> Console:
    """Return where people's output goes: stdout, or stderr where a machine reads stdout. Words are never markup."""
    return Console(stderr=as_json, highlight=False, markup=False, emoji=False)


def write_json(document: Mapping[str, Writable]) -> None:
    """Write a document for a machine to stdout: one line, UTF-8 whatever the terminal's encoding is."""
    click.echo(dump_json({"schema_version": SCHEMA_VERSION, **document}).encode())


def say_model_down(reasons: Iterable[str]) -> None:
    """Say on stderr why the language model could not answer, and who did."""
    for reason in reasons:
        click.echo(f"{reason}. The built-in policy model answered instead.", err=True)
