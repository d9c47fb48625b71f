"""Bonus configurations as files: what authors keep in folders, read into what decides."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.settings import shipped
from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.law.jurisdictions import Packs
from casino.bonus.law.pack_files import load_packs
from casino.document import load_yaml
from casino.fields.catalogue import Catalogue, parse_catalogue
from casino.loaded import DocumentError, Loaded
from tools.catalog import CATALOG
from tools.fields import built_in_catalogue

FIELDS_FILE = "fields.yaml"  # in a folder of configurations: not one of them, but the catalogue of their fields
_ADDRESS = re.compile(r"(?P<system>sqlite|postgres|postgresql)(?P<driver>\+\w+)?:(?P<rest>/.+)", re.DOTALL)
# The password of an address, in front of its host or behind it; a Path has one slash where an address has two.
_PASSWORD = re.compile(r"(?<=:/)(?P<user>/?[^/@:]*:).*@|(?P<key>[?&]password=)[^&]*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bonuses:
    """Everything that decisions are made by, and the documents it was read from, by configuration id."""

    configurations: ConfigurationSet
    catalogue: Catalogue
    packs: Packs
    documents: Mapping[str, Loaded]


def read_bonus_files(
    paths: Sequence[Path], *, fields: Path | None = None, jurisdictions: Path | None = None
) -> Bonuses:
    """Read configuration files and folders of them; raises DocumentError with the first thing that is wrong.

    A `fields.yaml` in a folder, or beside a file, is read over the built-in catalogue, and `fields` over those. The
    jurisdiction packs are those that ship, unless a folder of others is named.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    catalogues = catalogues_of(paths)
    if fields is not None and fields.resolve() not in {file.resolve() for file in catalogues}:
        catalogues.append(fields)
    catalogue = read_catalogue(catalogues)
    documents = [load_file(file) for file in files if file.name != FIELDS_FILE]
    configurations = load_set(documents, catalogue)
    by_id = {str(loaded.value["id"]): loaded for loaded in documents if isinstance(loaded.value, dict)}
    return Bonuses(configurations, catalogue, read_packs(jurisdictions), by_id)


def catalogues_of(paths: Sequence[Path]) -> list[Path]:
    """Return the field catalogues that go with files and folders: those in the folders, and those beside the files."""
    beside = ((path if is_folder(path) else path.parent) / FIELDS_FILE for path in paths)
    return list(dict.fromkeys(file for file in beside if is_file(file) or file in paths))


def store_address(path: Path) -> str | None:
    """Return the address of a store that was typed where a path may stand, and made one of; None for another path.

    A path keeps one slash of those that follow each other. What may be meant is looked up: a file from the root, or
    else from here; for PostgreSQL a host, where a database stands behind it.
    """
    written = _ADDRESS.fullmatch(str(path))
    if written is None or _is_there(path.exists):
        return None
    scheme, rest = f"{written['system']}{written['driver'] or ''}", written["rest"].lstrip("/")
    if written["system"] == "sqlite":
        root = Path(f"/{rest}")
        return f"{scheme}:///{root if _is_there(root.exists) or not _is_there(Path(rest).exists) else rest}"
    return f"{scheme}://{rest}" if "/" in rest.partition("?")[0] else f"{scheme}:///{rest}"


def read_catalogue(files: Iterable[Path], *, base: Catalogue | None = None) -> Catalogue:
    """Return a catalogue, or the built-in one, with these files read over it one by one; raises DocumentError."""
    catalogue = built_in_catalogue(CATALOG) if base is None else base
    for file in files:
        catalogue = parse_catalogue(load_file(file), catalogue)
    return catalogue


def read_packs(folder: Path | None = None) -> Packs:
    """Return the jurisdiction packs of a folder, by default those that ship; raises DocumentError."""
    chosen = shipped("procedures") / "jurisdictions" if folder is None else folder
    files = yaml_files(chosen) if is_folder(chosen) else []
    if not files:
        raise _unread(chosen, "there is no jurisdiction pack here", "Name a folder with a .yaml file for each place.")
    return load_packs(load_file(file) for file in files)


def _files(path: Path) -> Iterator[Path]:
    if not is_folder(path):
        yield path
        return
    found = yaml_files(path)
    if all(file.name == FIELDS_FILE for file in found):
        raise _unread(path, "there is no configuration in this folder", "Put a .yaml file into it.")
    yield from found


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there. A path that the system does not take, as one too long, is none."""
    return _is_there(path.is_dir)


def is_file(path: Path) -> bool:
    """Tell whether a file is there. A path that the system does not take is none."""
    return _is_there(path.is_file)


def _is_there(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except OSError:  # until Python 3.14 pathlib lets some through: a name too long, a folder that is closed to us
        return False


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files of a folder in order; raises DocumentError where it cannot be read."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})
    except OSError as error:
        message = f"this folder cannot be read ({error.strerror})"
        raise _unread(folder, message, "Give yourself the right to read it, or name another one.") from error


def load_file(file: Path) -> Loaded:
    """Read one YAML file; raises DocumentError."""
    return load_yaml(read_text(file), name=named(file))


def read_text(file: Path) -> str:
    """Return the text of a file; raises DocumentError where it cannot be read or is not UTF-8."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise _unread(file, f"this file cannot be read ({error.strerror})", "Name a file that is there.") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        name = named(file)
        raise DocumentError(
            "this is not UTF-8 text", name=name, line=line, column=1, mend="Save it as UTF-8."
        ) from error


def _unread(path: Path, message: str, mend: str) -> DocumentError:
    return DocumentError(message, name=named(path), line=None, column=None, mend=mend)


def named(path: Path) -> str:
    """Return a path as messages write it: from here, where it lies below. Of an address the password is left out."""
    here = Path.cwd()
    shown = str(path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path)
    return _PASSWORD.sub(lambda found: f"{found['key']}***" if found["key"] else f"{found['user']}***@", shown)
