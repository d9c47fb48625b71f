"""The embedding page is a program: it runs, and prints what it says."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "embed.md").read_text("utf-8")
WIRINGS = ("agent.wiring", "agent.house", "agent.assembly", "agent.sandbox")
CASINO = ("casino.bonus", "casino.safety", "tools.catalog", "tools.world", "tools.issue_bonus", *WIRINGS)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "embedded.py"
    file.write_text("\n\n".join(blocks("python")), "utf-8")
    return file


def test_the_page_prints_what_it_shows(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(program))
    assert capsys.readouterr().out == "".join(blocks("text"))


def test_the_page_needs_nothing_of_casinos(program: Path) -> None:
    look = "import sys; print(sorted(sys.modules), file=sys.stderr)"
    program.write_text(f"{program.read_text('utf-8')}\n{look}\n", "utf-8")
    done = subprocess.run(  # noqa: S603  # our own page
        [sys.executable, str(program)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [name for name in CASINO if f"'{name}" in done.stderr] == []
    assert "'agent.run'" in done.stderr
