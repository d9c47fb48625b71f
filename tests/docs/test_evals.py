"""The page on evals is true: its commands run in order in one folder, and its tables name what the code knows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.model.port import Action, Prompt, Request, Said, Shown
from app.cli.eval_gate import EvalExit
from app.cli.eval_run import run as eval_run
from app.cli.main import croupier
from evals.playback import QUESTIONS, RESULTS
from evals.segments import segments_of, segments_of_choice
from evals.trial import Difference
from tests.agent.model.builders import situation
from tests.docs.page import blocks, commands, edited, pattern

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "evals.md").read_text("utf-8")


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    words = shlex.split(command)
    match words[0]:
        case "export":
            monkeypatch.setenv(*words[1].split("="))
        case "cp":
            shutil.copytree(words[2], words[3])
        case "sed":
            edited(words)
        case other:
            assert other == "croupier"
            result = CliRunner().invoke(croupier, words[1:], env={"COLUMNS": "100"})
            return result.output, int(result.exit_code)
    return "", 0


def test_a_newcomer_who_follows_the_page_sees_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PROCEDURES", "GATE", "BONUSES", "PROMPTS"):
        monkeypatch.delenv(f"CROUPIER_{name}", raising=False)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(HOUSE / "evals" / "tickets" / "demo", "evals/tickets/demo")
    shutil.copytree(HOUSE / "procedures", "procedures")
    for language, _, text in blocks(PAGE):
        for command, shown, code in commands(text) if language == "console" else ():
            output, found = run(command, monkeypatch)
            assert found == code, f"{command}\n{output}"
            assert re.fullmatch(pattern(shown), output), f"{command}\n{output}\n---\n{pattern(shown)}"


def test_the_tables_name_every_option_and_exit_code() -> None:
    table = PAGE.split("| option of `eval run` | |")[1].split("\n\n")[0]
    named = set(re.findall(r"--([a-z][a-z-]*)", table))
    options = {name.removeprefix("--") for one in eval_run.params for name in one.opts if name.startswith("--")}
    assert named == options - {"json"}
    codes = re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)
    assert [int(code) for code in codes] == [*EvalExit]


def rows(heading: str) -> set[str]:
    """Return what stands in backquotes in the first column of a table."""
    table = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0].splitlines()[2:]
    return {name for row in table for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_tables_of_a_stale_recording_name_every_class_and_every_text() -> None:
    assert rows("class | what differs") == {*Difference}
    turns = (Said("player", "Hi"),)
    tool = Action("look_up", "Look something up.", {})
    own = Shown("own", "Own", "1. Look.")
    prompt = Prompt(head="Rules", turns=turns, note="Now: go.", actions=(tool,), may_reply=True, procedure=own)
    asked = segments_of(Request(prompt=prompt, situation=situation(*turns)))
    chosen = segments_of_choice("Hi", {"own": "Our own."}, route="Choose.")
    named = {*asked.hashes, *chosen.hashes, *QUESTIONS.values(), f"{RESULTS}look_up"}
    texts = rows("text | what it is | a place in it")
    assert {re.sub(r"(?<=^procedure/)own$", "<id>", name).replace("look_up", "<name>") for name in named} == texts


def test_nothing_else_makes_a_divergence() -> None:
    """What the table of texts is held against is all that there is."""
    sources = [*(HOUSE / "evals").rglob("*.py"), *(HOUSE / "app").rglob("*.py")]
    making = {path.name for path in sources if re.search(r"\bDivergence\(", path.read_text("utf-8"))}
    assert making == {"playback.py", "trial.py"}  # the second reads them back
