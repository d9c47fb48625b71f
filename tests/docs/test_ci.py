"""The CI templates are true: every line of shell in them is run in order, on pipelines as they come one after another.

Only the installation is left out: the environment in place stands for what it installs.
"""

import json
import shutil
from collections.abc import Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from tests.docs.page import blocks
from tests.docs.runners import HOUSE, INSTALL, Caches, Done, GitHub, gitlab_job

FOLDER = HOUSE / "docs" / "ci"
PAGE = (HOUSE / "docs" / "ci.md").read_text("utf-8")
DEMO = HOUSE / "evals" / "tickets" / "demo"
TICKETS = ("1-issued", "4-human")  # as many as show something: every line of the templates is a process
REPORTS = {"junit.xml", "report.html", "results.jsonl", "summary.md"}


def read(name: str) -> Mapping[str, Any]:
    """Return a template; its words are words, so `on` is no boolean."""
    yaml: Any = YAML(typ="safe", pure=True)  # its words are untyped
    return yaml.load((FOLDER / name).read_text("utf-8"))


GITHUB = read("github-actions.yml")
GITLAB = read("gitlab-ci.yml")


class _AnswersTheSame(BaseHTTPRequestHandler):
    """A model that always says the same: a live run that costs nothing and fails."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "Thank you for your message."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing on stderr."""


@pytest.fixture
def model() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _AnswersTheSame) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


@pytest.fixture
def caches(tmp_path: Path) -> Caches:
    folder = tmp_path / "caches"
    folder.mkdir()
    return Caches(folder)


def checkout(folder: Path, *, broken: bool = False) -> tuple[Path, dict[str, str]]:
    """Return a checkout of some tickets and the procedures, and what says that those count."""
    workspace = folder / "work"
    (workspace / "evals" / "tickets").mkdir(parents=True)
    for name in TICKETS:
        shutil.copy(DEMO / f"{name}.json", workspace / "evals" / "tickets")
    procedures = shutil.copytree(HOUSE / "procedures" / "support", workspace / "procedures")
    if broken:
        page = procedures / "bonus-request.md"
        lines = page.read_text("utf-8").splitlines(keepends=True)
        start = next(number for number, line in enumerate(lines) if "Qualify for Bonus" in line)
        end = next(number for number, line in enumerate(lines) if number >= start and "is the answer" in line)
        page.write_text("".join(lines[:start] + lines[end + 1 :]), "utf-8")
    return workspace, {"CROUPIER_PROCEDURES": str(procedures)}


def on_github(folder: Path, caches: Caches, job: str, values: Mapping[str, str], **environment: str) -> GitHub:
    folder.mkdir()
    broken = environment.pop("broken", "") == "yes"
    workspace, house = checkout(folder, broken=broken)
    run = GitHub(caches=caches, workspace=workspace, values=values, environment={**house, **environment})
    run.job(GITHUB["jobs"][job]["steps"])
    return run


def ended(run: GitHub) -> dict[str, int | None]:
    """Return how the steps of shell ended; None for one that was skipped."""
    return {name: None if one.skipped else one.code for name, one in run.done.items() if "actions/" not in name}


PUSH = {"github.event_name": "push", "github.sha": "aaa"}
PULL = {"github.event_name": "pull_request", "github.sha": "bbb", "github.event.pull_request.base.sha": "aaa"}


def test_github_compares_a_pull_request_with_its_base_and_says_what_broke(tmp_path: Path, caches: Caches) -> None:
    main = on_github(tmp_path / "push", caches, "replay", PUSH)
    assert (ended(main)["replay"], ended(main)["Gate"], [*caches.kept]) == (0, 0, ["evals-base-aaa"])
    assert "pass: 2 tickets at L1, 2 of 2 trials passed" in main.done["Gate"].output

    change = on_github(tmp_path / "pull", caches, "replay", PULL, broken="yes")
    replayed, gated = change.done["replay"], change.done["Gate"]
    assert (replayed.code, gated.code, [*caches.kept]) == (1, 1, ["evals-base-aaa"])
    annotations = [line for line in replayed.output.splitlines() if line.startswith("::error ")]
    assert [one.partition("::A verified")[0] for one in annotations] == [
        "::error file=evals/tickets/1-issued.json,line=1,title=issued%3A fail"
    ]
    assert replayed.summary.startswith("## ❌ Evals: 1 passed, 1 failed\n")
    assert "✗ issued: pass -> fail" in gated.output
    assert set(change.artifacts["evals"]) >= REPORTS
    suite = ET.parse(change.workspace / "evals-run" / "junit.xml").getroot()  # noqa: S314  # our own report
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")


NIGHT = {"github.event_name": "schedule", "vars.OPENAI_BASE_URL": "", "secrets.OPENAI_API_KEY": ""}


