"""A tool from a typed function: its signature is the arguments, its docstring is what the model reads.

A read or a decision is the function itself. An effect is not: the call becomes an intent that holds the arguments and,
where the function asks for it, the call; behind the gate the function runs from that intent and from nothing else.
"""

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model

from casino.document import canonical_json, dump_json
from casino.values import Document, Value
from tools.legal import refusal
from tools.ports import Refused, Unavailable
from tools.tool import EFFECTS, Arguments, AttemptLimit, Call, Fact, Grounds, Intent, Kind, Need, Result, Status, Tool

Given: TypeAlias = Mapping[str, Value] | Result | Refused
Function: TypeAlias = Callable[..., Given | Awaitable[Given]]

DIGEST = 16  # hexadecimal digits that tell two sets of arguments on one ticket apart


def tool_from(  # noqa: PLR0913  # a declaration: each of its words has a name
    function: Function,
    *,
    kind: Kind,
    needs: tuple[str | Need, ...] = (),
    establishes: tuple[str, ...] = (),
    outcome: str | None = None,
    built_in: bool = False,
    name: str | None = None,
    display_name: str | None = None,
    attempts: AttemptLimit | None = None,
) -> Tool[Any]:
    """Declare a function, sync or async, as a tool. A sync one runs on the event loop, so it must be quick.

    A first parameter annotated `Call[…]` receives the call. All others are the arguments, with their annotations
    (`Annotated` ones whole: `Field`, `spoken`, `from_fact`) and defaults. The function returns a mapping of exact
    values, which is the result and becomes the first fact of `establishes`; or a `Refused`; or, where `kind` is a read
    or a decision, a whole `Result`. `Unavailable` means that nothing has changed and a human must take over.

    An effect has the key `name:ticket:call` and happens once per ticket and arguments. The gate calls it with its hands
    as `call.world`; approval policies read its arguments as `effect.arguments.<name>`. It may also raise
    `OutcomeUnknown`; as it cannot ask what became of it, the doubt goes to a human. Raises TypeError where the
    signature cannot be a tool's.
    """
    own_name = _name_of(function) if name is None else name
    typed = _typed(own_name, function)
    effect = kind in EFFECTS
    if effect and _mentions(typed.returns, Result):
        raise TypeError(f"tool `{own_name}` changes the world, so it returns a mapping or a `Refused`, not a `Result`")
    return Tool(
        name=own_name,
        display_name=own_name.replace("_", " ").title() if display_name is None else display_name,
        kind=kind,
        description=typed.description,
        arguments=typed.arguments,
        run=_intended(typed) if effect else _directly(typed, establishes, outcome),
        recheck=_grounded(typed) if effect else None,
        perform=_performed(typed) if effect else None,
        needs=tuple(need if isinstance(need, Need) else Need(fact=need) for need in needs),
        establishes=establishes,
        outcome=outcome,
        attempts=attempts,
        built_in=built_in,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """A function as its signature describes it."""

    name: str
    function: Function
    description: str
    arguments: type[Arguments]
    takes_call: bool
    returns: Any

    async def called(self, arguments: Arguments, call: Call[Any] | None) -> Given:
        """Call the function and refuse an answer that the record could not hold exactly."""
        values = {name: getattr(arguments, name) for name in self.arguments.model_fields}
        given = self.function(call, **values) if self.takes_call else self.function(**values)
        answer = await given if inspect.isawaitable(given) else given
        if isinstance(answer, Result | Refused):
            return answer
        try:
            dump_json(answer)
        except TypeError as error:
            raise TypeError(f"tool `{self.name}` gave what cannot be recorded: {error}; give exact values") from error
        return answer


def _directly(
    typed: _Typed, establishes: tuple[str, ...], outcome: str | None
) -> Callable[[Arguments, Call[Any]], Awaitable[Result]]:
    """Return the `run` of a read or a decision."""

    async def run(arguments: Arguments, call: Call[Any]) -> Result:
        try:
            given = await typed.called(arguments, call)
        except Unavailable as error:
            data: dict[str, Value] = {"code": "unavailable", "message": str(error)}
            return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
        match given:
            case Result():
                return given
            case Refused(code=code, message=message):
                return refusal(code, message)
            case _:
                facts = {name: Fact(value=given) for name in establishes[:1]}
                return Result(status=Status.OK, data=given, establishes=facts, outcome=outcome)

    return run


def _intended(typed: _Typed) -> Callable[[Arguments, Call[Any]], Awaitable[Intent]]:
    """Return the `run` of an effect: it only writes down what is wanted."""

    async def run(arguments: Arguments, call: Call[Any]) -> Intent:
        given: dict[str, Value] = arguments.model_dump(mode="json")
        body: dict[str, Value] = {"arguments": given}
        if typed.takes_call:
            body["call"] = _kept(call)
        stem = f"{typed.name}:{call.ticket_id}"
        digest = hashlib.sha256(canonical_json(given).encode()).hexdigest()[:DIGEST]
        return Intent(key=f"{stem}:{call.call_id}", business_key=f"{stem}:{digest}", body=body)

    return run


def _performed(typed: _Typed) -> Callable[[Intent, Any], Awaitable[Document | Refused]]:
    """Return the `perform` of an effect: the function, called with what the intent holds."""

    async def perform(intent: Intent, hands: Any) -> Document | Refused:  # noqa: ANN401  # handed on as it is
        arguments = typed.arguments.model_validate(intent.body["arguments"])
        given = await typed.called(arguments, _restored(intent.body, hands) if typed.takes_call else None)
        if isinstance(given, Result):
            raise TypeError(f"tool `{typed.name}` changes the world: it gave a `Result`, and the gate makes those")
        return given

    return perform


def _grounded(typed: _Typed) -> Callable[[Intent, Call[Any]], Awaitable[Grounds]]:
    """Return the `recheck` of an effect: approval policies read its arguments, as `effect.arguments.<name>`."""

    async def recheck(intent: Intent, _: Call[Any]) -> Grounds:
        given = typed.arguments.model_validate(intent.body["arguments"])
        exact = {name: value for name, value in given.model_dump().items() if isinstance(value, Decimal)}
        return Grounds(facts={"effect": {"arguments": {**given.model_dump(mode="json"), **exact}}})

    return recheck


class _KeptFact(BaseModel):
    """A fact as an intent holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: dict[str, Any]
    level: int
    expires_at: datetime | None


class _KeptCall(BaseModel):
    """A call as an intent holds it: all but the world."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ticket_id: str
    brand: str
    call_id: str
    now: datetime
    facts: dict[str, _KeptFact]
    said: tuple[str, ...]
    asked: str
    tried: tuple[str, ...]
    named_fields: tuple[str, ...]
    escalation: str | None
    procedure: str
    confidence: Decimal | None
    silent: bool


def _kept(call: Call[Any]) -> dict[str, Value]:
    facts: dict[str, Value] = {
        name: {
            "value": dict(fact.value),
            "level": fact.level,
            "expires_at": None if fact.expires_at is None else fact.expires_at.isoformat(),
        }
        for name, fact in call.facts.items()
    }
    return {
        "ticket_id": call.ticket_id,
        "brand": call.brand,
        "call_id": call.call_id,
        "now": call.now.isoformat(),
        "facts": facts,
        "said": [*call.said],
        "asked": call.asked,
        "tried": [*call.tried],
        "named_fields": [*call.named_fields],
        "escalation": call.escalation,
        "procedure": call.procedure,
        "confidence": call.confidence,
        "silent": call.silent,
    }


def _restored(body: Document, world: Any) -> Call[Any]:  # noqa: ANN401  # handed on as it is
    kept = _KeptCall.model_validate(body["call"])
    return Call(
        ticket_id=kept.ticket_id,
        brand=kept.brand,
        call_id=kept.call_id,
        now=kept.now,
        world=world,
        facts={
            name: Fact(value=fact.value, level=fact.level, expires_at=fact.expires_at)
            for name, fact in kept.facts.items()
        },
        said=kept.said,
        asked=kept.asked,
        tried=kept.tried,
        named_fields=kept.named_fields,
        escalation=kept.escalation,
        procedure=kept.procedure,
        confidence=kept.confidence,
        silent=kept.silent,
    )


def _name_of(function: Function) -> str:
    name = getattr(function, "__name__", None)
    if not isinstance(name, str) or not name.isidentifier():
        raise TypeError(f"{function!r} has no name that a tool could have: give `name`")
    return name


def _typed(name: str, function: Function) -> _Typed:
    """Read a signature; TypeError says what of it cannot be a tool's."""
    description = " ".join((inspect.getdoc(function) or "").split())
    if not description:
        raise TypeError(f"tool `{name}` has no docstring: the model reads it, so say when to call it and what it gives")
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError as error:
        raise TypeError(f"tool `{name}`: an annotation cannot be read ({error}); import what it names") from error
    parameters = list(signature.parameters.values())
    takes_call = bool(parameters) and _is_call(parameters[0].annotation)
    fields: dict[str, Any] = {one.name: _field(name, one) for one in parameters[takes_call:]}
    title = f"{name.title().replace('_', '')}Arguments"
    return _Typed(
        name=name,
        function=function,
        description=description,
        arguments=create_model(title, __base__=Arguments, **fields),
        takes_call=takes_call,
        returns=signature.return_annotation,
    )


def _field(tool: str, parameter: inspect.Parameter) -> tuple[Any, Any]:
    """Return the annotation and the default of one argument."""
    where = f"tool `{tool}`, parameter `{parameter.name}`"
    if parameter.kind not in {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}:
        raise TypeError(f"{where}: arguments come by name, so `*`, `**` and `/` have no place here")
    if parameter.annotation is inspect.Parameter.empty:
        raise TypeError(f"{where} has no type: annotate it")
    if _mentions(parameter.annotation, Call):
        raise TypeError(f"{where} is a call: put it first")
    if _mentions(parameter.annotation, float):
        raise TypeError(f"{where} is a float, which is not exact: take int or Decimal")
    if parameter.name.startswith("_") or hasattr(Arguments, parameter.name):
        raise TypeError(f"{where}: this name is taken by pydantic: choose another")
    return parameter.annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default


def _is_call(annotation: Any) -> bool:  # noqa: ANN401  # an annotation is any object
    return annotation is Call or get_origin(annotation) is Call


def _mentions(annotation: Any, wanted: type) -> bool:  # noqa: ANN401  # an annotation is any object
    """Say whether a type stands anywhere in an annotation."""
    return (
        annotation is wanted
        or get_origin(annotation) is wanted
        or any(_mentions(part, wanted) for part in get_args(annotation))
    )
