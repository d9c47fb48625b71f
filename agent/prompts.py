"""The templates: strict, plain text, read from one folder. A name that a template lacks is an error, never a blank."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.outgoing.echo import Orders, orders_in
from agent.outgoing.sayable import sayable
from casino.document import dump_json

ORDERS = ("system.j2", "note.j2", "route.j2")

ANY = "replies/_any.j2"

# What the agent itself asks for; the replies of tools are theirs.
NEEDED = (
    *ORDERS,
    "examples.j2",
    ANY,
    *(f"replies/{name}.j2" for name in ("ask", "empty", "idle", "later", "too_long", "trouble", "waiting")),
)


@dataclass(frozen=True, slots=True)
class Prompts:
    """A folder of templates, compiled on first use."""

    environment: Environment
    orders: Orders = field(init=False)  # what is written for the model and for nobody else

    def __post_init__(self) -> None:
        """Read what the model alone is to read."""
        object.__setattr__(self, "orders", orders_in(_sources(self.environment)))

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Return a template's text, without blank space at its ends."""
        return self.environment.get_template(name).render(values).strip()

    def reply(self, names: tuple[str, ...], values: Mapping[str, Any]) -> str:
        """Return the first reply template that exists, of `replies/<name>.j2`.

        `_any` is for every tool, so of a result it is shown only what may be told unread.
        """
        found = self.environment.select_template([f"replies/{name}.j2" for name in names])
        if found.name == ANY:
            values = {**values, "result": sayable(values["result"])}
        return " ".join(found.render(values).split())

    def lacking(self) -> list[str]:
        """Return the templates that the agent needs and that are not there."""
        return [name for name in NEEDED if name not in self.environment.list_templates()]


def read_prompts(*folders: Path) -> Prompts:
    """Return the templates of the folders; an earlier folder's template hides a later one's."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # plain text for models and chats, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = dump_json
    return Prompts(environment)


def _sources(environment: Environment) -> Iterator[str]:
    """Yield the texts of the templates that give the model orders."""
    for name in ORDERS:
        if environment.loader is not None and name in environment.list_templates():
            yield environment.loader.get_source(environment, name)[0]
