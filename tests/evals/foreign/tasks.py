"""The library's tasks as ours: what a stranger writes to run their package."""

from typing import Any

from evals.foreign.task import ForeignTask, ForeignTool, GoldCall
from tests.evals.foreign.library_desk import POLICY, TASKS, TOOLS, fresh


def tools() -> tuple[ForeignTool, ...]:
    """Return the library's tools."""
    return tuple(
        ForeignTool(
            name=name,
            description=str(function.__doc__),
            kind=kind,  # pyright: ignore[reportArgumentType]  # plain text in the package
            schema=schema,
            call=function,
            says="A librarian will come." if kind == "terminal" else "",
        )
        for name, kind, function, schema in TOOLS
    )


def task(name: str, **more: object) -> ForeignTask:
    """Return one of the library's tasks, with some things otherwise."""
    raw = next(one for one in TASKS if one["id"] == name)
    given: dict[str, Any] = {
        "id": name,
        "policy": POLICY,
        "tools": tools(),
        "state": fresh,
        "says": tuple(raw["says"]),
        "gold": tuple(GoldCall(name=tool, arguments=arguments) for tool, arguments in raw["gold"]),
        "must_say": tuple(raw.get("must_say", ())),
    }
    whole: dict[str, Any] = {**given, **more}
    return ForeignTask(**whole)


NAMES = [str(one["id"]) for one in TASKS]
