"""Bonus configurations as files: what authors keep in folders, read into what decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Bonuses:
    """Everything that decisions are made by, and the documents it was read from, by configuration id."""

    configurations: ConfigurationSet
    catalogue: Catalogue
    packs: Packs
    documents: Mapping[str, Loaded]


def read_bonuses(paths: Sequence[Path], *, fields: Path | None = None, jurisdictions: Path | None = None) -> Bonuses:
    """Read configuration files and folders of them; raises DocumentError with the first thing that is wrong.

    A `fields.yaml` in a folder is read over the built-in catalogue, and `fields` over those. The jurisdiction packs are
    those that ship, unless a folder of others is named.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    catalogues = [file for file in files if file.name == FIELDS_FILE]
    catalogue = read_catalogue([*catalogues, *([] if fields is None else [fields])])
    documents = [load_file(file) for file in files if file not in catalogues]
    configurations = load_set(documents, catalogue)
    by_id = {str(loaded.value["id"]): loaded for loaded in documents if isinstance(loaded.value, dict)}
    return Bonuses(configurations, catalogue, read_packs(jurisdictions), by_id)


def read_catalogue(files: Iterable[Path]) -> Catalogue:
    """Return the built-in catalogue with these files read over it, one after the other; raises DocumentError."""
    catalogue = built_in_catalogue(CATALOG)
    for file in files:
        catalogue = parse_catalogue(load_file(file), catalogue)
    return catalogue


def read_packs(folder: Path | None = None) -> Packs:
    """Return the jurisdiction packs of a folder, by default those that ship; raises DocumentError."""
    chosen = shipped("procedures") / "jurisdictions" if folder is None else folder
    files = _in_folder(chosen) if chosen.is_dir() else []
    if not files:
        raise _unread(chosen, "there is no jurisdiction pack here", "Name a folder with a .yaml file for each place.")
    return load_packs(load_file(file) for file in files)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = _in_folder(path)
    if all(file.name == FIELDS_FILE for file in found):
        raise _unread(path, "there is no configuration in this folder", "Put a .yaml file into it.")
    yield from found


def _in_folder(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})


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
    """Return a path as messages write it: from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path)
