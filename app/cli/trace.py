"""The trace of a decision on the screen: every stage and condition with its verdict and the value it saw."""

from collections.abc import Mapping

from rich.text import Text
from rich.tree import Tree

from casino.document import dump_json
from casino.values import Value
from tools.ports import StoredDecision

MARKS = {"pass": ("✓", "green"), "yes": ("✓", "green"), "fail": ("✗", "red"), "no": ("✗", "red")}
OPEN = ("?", "yellow")
UNSEEN = frozenset({"missing", "unavailable"})


def trace_tree(decision: StoredDecision, *, whole: bool) -> Tree:
    """Return a decision's trace. Unless it is wanted whole, safety checks that all passed stand in one line."""
    where = f"{decision.configuration or 'no configuration'} · tier {decision.tier or 'none'}"
    tree = Tree(Text.assemble(("decision ", "bold"), f"{decision.status} · {where}"), guide_style="dim")
    trace = decision.record.get("trace")
    for child in _children(trace if isinstance(trace, dict) else {}):
        _branch(tree, child, whole=whole)
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
    mark, style = MARKS.get(str(node.get("outcome") or node.get("verdict")), OPEN)
    return Text.assemble((mark, style), " ").append_text(_named(node))


def _named(node: Mapping[str, Value]) -> Text:
    """Return what a node is, and for a condition what it saw."""
    named = Text(str(node.get("label", "")))
    if node.get("path") is not None:
        outcome = str(node.get("outcome"))
        saw = "" if outcome in UNSEEN else f" (is {dump_json(node.get('actual'))})"
        named.append(f"{saw}{'' if outcome in {'pass', 'fail'} else f' {outcome}'}", style="dim")
    return named


def _children(node: Mapping[str, Value]) -> list[dict[str, Value]]:
    children = node.get("children")
    return [one for one in children if isinstance(one, dict)] if isinstance(children, list) else []
