"""All procedures of a house: loaded together, because they name each other and must not share an id or a name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agent.playbook.matter import read_matter
from agent.playbook.parse import parse_procedure, slug_of
from agent.playbook.procedure import Finding, Procedure, ProcedureError
from agent.playbook.resolve import for_brand
from agent.playbook.sheet import lines_of
from agent.playbook.vocabulary import Vocabulary

FALLBACK: Final = "fallback"  # the category of the procedure that is taken when no other fits


@dataclass(frozen=True, slots=True)
class Library:
    """Procedures in the order of their files; `fallback` is taken when no other fits."""

    procedures: tuple[Procedure, ...]
    by_id: Mapping[str, Procedure]
    fallback: Procedure

    def published(self, brand: str, trigger: str) -> tuple[Procedure, ...]:
        """Return the procedures that a brand offers for a trigger, as the brand has them."""
        offered = (for_brand(procedure, brand) for procedure in self.procedures if _is_offered(procedure, brand))
        return tuple(procedure for procedure in offered if procedure.active and trigger in procedure.triggers)


def load_library(files: Mapping[str, str], vocabulary: Vocabulary) -> Library:
    """Read all procedures; `files` maps the name of a file to its text.

    The procedures are added to the vocabulary, so that they can mention each other. Exactly one, published, has the
    category `fallback`. ProcedureError names the errors of all files.
    """
    known = with_procedures(vocabulary, files)
    procedures: list[Procedure] = []
    findings: list[Finding] = []
    for file, text in files.items():
        try:
            procedures.append(parse_procedure(text, file=file, vocabulary=known))
        except ProcedureError as error:
            findings += error.findings
    findings += clashes(procedures)
    fallback = next((procedure for procedure in procedures if _is_fallback(procedure)), None)
    if fallback is None and not findings:
        findings.append(_no_fallback(files))
    if findings or fallback is None:
        raise ProcedureError(tuple(findings))
    return Library(tuple(procedures), {procedure.id: procedure for procedure in procedures}, fallback)


def with_procedures(vocabulary: Vocabulary, files: Mapping[str, str]) -> Vocabulary:
    """Add the procedures of these files to a vocabulary; files that cannot be read are left out."""
    named: dict[str, str] = {}
    for file, text in files.items():
        try:
            named[slug_of(file)] = read_matter(lines_of(text), file=file).matter.name
        except ProcedureError:  # said in full when the file itself is parsed
            continue
    return replace(vocabulary, procedures={**vocabulary.procedures, **named})


def clashes(procedures: Iterable[Procedure]) -> Iterator[Finding]:
    """Find procedures that share an id or a name, and a second fallback."""
    taken: dict[tuple[str, str], Procedure] = {}
    for procedure in procedures:
        for what, value in (("id", procedure.id), ("name", procedure.name.casefold()), *_fallback_key(procedure)):
            first = taken.setdefault((what, value), procedure)
            if first is not procedure:
                yield _clash(procedure, first, what)


def read_folder(path: Path) -> Mapping[str, str]:
    """Read a procedure file, or all `*.md` files below a folder, README.md excepted.

    The keys are paths that begin with the folder's own name. ProcedureError where there is nothing to read.
    """
    if not path.exists():
        raise ProcedureError((_unreadable(path.name, f'There is no "{path.name}"', "Check the path."),))
    if path.is_file():
        return {path.name: _read(path, path.name)}
    files = sorted(file for file in path.rglob("*.md") if file.name != "README.md")
    return {name: _read(file, name) for file in files for name in [file.relative_to(path.parent).as_posix()]}


def _is_offered(procedure: Procedure, brand: str) -> bool:
    return procedure.status == "published" and (not procedure.brands or brand in procedure.brands)


def _is_fallback(procedure: Procedure) -> bool:
    return procedure.category == FALLBACK and procedure.status == "published"


def _no_fallback(files: Iterable[str]) -> Finding:
    message = f'No published procedure has the category "{FALLBACK}"'
    mend = f'Write "category: {FALLBACK}" and "status: published" in the one to take when no other fits.'
    return Finding(next(iter(files), "procedures"), 1, 1, "P302", "error", message, mend)


def _fallback_key(procedure: Procedure) -> tuple[tuple[str, str], ...]:
    return (("category", FALLBACK),) if _is_fallback(procedure) else ()


def _clash(second: Procedure, first: Procedure, what: str) -> Finding:
    value = {"id": second.id, "name": second.name, "category": second.category}[what]
    message = f'The {what} "{value}" is taken by {first.file}'
    mend = "Rename one of the files." if what == "id" else f"Change the {what} in one of them."
    return Finding(second.file, 1, 1, "P301", "error", message, mend)


def _read(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", errors="replace")) + 1
        finding = _unreadable(name, "The file is not UTF-8", "Save it as UTF-8.")
        place = replace(finding, line=before.count(b"\n") + 1, column=column)
        raise ProcedureError((place,)) from error
    except OSError as error:
        raise ProcedureError((_unreadable(name, f"The file cannot be read: {error.strerror}", "Check it."),)) from error


def _unreadable(name: str, message: str, mend: str) -> Finding:
    return Finding(name, 1, 1, "P007", "error", message, mend)
