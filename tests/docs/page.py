"""A page whose files are written and whose commands are run: its blocks, its commands, and what they must show."""

import re
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
    """Do what `sed -i` does with the two kinds of script that stand on pages."""
    script, file = words[2], Path(words[3])
    text = file.read_text("utf-8")
    if script.startswith("s/"):
        _, old, new, _ = script.split("/")
        changed = re.sub(old, new, text, flags=re.MULTILINE)
    else:
        start, end = re.findall(r"/([^/]+)/", script)
        changed = re.sub(rf"^.*{start}(?:.*\n)*?.*{end}.*\n", "", text, flags=re.MULTILINE)
    assert changed != text, script
    file.write_text(changed, "utf-8")
