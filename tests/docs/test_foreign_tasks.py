"""The page on foreign tasks is a program: it runs, and prints what it says."""

import re
import runpy
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

import pytest

from evals.foreign.task import ForeignTask, ForeignTool, Writes

PAGE = (Path(__file__).parents[2] / "docs" / "foreign-tasks.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def table(head: str) -> list[str]:
    """Return the first cells of the table with a head."""
    rows = PAGE[PAGE.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [row.split("`")[1] for row in rows]


def test_the_page_prints_what_it_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "shop.py"
    program.write_text("\n\n".join(blocks("python")), "utf-8")
    runpy.run_path(str(program))
    assert capsys.readouterr().out == "".join(blocks("text"))


def test_every_key_of_a_task_stands_on_the_page() -> None:
    assert sorted({*table("of a task"), "tools"}) == sorted(field.name for field in fields(ForeignTask))
    required = re.findall(r"^\| `(\w+)` \| required", PAGE, re.MULTILINE)
    needed = {field.name for field in fields(ForeignTask) if field.default is MISSING}
    assert {*required, "tools"} == needed


def test_every_key_of_a_tool_and_every_way_to_compare_stand_on_the_page() -> None:
    assert {*table("of a tool"), "name", "description"} == {field.name for field in fields(ForeignTool)}
    assert table("`compare.writes`") == ["same", "in_order", "as_many", "any"]
    assert {*table("`compare.writes`")} == {*get_args(Writes)}
