"""The page on safety is true: its commands run in order in one folder, and its tables name what the code knows."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.approvals import approvals
from app.cli.audit import audit_
from app.cli.ledger import ledger
from app.cli.main import croupier
from tests.agent.outgoing.corpus import Part, read_corpus
from tests.docs.page import blocks, commands, edited, pattern
from tests.tools.audit.test_files import BY_HAND
from tools.audit.evidence import PROVES
from tools.audit.findings import Check
from tools.gate.roles import TABLE
from tools.gate.rules import Mode
from tools.ledger import EffectState

PAGE = (Path(__file__).parents[2] / "docs" / "safety.md").read_text("utf-8")
BLOCKS = blocks(PAGE)
WIDTH = "100"
(CRON,) = [text for language, _, text in BLOCKS if language == "text"]
MADE_UP = re.compile(r"\b[AD]-[0-9a-f]{16}\b")


def real(made_up: str) -> str:
    """Return the id that stands where the page has a made-up one: of the request that waits, or of its decision."""
    listed = CliRunner().invoke(croupier, ["approvals", "list", "--json"]).stdout
    (asked,) = json.loads(listed)["approvals"]
    return str(asked["approval"] if made_up.startswith("A-") else asked["effect_key"].removeprefix("issue:"))


class Ids:
    """The made-up ids of the page, and the real ones of this run."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def learn(self, text: str) -> None:
        """Find out about the ids in a text that are new."""
        for made_up in MADE_UP.findall(text):
            if made_up not in self.known:
                self.known[made_up] = real(made_up)

    def in_place(self, text: str) -> str:
        for made_up, found in self.known.items():
            text = text.replace(made_up, found)
        return text


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    words = shlex.split(command)
    match words[0]:
        case "export":
            monkeypatch.setenv(*words[1].split("="))
            return "", 0
        case "sed":
            edited(words)
            return "", 0
        case "sh":
            ran = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # our own script
            return ran.stdout, ran.returncode
        case other:
            assert other == "croupier"
            result = CliRunner().invoke(croupier, words[1:], env={"COLUMNS": WIDTH})
            return result.output, result.exit_code


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the tools of a shell are not there")
def test_an_auditor_who_follows_the_page_sees_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "STORE", "USER", "AUDIT_KEY", "BACKOFFICE_URL"):
        monkeypatch.delenv(f"CROUPIER_{name}", raising=False)
    ids = Ids()
    for language, name, text in BLOCKS:
        if name:
            Path(name).write_text(text, "utf-8")
        for command, shown, code in commands(text) if language == "console" else ():
            ids.learn(command)
            output, found = run(ids.in_place(command), monkeypatch)
            assert found == code, f"{command}\n{output}"
            ids.learn("\n".join(shown))
            wanted = pattern([ids.in_place(line) for line in shown])
            assert re.fullmatch(wanted, output), f"{command}\n{output}\n---\n{wanted}"
        if text == CRON:
            assert run(CRON.split(maxsplit=5)[5], monkeypatch) == ("nothing new is on the log\n", 0)


def test_the_script_of_the_auditor_is_the_one_that_its_test_runs() -> None:
    (script,) = [text for _, name, text in BLOCKS if name == "by-hand.sh"]
    assert script.strip() == BY_HAND.strip()


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading."""
    table = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]


def first_words(heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(heading)]


def test_the_tables_name_every_mode_state_finding_and_part() -> None:
    assert first_words("mode of a workflow | what it may do") == [mode.value for mode in Mode]
    assert first_words("state | what it means") == [state.value for state in EffectState]
    assert first_words("finding | what it means") == [check.value for check in Check]
    assert first_words("part | what it proves") == [*PROVES]


def test_the_table_of_roles_is_the_one_of_the_code() -> None:
    shown = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[1])) for row in rows("role | may")}
    assert shown == {role.value: {one.value for one in allowed} for role, allowed in TABLE.items()}


def test_the_errors_of_the_outgoing_check_are_those_that_are_measured() -> None:
    corpus = read_corpus()
    measured = [
        [
            f"{len(corpus.false_alarms(part))} of {sum(one.part is part for one in corpus.honest)}",
            f"{len(corpus.misses(part))} of {sum(one.part is part for one in corpus.planted)}",
        ]
        for part in (Part.TUNED, Part.HELD_OUT, Part.LATER)
    ]
    assert [row[1:] for row in rows("messages | false alarms | misses")] == measured


def test_every_command_of_the_gate_is_named() -> None:
    named = set(re.findall(r"croupier (approvals|ledger|audit) ([a-z]+)", PAGE))
    groups = {"approvals": approvals, "ledger": ledger, "audit": audit_}
    assert named == {(name, command) for name, group in groups.items() for command in group.commands}


def test_the_page_has_no_block_that_is_not_looked_at() -> None:
    assert {(language, bool(name)) for language, name, _ in BLOCKS} == {
        ("yaml", True), ("sh", True), ("console", False), ("text", False),
    }  # fmt: skip
