"""The pytest plugin as its users have it: sessions of pytest in a folder of their own, with tickets in it."""

import asyncio
import importlib
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from agent.house import read_house
from agent.settings import read_settings
from casino.document import dump_json
from casino.values import Document, Value
from evals import pytest_plugin
from evals.record import record
from evals.ticket import read_ticket
from tests.docs.page import blocks

pytest_plugins = ["pytester"]

HOUSE = Path(__file__).parents[3]
DEMO = HOUSE / "evals" / "tickets" / "demo"
ALONE = ("-p", "no:croupier", "-p", "no:cacheprovider")  # the plugin is named, whether it is installed or not
NAMED = (*ALONE, "-p", "evals.pytest_plugin")
SUITE = 'from evals.pytest_plugin import ticket_suite\ntest_suite = ticket_suite("suite")\n'

PLAYERS = ("evals.pytest_items.items", "evals.mutants.played", "evals.attack.oracle")

Session = Callable[..., pytest.RunResult]


@pytest.fixture(autouse=True)
def nothing_else_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in PLAYERS:  # a session in this process forgets what it imports, and would import it all again
        importlib.import_module(name)


@pytest.fixture
def session(pytester: pytest.Pytester) -> Session:
    """Run pytest in this process, over a module of these lines."""

    def run(module: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_module=module)
        return pytester.runpytest_inprocess(*ALONE, *arguments, plugins=[pytest_plugin])

    return run


