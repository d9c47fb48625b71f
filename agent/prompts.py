"""The templates: strict, plain text, read from one folder. A name that a template lacks is an error, never a blank."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from casino.document import dump_json


@dataclass(frozen=True, slots=True)
class Prompts:
    """A folder of templates, compiled on first use."""

    environment: Environment

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """Return a template's text, without blank space at its ends."""
        return self.environment.get_template(name).render(values).strip()

    def reply(self, names: tuple[str, ...], values: Mapping[str, Any]) -> str:
        """Return the first reply template that exists, of `replies/<name>.j2`."""
        found = self.environment.select_template([f"replies/{name}.j2" for name in names])
        return " ".join(found.render(values).split())

    def has_reply(self, name: str) -> bool:
        """Say whether there is a reply template of this name."""
        try:
            self.environment.get_template(f"replies/{name}.j2")
        except TemplateNotFound:
            return False
        return True


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
