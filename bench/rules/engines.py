"""The engines that are measured, each given the same configurations in its own tongue.

A translation holds for what the job has: numbers, texts, booleans and lists of texts, fields present or missing. A
guard for a missing field stands only where the engine would otherwise let it through, or raise.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any

import zen
from cel_expr_python import cel
from datalogic_py import DataHandle, Engine
from job import REQUIRED

from casino.bonus.configuration import Configuration
from casino.rules.condition import Condition, Operator
from casino.values import Value

Player = Mapping[str, Any]
Answer = tuple[int, int] | None  # the places of configuration and tier
Decide = Callable[[Any], int]  # -1, or the place of the configuration times ten, plus that of the tier
LISTS = {Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE}
NONE = -1


def number(configuration: int, tier: int) -> int:
    """Return one number for a decision: what every engine answers with."""
    return configuration * 10 + tier


def floats(value: Value) -> Any:  # noqa: ANN401  # what peers take: JSON with floats
    """Return a value as peers take it; the job's fractions are quarters, which floats hold exactly."""
    match value:
        case Decimal():
            return float(value)
        case list():
            return [floats(item) for item in value]
        case dict():
            return {key: floats(item) for key, item in value.items()}
        case _:
            return value


# ---------------------------------------------------------------------------------------------------------------------
# Our own plain closures: what one writes without a code generator, in the same meaning.

_ORDERS = {Operator.GREATER: gt, Operator.GREATER_OR_EQUAL: ge, Operator.LESS: lt, Operator.LESS_OR_EQUAL: le}
_ABSENT = object()


def closures(configurations: Sequence[Configuration]) -> Decide:
    """Return a function that walks lists of closures, one to a condition."""
    plans = [
        (
            number(place, 0),
            [_closure(one) for one in (*configuration.segmentation, *configuration.qualification)],
            [[_closure(one) for one in tier.when] for tier in configuration.tiers],
        )
        for place, configuration in enumerate(configurations)
    ]

    def decide(player: Player) -> int:
        for answer, conditions, tiers in plans:
            for holds in conditions:
                if not holds(player):
                    break
            else:
                for place, tier in enumerate(tiers):
                    if all(holds(player) for holds in tier):
                        return answer + place
                return NONE
        return NONE

    return decide


def _getter(path: str) -> Callable[[Player], Any]:
    steps = path.split(".")
    if len(steps) == 2:
        root, key = steps

        def shallow(player: Player) -> Any:  # noqa: ANN401  # any value of the player
            above = player.get(root)
            return above.get(key, _ABSENT) if type(above) is dict else _ABSENT

        return shallow

    def deep(player: Player) -> Any:  # noqa: ANN401  # any value of the player
        value: Any = player
        for step in steps:
            if type(value) is not dict or step not in value:
                return _ABSENT
            value = value[step]
        return value

    return deep


def _closure(condition: Condition) -> Callable[[Player], bool]:  # noqa: C901, PLR0911  # one branch to an operator
    get, expected = _getter(condition.path), condition.expected
    match condition.operator:
        case Operator.EQUAL if isinstance(expected, bool):
            return lambda player: get(player) is expected
        case Operator.EQUAL:
            return lambda player: get(player) == expected
        case Operator.NOT_EQUAL:
            return lambda player: type(value := get(player)) is str and value != expected
        case Operator.IS_IN:
            wanted = frozenset(expected)
            return lambda player: type(value := get(player)) is str and value in wanted
        case Operator.CONTAINS:
            return lambda player: type(value := get(player)) is list and expected in value
        case Operator.CONTAINS_ANY:
            return lambda player: type(value := get(player)) is list and any(item in value for item in expected)
        case Operator.CONTAINS_ALL:
            return lambda player: type(value := get(player)) is list and all(item in value for item in expected)
        case Operator.CONTAINS_NONE:

            def none(player: Player) -> bool:
                value = get(player)
                if type(value) is not list or any(item in value for item in expected):
                    return False
                return not value or any(type(item) is str for item in value)

            return none
        case _:
            order = _ORDERS[condition.operator]
            return lambda player: type(value := get(player)) in (int, Decimal) and order(value, expected)


