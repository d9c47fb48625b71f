"""Players as files: the facts that a decision is made on, as JSON or YAML."""

from pathlib import Path

from agent.bonus.files import load_file, named, read_text
from casino.document import load_json
from casino.exact import NotExact
from casino.facts import Facts
from casino.loaded import Loaded
from casino.nearest import did_you_mean
from casino.shape import named as kind_of
from casino.values import Value

ROOTS = ("player", "tools", "safety", "counters")
KEYS = (*ROOTS, "unavailable")


def read_player(file: Path, *, jurisdiction: str | None = None) -> Facts:
    """Return the facts of a file, `{"player": …, "tools": …, "safety": …, "unavailable": [paths]}`.

    A jurisdiction that is given stands in place of the one that the file names. Raises DocumentError.
    """
    loaded = _loaded(file)
    document = _document(loaded)
    if jurisdiction is not None:
        player = document.get("player")
        document["player"] = {**(player if isinstance(player, dict) else {}), "jurisdiction": jurisdiction}
    try:
        return Facts.of(document)
    except NotExact as error:
        raise loaded.error(
            ("unavailable",), str(error), "Write every fact exactly, and the paths as a list."
        ) from error


def _loaded(file: Path) -> Loaded:
    if file.suffix in {".yaml", ".yml"}:
        return load_file(file)
    return load_json(read_text(file), name=named(file))


def _document(loaded: Loaded) -> dict[str, Value]:
    value = loaded.value
    if not isinstance(value, dict):
        mend = f"Its keys are {', '.join(KEYS)}."
        raise loaded.error((), f"the facts must be a mapping, but this is {kind_of(value)}", mend)
    for key, part in value.items():
        if key not in KEYS:
            raise loaded.error((key,), f'"{key}" is not known here', did_you_mean(key, KEYS))
        if key in ROOTS and not isinstance(part, dict):
            message = f'"{key}" must be a mapping of facts, but is {kind_of(part)}'
            raise loaded.error((key,), message, "Write {} where there is nothing to say.")
    return dict(value)
