"""A page whose files are written and whose commands are run: its blocks, its commands, and what they must show."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> Sequence[tuple[str, str, str]]:
    """Return the blocks of a page: language, the file's name or nothing, and the text."""
    return [(language, name, text) for language, name, text in _BLOCK.findall(page)]


def commands(block: str) -> Iterator[tuple[str, list[str], int]]:
    """Yield each command of a console block with the lines that it shows and its exit code."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        code = re.fullmatch(r"\[exit (\d)\]", shown[-1]) if shown else None
        yield command, shown[:-1] if code else shown, 0 if code is None else int(code[1])


def pattern(shown: list[str]) -> str:
    """Return what the output must be: a line of dots is any lines, dots in a line are anything."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r" *\n" for line in shown]
    return "".join(lines)


def edited(words: list[str]) -> None:
    """Run a `sed -i` that stands on a page; it must change its file."""
    file = Path(words[3])
    text = file.read_text("utf-8")
    subprocess.run(words, check=True)  # noqa: S603  # a command of our own pages
    assert file.read_text("utf-8") != text, words