# ---------------------------------------------------------------------------------------------------------------------
# datalogic-py: JsonLogic in Rust.


def datalogic(configurations: Sequence[Configuration]) -> Decide:
    """Return the rule as one `if` with an answer at each leaf; players are handles, parsed beforehand."""
    branches: list[Any] = []
    for place, configuration in enumerate(configurations):
        tiers: list[Any] = []
        for at, tier in enumerate(configuration.tiers):
            tiers += [_logic_all(tier.when), number(place, at)]
        branches += [_logic_all((*configuration.segmentation, *configuration.qualification)), {"if": [*tiers, NONE]}]
    engine = Engine()
    rule = engine.compile({"if": [*branches, NONE]})
    session = engine.session()
    evaluate = session.evaluate_int
    return lambda handle: evaluate(rule, handle)


def parsed(player: Player) -> DataHandle:
    """Return a player as datalogic-py takes it soonest."""
    return DataHandle(json.dumps(player))


def _logic_all(conditions: Sequence[Condition]) -> Any:  # noqa: ANN401  # JsonLogic
    written = [_logic(condition) for condition in conditions]
    return written[0] if len(written) == 1 else {"and": written}


def _logic(condition: Condition) -> Any:  # noqa: ANN401, PLR0911  # JsonLogic; one branch to an operator
    var, expected = {"var": condition.path}, floats(condition.expected)
    known = [] if condition.path in REQUIRED else [{"!==": [var, None]}]
    match condition.operator:
        case Operator.EQUAL:
            return {"===": [var, expected]}
        case Operator.IS_IN:
            return {"in": [var, expected]}
        case Operator.CONTAINS:
            return {"and": [*known, {"in": [expected, var]}]}
        case Operator.CONTAINS_ANY:
            return {"and": [*known, {"or": [{"in": [item, var]} for item in expected]}]}
        case Operator.CONTAINS_ALL:
            return {"and": [*known, *({"in": [item, var]} for item in expected)]}
        case Operator.CONTAINS_NONE:
            return {"and": [*known, {"!": {"or": [{"in": [item, var]} for item in expected]}}]}
        case Operator.NOT_EQUAL:
            return {"and": [*known, {"!==": [var, expected]}]}
        case _:
            return {"and": [*known, {condition.operator.value: [var, expected]}]}


# ---------------------------------------------------------------------------------------------------------------------
# zen-engine and C++ CEL: one expression of nested choices.


def zen_expression(configurations: Sequence[Configuration]) -> Decide:
    """Return the rule as one compiled expression of zen-engine."""
    compiled = zen.compile_expression(_choices(configurations, _zen, " and "))
    return lambda player: int(compiled.evaluate(player))


def cel_expression(configurations: Sequence[Configuration]) -> Decide:
    """Return the rule as one compiled expression of Google's C++ CEL."""
    kind = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    env = cel.NewEnv(variables={"player": kind, "tools": kind})
    compiled = env.compile(_choices(configurations, _cel, " && "))
    return lambda player: compiled.eval(data={"player": player["player"], "tools": player["tools"]}).value()


def _choices(configurations: Sequence[Configuration], write: Callable[[Condition], str], joined: str) -> str:
    text = str(NONE)
    for place, configuration in reversed([*enumerate(configurations)]):
        tiers = str(NONE)
        for at, tier in reversed([*enumerate(configuration.tiers)]):
            tiers = f"({joined.join(map(write, tier.when))} ? {number(place, at)} : {tiers})"
        conditions = (*configuration.segmentation, *configuration.qualification)
        text = f"({joined.join(map(write, conditions))} ? {tiers} : {text})"
    return text