def test_github_plays_no_night_without_a_key(tmp_path: Path, caches: Caches) -> None:
    night = on_github(tmp_path / "night", caches, "nightly", {**NIGHT, "github.run_id": "1"}, GITHUB_RUN_NUMBER="1")
    assert night.done["play"].code != 0
    assert "OPENAI_API_KEY: is not set; without it the built-in policy model would play" in night.done["play"].output
    assert (night.done["gate"].skipped, night.artifacts, caches.kept) == (True, {"evals-nightly": []}, {})


def test_github_judges_a_live_night_by_the_gate(tmp_path: Path, caches: Caches, model: str) -> None:
    values = {**NIGHT, "github.run_id": "1", "secrets.OPENAI_API_KEY": "k", "vars.OPENAI_BASE_URL": model}
    named = {"GITHUB_RUN_NUMBER": "1", "GITHUB_RUN_ID": "1"}
    night = on_github(tmp_path / "night", caches, "nightly", values, **named)
    played, gated = night.done["play"], night.done["gate"]
    assert "0 passed, 8 failed" in played.output  # a failed ticket alone does not end the night
    assert (played.code, gated.outputs, gated.code) == (0, {"code": "1"}, 1)
    assert (set(night.artifacts["evals-nightly"]) >= REPORTS, caches.kept) == (True, {})


def on_gitlab(folder: Path, caches: Caches, job: str, variables: Mapping[str, str], *, broken: bool = False) -> Done:
    folder.mkdir()
    workspace, house = checkout(folder, broken=broken)
    named = {**house, **variables}
    return gitlab_job(GITLAB[job], GITLAB[".croupier"], workspace, caches=caches, variables=named)


def test_gitlab_compares_a_merge_request_with_its_base(tmp_path: Path, caches: Caches) -> None:
    pull, push = (rule["variables"] for rule in GITLAB["evals"]["rules"])
    main = on_gitlab(tmp_path / "push", caches, "evals", push)
    assert (main.code, [*caches.kept]) == (0, ["evals-base"])
    change = on_gitlab(tmp_path / "merge", caches, "evals", pull, broken=True)
    assert change.code == 1
    assert "✗ issued: pass -> fail" in change.output
    assert (tmp_path / "merge" / "work" / GITLAB["evals"]["artifacts"]["reports"]["junit"]).exists()
    base = (caches.kept["evals-base"] / "results.jsonl").read_text("utf-8")
    assert json.loads(base.splitlines()[-1])["counts"]["fail"] == 0  # the merge request has written nothing there


def test_gitlab_judges_a_live_night_by_the_gate(tmp_path: Path, caches: Caches, model: str) -> None:
    keyless = on_gitlab(tmp_path / "keyless", caches, "evals-nightly", {"CI_PIPELINE_IID": "1"})
    assert (keyless.code, "OPENAI_API_KEY is not set" in keyless.output) == (2, True)
    live = {"CI_PIPELINE_IID": "2", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model}
    night = on_gitlab(tmp_path / "night", caches, "evals-nightly", live)
    assert (night.code, "eval run ended with 1; the gate judges" in night.output, caches.kept) == (1, True, {})


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_a_night_counts_for_later_ones_where_it_is_not_red(tmp_path: Path, service: str) -> None:
    """The steps that keep a night, with nights already there: the eight newest stay, by their numbers."""
    steps = {one["name"]: one for one in GITHUB["jobs"]["nightly"]["steps"] if "name" in one}
    github = steps["Count this night among the earlier ones"]["run"]
    gitlab = GITLAB["evals-nightly"]["script"][2].partition("  mkdir -p")[2].partition("fi\n")[0]
    script = github if service == "github" else f"mkdir -p{gitlab}"
    nights = tmp_path / "work" / "evals-nights"
    nights.mkdir(parents=True)
    for number in range(95, 105):
        (nights / f"{number}.jsonl").write_text("")
    (tmp_path / "work" / "evals-run").mkdir()
    (tmp_path / "work" / "evals-run" / "results.jsonl").write_text("")
    run = GitHub(
        caches=Caches(tmp_path),
        workspace=tmp_path / "work",
        values={},
        environment={"GITHUB_RUN_ID": "105", "CI_PIPELINE_IID": "105"},
    )
    (done,) = run.job([{"name": "keep", "run": script}])
    assert (done.code, done.output) == (0, "")
    assert sorted(int(one.stem) for one in nights.iterdir()) == [*range(98, 106)]


def test_the_page_shows_both_files_and_they_ask_for_as_little_as_they_need() -> None:
    shown = {name: text for _, name, text in blocks(PAGE) if name}
    assert shown == {name: (FOLDER / name).read_text("utf-8") for name in ("github-actions.yml", "gitlab-ci.yml")}
    assert (GITHUB["permissions"], "pull_request_target" in GITHUB["on"]) == ({"contents": "read"}, False)
    assert "secrets." not in str(GITHUB["jobs"]["replay"])
    assert [str(steps).count(INSTALL) for steps in (GITHUB["jobs"]["replay"], GITHUB["jobs"]["nightly"])] == [1, 1]
