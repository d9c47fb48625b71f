"""The trace of a decision on the screen: every stage and condition with its verdict and the value it saw.

Each of the six outcomes has a mark of its own, so that the tree reads the same without colour.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.text import Text
from rich.tree import Tree

from casino.document import dump_json
from casino.values import Document, Value
from tools.ports import StoredDecision

VERDICTS = MappingProxyType({"yes": ("✓", "green"), "no": ("✗", "red"), "unknown": ("?", "yellow")})
OUTCOMES = MappingProxyType(  # of a condition that did not hold, and why
    {
        "missing": ("○", "red"),
        "null": ("∅", "red"),
        "type_mismatch": ("≠", "red"),
        "unavailable": ("?", "yellow"),
    }
)
OPEN = ("?", "yellow")
UNSEEN = frozenset({"missing", "unavailable"})
LONGEST_RULE, LONGEST_VALUE = 120, 60  # characters of a line of the tree; the record holds the rest


def trace_tree(decision: StoredDecision, *, whole: bool) -> Tree:
    """Return a stored decision's trace. Unless it is wanted whole, safety checks that all passed stand in one line."""
    head = {"status": decision.status, "configuration": decision.configuration, "tier": decision.tier}
    return record_tree({**decision.record, **head}, whole=whole)


def record_tree(record: Document, *, whole: bool) -> Tree:
    """Return the trace of a decision's record (`status`, `configuration`, `tier`, `trace`)."""
    where = f"{record.get('configuration') or 'no configuration'} · tier {record.get('tier') or 'none'}"
    tree = Tree(Text.assemble(("decision ", "bold"), f"{record.get('status')} · {where}"), guide_style="dim")
    trace = record.get("trace")
    for child in _children(trace if isinstance(trace, dict) else {}):
        _branch(tree, child, whole=whole)
    return tree


def section_tree(title: str, entries: Sequence[Document]) -> Tree:
    """Return one section of an explanation: for each configuration the stages it came to."""
    tree = Tree(Text(title, style="bold"), guide_style="dim")
    for entry in entries:
        branch = tree.add(Text(str(entry.get("configuration"))))
        nodes = entry.get("nodes")
        for node in nodes if isinstance(nodes, list) else []:
            if isinstance(node, dict):
                _branch(branch, node, whole=True)
    if not entries:
        tree.add(Text("nothing was weighed here", style="dim"))
    return tree


def _branch(tree: Tree, node: Mapping[str, Value], *, whole: bool) -> None:
    """Add a stage; a chain of single stages stands in one line."""
    label, children = _label(node), _children(node)
    while len(children) == 1:
        label.append(" → ", style="dim").append_text(_named(children[0]))
        children = _children(children[0])
    if not whole and node.get("kind") == "safety" and node.get("verdict") == "yes":
        tree.add(label.append(f" ({len(children)} checks passed)", style="dim"))
        return
    branch = tree.add(label)
    for child in children:
        _branch(branch, child, whole=whole)


def _label(node: Mapping[str, Value]) -> Text:
    mark, style = _mark(_deepest(node))
    return Text.assemble((mark, style), " ").append_text(_named(node))


def _deepest(node: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the node whose outcome a line shows: the last of a chain of single stages."""
    children = _children(node)
    return _deepest(children[0]) if len(children) == 1 else node


def _mark(node: Mapping[str, Value]) -> tuple[str, str]:
    verdict = str(node.get("verdict"))
    held = VERDICTS.get(verdict, OPEN)
    return held if verdict == "yes" else OUTCOMES.get(str(node.get("outcome")), held)


def _named(node: Mapping[str, Value]) -> Text:
    """Return what a node is, and for a condition what it saw."""
    named = Text(clipped(str(node.get("label", "")), LONGEST_RULE))
    if node.get("path") is not None:
        named.append(_saw(node), style="dim")
    if isinstance(expression := node.get("expression"), str):
        named.append(f" ← {clipped(expression, LONGEST_RULE)}", style="dim")
    return named


def _saw(node: Mapping[str, Value]) -> str:
    outcome = str(node.get("outcome"))
    saw = "" if outcome in UNSEEN else f" (is {clipped(dump_json(node.get('actual')), LONGEST_VALUE)}{_measured(node)})"
    word = "" if outcome in {"pass", "fail"} else f" {outcome.replace('_', ' ')}"
    let_through = ", let through" if outcome == "missing" and node.get("verdict") == "yes" else ""
    return f"{saw}{word}{let_through}"


def _measured(node: Mapping[str, Value]) -> str:
    measured = node.get("measured")
    return "" if measured is None else f", measured {dump_json(measured)}"


def clipped(text: str, longest: int) -> str:
    """Return a text that is no longer than `longest` characters, with an ellipsis where something was cut off."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _children(node: Mapping[str, Value]) -> list[dict[str, Value]]:
    children = node.get("children")
    return [one for one in children if isinstance(one, dict)] if isinstance(children, list) else []