def _quoted(value: Any) -> str:  # noqa: ANN401  # a literal of the job
    return json.dumps(value)


def _zen(condition: Condition) -> str:
    path, expected = condition.path, floats(condition.expected)
    known = "" if condition.path in REQUIRED else f"{path} != null and "
    if condition.operator in LISTS:
        return known + _contained(condition.operator, path, expected, (" and ", " or ", "not "))
    if condition.operator is Operator.IS_IN:
        return f"{path} in {_quoted(expected)}"
    if condition.operator is Operator.EQUAL:
        return f"{path} == {_quoted(expected)}"
    return f"{known}{path} {condition.operator.value} {_quoted(expected)}"


def _cel(condition: Condition) -> str:
    path, expected = condition.path, floats(condition.expected)
    known = "" if condition.path in REQUIRED else f"has({path}) && "
    if condition.operator in LISTS:
        return known + _contained(condition.operator, path, expected, (" && ", " || ", "!"))
    if condition.operator is Operator.IS_IN:
        return f"{known}{path} in {_quoted(expected)}"
    return f"{known}{path} {condition.operator.value} {_quoted(expected)}"


def _contained(operator: Operator, path: str, expected: Any, words: tuple[str, str, str]) -> str:  # noqa: ANN401
    every, some, never = words
    items = [f"({_quoted(item)} in {path})" for item in (expected if isinstance(expected, list) else [expected])]
    if operator is Operator.CONTAINS_NONE:
        return f"{never}({some.join(items)})"
    return f"({(every if operator is Operator.CONTAINS_ALL else some).join(items)})"


# ---------------------------------------------------------------------------------------------------------------------
# json-rules-engine, from npm: every condition with its result, as its users read why a rule failed.


def json_rules(
    configurations: Sequence[Configuration], players: Sequence[Player], folder: Path
) -> Mapping[str, tuple[list[int], float]]:
    """Run it in Node, with its own JSONPath and with a short resolver of ours.

    Returns for each the decisions, and the CPU microseconds per player (median of its rounds). Raises FileNotFoundError
    where there is no npm.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise FileNotFoundError("npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", "json-rules-engine@7.3"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=90)  # noqa: S603  # a fixed command
    rules = [
        {
            "priority": 10_000 - number(place, at),
            "answer": number(place, at),
            "all": [_json_rule(one) for one in (*configuration.segmentation, *configuration.qualification, *tier.when)],
        }
        for place, configuration in enumerate(configurations)
        for at, tier in enumerate(configuration.tiers)
    ]
    (folder / "job.json").write_text(json.dumps({"rules": rules, "players": [*players]}), "utf-8")
    script = Path(__file__).with_name("json_rules_engine.js")
    (folder / script.name).write_text(script.read_text("utf-8"), "utf-8")
    answers: dict[str, tuple[list[int], float]] = {}
    for paths in ("JSONPath", "own"):
        command = [node, script.name, paths]
        run = subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)  # noqa: S603  # fixed
        answer = json.loads(run.stdout)
        answers[paths] = answer["decisions"], answer["us"]
    return answers


_JSON_RULES = {
    Operator.EQUAL: "equal",
    Operator.NOT_EQUAL: "known and not equal",
    Operator.GREATER: "greaterThan",
    Operator.GREATER_OR_EQUAL: "greaterThanInclusive",
    Operator.LESS: "lessThan",
    Operator.LESS_OR_EQUAL: "lessThanInclusive",
    Operator.IS_IN: "in",
    Operator.CONTAINS: "contains",
    Operator.CONTAINS_ANY: "any of",
    Operator.CONTAINS_ALL: "all of",
    Operator.CONTAINS_NONE: "none of",
}


def _json_rule(condition: Condition) -> dict[str, Any]:
    root, _, path = condition.path.partition(".")
    value = floats(condition.expected)
    return {"fact": root, "path": f"$.{path}", "operator": _JSON_RULES[condition.operator], "value": value}
