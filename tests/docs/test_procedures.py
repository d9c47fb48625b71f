"""The page on procedures is true: its examples give the findings that it shows, and it names every code."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.playbook.matter import Matter, OverrideMatter
from app.cli.procedures import procedures

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "procedures.md").read_text("utf-8")
HEAD = "---\nname: Part\ndescription: A part of a procedure, for this page.\nverify_player: true\n---\n\n"
EXAMPLES = re.findall(r"^```markdown\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("example", "findings"), EXAMPLES, ids=[str(number) for number in range(len(EXAMPLES))])
def test_an_example_gives_the_findings_that_follow_it(example: str, findings: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "procedures" / "support", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "example.md"
    file.write_text(example if example.startswith("---") else HEAD + example, "utf-8")
    result = CliRunner().invoke(procedures, ["lint", str(file)])
    said = result.stderr.replace(f"{tmp_path}/", "").splitlines()[:-1]
    assert said == findings.splitlines()


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```markdown")
    assert len([1 for _, findings in EXAMPLES if findings]) == PAGE.count("```text")


def test_the_page_names_every_code_and_no_other() -> None:
    written = {
        code
        for file in (ROOT / "agent" / "playbook").glob("*.py")
        for code in re.findall(r'"([PL][0-9]{3})"', file.read_text("utf-8"))
    }
    rows = re.findall(r"^\| ([PL][0-9]{3}) \| (error|warning|notice) \|", PAGE, re.MULTILINE)
    assert {code for code, _ in rows} == written


def test_the_page_names_every_key_and_no_other() -> None:
    keys = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE))
    assert keys == set(Matter.model_fields)
    own = re.search(r"for one brand: (.*?)\. A body", PAGE, re.DOTALL)
    assert own is not None
    assert set(re.findall(r"`([a-z_]+)`", own[1])) == set(OverrideMatter.model_fields)