def written(pytester: pytest.Pytester, *names: str, expect: Document | None = None, **more: Value) -> Path:
    """Write demo tickets into the folder `suite`, with more of them expected and more fields."""
    folder = pytester.path / "suite"
    folder.mkdir(exist_ok=True)
    for name in names:
        ticket = json.loads((DEMO / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
        ticket["expect"] |= expect or {}
        (folder / f"{name}.json").write_text(dump_json(ticket | more), "utf-8")
    return folder


def failure(result: pytest.RunResult) -> list[str]:
    """Return what is said below the heading of the only failure or error."""
    lines = result.outlines
    (start,) = (number for number, line in enumerate(lines) if line.startswith("____"))
    return lines[start + 1 : next(n for n, line in enumerate(lines) if "short test summary" in line)]


def test_each_ticket_is_an_item_with_its_id(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "1-issued", "4-human")
    found = session(SUITE, "--collect-only", "-q")
    assert found.outlines[:2] == ["test_module.py::test_suite[issued]", "test_module.py::test_suite[human]"]
    assert session(SUITE, "test_module.py::test_suite[human]").parseoutcomes() == {"passed": 1}


def test_a_ticket_of_a_pack_is_named_by_its_line(pytester: pytest.Pytester, session: Session) -> None:
    folder = written(pytester, "1-issued", "4-human", expect={"language": "de"})
    pack = "".join(path.read_text("utf-8") + "\n" for path in sorted(folder.iterdir()))
    (pytester.path / "suite.jsonl").write_text(pack, "utf-8")
    found = session(SUITE.replace('"suite"', '"suite.jsonl"'), "-k", "human")
    assert (found.parseoutcomes(), failure(found)[-2:]) == (
        {"failed": 1, "deselected": 1},
        ["suite.jsonl:2: A player asks for a human and gets one", "croupier eval run suite.jsonl:2 --level L1"],
    )


def test_a_suite_may_stand_in_a_class_and_at_the_root(pytester: pytest.Pytester) -> None:
    written(pytester, "4-human")
    inner = pytester.mkdir("inner")
    lines = "from evals.pytest_plugin import ticket_suite\nclass TestAll:\n    suite = ticket_suite('suite')\n"
    (inner / "test_inner.py").write_text(lines)
    found = pytester.runpytest_inprocess(
        *ALONE, "--rootdir", str(pytester.path), "-m", "tickets", "-v", plugins=[pytest_plugin]
    )
    found.stdout.fnmatch_lines(["*inner/test_inner.py::TestAll::suite[[]human] PASSED*"])


def test_a_ticket_that_fails_says_what_is_wrong_and_nothing_of_our_frames(
    pytester: pytest.Pytester, session: Session
) -> None:
    written(pytester, "1-issued", expect={"tier": "high", "granted": []})
    found = session(SUITE)
    assert (found.parseoutcomes(), failure(found)) == (
        {"failed": 1},
        [
            "state: tier: expected 'high', found 'vip'",
            "state: granted: expected [], found ['P1001']",
            "suite/1-issued.json: A verified VIP asks for a bonus and gets it",
            "croupier eval run suite/1-issued.json --level L1",
        ],
    )


def test_a_stale_ticket_fails_by_the_text_that_changed(
    pytester: pytest.Pytester, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(pytester, "1-issued")
    recording = asyncio.run(record(read_ticket(folder / "1-issued.json"), read_house(read_settings({}))))
    written(pytester, "1-issued", recording=recording.document())
    assert session(SUITE).parseoutcomes() == {"passed": 1}
    changed = pytester.path / "procedures" / "support"
    shutil.copytree(HOUSE / "procedures", changed.parent)
    page = changed / "bonus-request.md"
    page.write_text(page.read_text("utf-8").replace("Make sure who the player is", "Find out who the player is"))
    monkeypatch.setenv("CROUPIER_PROCEDURES", str(changed))
    found = session(SUITE)
    line = "Make sure who the player is with `verify_player_identity` (Verify Player Identity)."
    where = "stale: prompt procedure/bonus-request/line/2 changed at exchange 1"
    assert (found.parseoutcomes(), failure(found)) == (
        {"failed": 1},
        [
            f"{where}: was '1. {line}', is now '1. {line.replace('Make sure', 'Find out')}'",
            "suite/1-issued.json: A verified VIP asks for a bonus and gets it",
            "Look at the change, and record again.",
            "croupier eval run suite/1-issued.json --level L1",
        ],
    )


def test_a_ticket_without_expectations_is_an_error_and_no_failure(pytester: pytest.Pytester, session: Session) -> None:
    (written(pytester, "4-human") / "4-human.json").write_text(
        json.dumps({"schema": "ticket/1", "id": "hello", "title": "Hello", "brand": "lucky-spin", "says": ["Hello"]})
    )
    found = session(SUITE)
    assert (found.parseoutcomes(), failure(found)[0]) == (
        {"errors": 1},
        "error: expect: missing; a ticket without criteria proves nothing",
    )


MARKED = """
import pytest

@pytest.mark.tickets("suite", filters="id:human")
def test_calls(ticket_trial):
    assert ticket_trial.usage.tool_calls == 99

@pytest.mark.tickets("suite", filters=["id:issued"])
def test_bare():
    pass
"""


def test_a_marked_test_fails_by_its_ticket_and_else_by_its_body(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    written(pytester, "1-issued", expect={"tier": "high"})
    found = session(MARKED)
    assert found.parseoutcomes() == {"failed": 2}
    found.stdout.fnmatch_lines(
        [
            "*test_calls[[]human]*",
            "*assert 1 == 99",
            "*test_bare[[]issued]*",
            "state: tier: expected 'high', found 'vip'",
        ]
    )


SEVERAL = """
import pytest

@pytest.mark.tickets("suite", filters="id:issued")
@pytest.mark.tickets("suite", filters="id:human")
def test_stacked(): pass

@pytest.mark.tickets("suite", filters="id:issued")
class TestAll:
    @pytest.mark.tickets("suite", filters="id:human")
    def test_both(self): pass
"""


def test_every_mark_on_a_test_is_played(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    written(pytester, "1-issued", expect={"tier": "high"})
    found = session(SEVERAL, "-v")
    assert found.parseoutcomes() == {"failed": 2, "passed": 2}
    found.stdout.fnmatch_lines_random(
        ["*test_stacked[[]issued] FAILED*", "*test_stacked[[]human] PASSED*", "*TestAll::test_both[[]issued] FAILED*"]
    )


def test_a_ticket_that_two_marks_name_is_played_for_both(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    mark = '@pytest.mark.tickets("suite")\n'
    assert session(f"import pytest\n{mark * 2}def test_it(): pass\n").parseoutcomes() == {"passed": 2}


IDLE = (
    "import unittest\nclass TestCase(unittest.TestCase):\n    @marked\n    def test_it(self): pass\n",
    "@marked\nclass TestSuite:\n    test_it = ticket_suite('suite')\n",
    "@pytest.mark.parametrize('it', [pytest.param(1, marks=marked)])\ndef test_it(it): pass\n",
    "@marked\n@pytest.mark.parametrize('it', [pytest.param(1, marks=marked)])\ndef test_it(it): pass\n",
)


@pytest.mark.parametrize("lines", IDLE)
def test_a_mark_that_would_play_nothing_ends_the_session(
    pytester: pytest.Pytester, session: Session, lines: str
) -> None:
    written(pytester, "4-human")
    head = "import pytest\nfrom evals.pytest_plugin import ticket_suite\nmarked = pytest.mark.tickets('suite')\n"
    found = session(head + lines)
    assert found.ret is pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines(["*pytest.mark.tickets plays nothing on test_module.py::*test_it*"])


def test_a_mark_that_nobody_chose_may_stay_idle(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    lines = IDLE[0].replace("@marked", "@pytest.mark.tickets('suite')")
    found = session(f"import pytest\n{lines}\ndef test_other(): pass\n", "-m", "not tickets")
    assert found.parseoutcomes() == {"passed": 1, "deselected": 1}


def test_the_fixture_is_for_marked_tests_only(session: Session) -> None:
    found = session("def test_it(ticket_trial): pass\n")
    found.stdout.fnmatch_lines(["*`ticket_trial` is for a test with @pytest.mark.tickets*"])
    assert found.parseoutcomes() == {"errors": 1}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('ticket_suite("nowhere")', "nowhere: there is no such suite in *"),
        ('ticket_suite("suite", filters="tag:none")', 'no ticket passes the filter "tag:none"'),
        ('ticket_suite("suite", level="L3")', 'the level is "L3"; a test plays L0, L1, L5. A live run is judged *'),
        ('pytest.mark.tickets("suite", levl="L1")(played)', "pytest.mark.tickets:*'levl'"),
    ],
)
def test_a_suite_that_cannot_be_collected_is_one_line(
    pytester: pytest.Pytester, session: Session, call: str, said: str
) -> None:
    written(pytester, "4-human")
    head = "import pytest\nfrom evals.pytest_plugin import ticket_suite\ndef played(): pass\n"
    found = session(f"{head}test_suite = {call}\n")
    assert (found.ret, found.parseoutcomes()) == (pytest.ExitCode.INTERRUPTED, {"errors": 1})
    found.stdout.fnmatch_lines(["*ERROR collecting test_module.py*", said, "*short test summary*"], consecutive=True)


def test_tickets_are_chosen_on_the_command_line_and_other_tests_stay(
    pytester: pytest.Pytester, session: Session
) -> None:
    written(pytester, "1-issued", "2-not-qualified", "4-human")
    module = f"{SUITE}{MARKED.replace('== 99', '> 0')}\ndef test_other(): pass\n"
    found = session(module, "--ticket-filter", "id:*u*", "--ticket-filter", "!id:issued")
    assert found.parseoutcomes() == {"passed": 4, "deselected": 2}
    wrong = session(module, "--ticket-filter", "tags:x")
    wrong.stderr.fnmatch_lines(['*the filter is "tags:x"; there is no "tags:"*'])
    assert wrong.ret is pytest.ExitCode.USAGE_ERROR


def test_a_session_plays_every_suite_at_the_level_that_it_asks_for(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    assert session(SUITE, "--ticket-level", "L0").parseoutcomes() == {"passed": 1}
    found = session(SUITE, "--ticket-level", "L5")  # nothing is planted in this one
    assert (found.parseoutcomes(), failure(found)[-1]) == (
        {"errors": 1},
        "croupier eval run suite/4-human.json --level L5",
    )


LEAKING = """
import contextlib
import socket
import pytest
import evals.trying

@pytest.fixture(autouse=True)
def leak(monkeypatch):
    played = evals.trying.tried
    async def leaks(read, house, **how):
        with contextlib.suppress(Exception), socket.socket() as mine:
            mine.connect(("127.0.0.1", 9))
        return await played(read, house, **how)
    monkeypatch.setattr(evals.trying, "tried", leaks)

@pytest.mark.tickets("suite")
def test_leaking():
    pass
"""


def test_a_ticket_that_reaches_the_network_comes_to_no_verdict(pytester: pytest.Pytester, session: Session) -> None:
    written(pytester, "4-human")
    found = session(LEAKING)
    assert (found.parseoutcomes(), failure(found)[0]) == (
        {"errors": 1},
        "error: at L1 nothing leaves the machine, and this ticket tried: socket.connect ('127.0.0.1', 9)",
    )


def test_a_suite_fails_where_the_plugin_is_switched_off(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_module=SUITE)
    found = pytester.runpytest_inprocess(*ALONE)
    assert (found.parseoutcomes(), failure(found)) == (
        {"failed": 1},
        ["the plugin `croupier` is not loaded, so no ticket of suite was played"],
    )


def test_the_tests_on_the_page_on_ci_run(pytester: pytest.Pytester) -> None:
    written(pytester, "1-issued", tags=["bonus"]).rename(pytester.path / "tickets")
    page = (HOUSE / "docs" / "ci.md").read_text("utf-8")
    modules = [text for language, _, text in blocks(page) if language == "python"]
    pytester.makepyfile(**{f"test_page_{number}": text for number, text in enumerate(modules)})
    found = pytester.runpytest_inprocess(*ALONE, "--strict-markers", plugins=[pytest_plugin])
    assert found.parseoutcomes() == {"passed": 2}


COUNTING = """
import os
import evals.pytest_items.items as items

read = items.read_house

def counted(chosen):
    with open("houses", "a") as file:
        file.write(f"{os.getpid()}\\n")
    return read(chosen)

items.read_house = counted
"""


def test_workers_share_a_suite_and_each_reads_the_house_once(pytester: pytest.Pytester) -> None:
    written(pytester, *(path.stem for path in DEMO.glob("*.json")))
    pytester.makepyfile(test_module=SUITE, conftest=COUNTING)
    found = pytester.runpytest_subprocess(*NAMED, "-p", "xdist", "-n", "2", "-v")
    assert found.parseoutcomes() == {"passed": 6}
    found.stdout.fnmatch_lines_random(["*PASSED test_module.py::test_suite[[]human]*"])
    houses = (pytester.path / "houses").read_text().split()
    assert len(houses) == len(set(houses)) == 2


LIGHT = """
import sys
import pytest
assert pytest.main([*sys.argv[1:], "--collect-only", "-q"]) == pytest.ExitCode.NO_TESTS_COLLECTED
print("loaded:", sorted(name for name in sys.modules if name.partition(".")[0] in
      {"agent", "tools", "casino", "evals", "app", "pydantic", "openai", "langgraph", "asyncio"}))
"""


def test_nothing_heavy_is_imported_where_there_is_no_suite(pytester: pytest.Pytester) -> None:
    script = pytester.makepyfile(light=LIGHT)
    found = pytester.runpython_c(f"import runpy, sys; sys.argv[1:] = {[*NAMED]}; runpy.run_path({str(script)!r})")
    light = ["evals", "evals.pytest_items", "evals.pytest_items.suite", "evals.pytest_plugin"]
    assert found.outlines[-1] == f"loaded: {light}"
