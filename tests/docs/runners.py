"""Two small CI runners: they do the steps of a workflow in order, as GitHub Actions and GitLab do.

What stands for the service is simulated (checkout, Python, caches, artifacts); every line of shell is really run.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

HOUSE: Final = Path(__file__).parents[2]
BIN: Final = HOUSE / ".venv" / "bin"
INSTALL: Final = "requirements/install.py"  # the environment in place stands for what it installs


@dataclass(slots=True)
class Caches:
    """What a CI service keeps between pipelines."""

    folder: Path
    kept: dict[str, Path] = field(default_factory=dict[str, Path])  # by key, the newest last

    def save(self, key: str, path: Path) -> None:
        """Keep a folder under a key, in place of what was kept there."""
        self.kept.pop(key, None)
        self.kept[key] = shutil.copytree(path, Path(mkdtemp(dir=self.folder)) / "kept")

    def restore(self, keys: Sequence[str], path: Path) -> None:
        """Bring back the newest folder whose key begins with one of these, the first key first."""
        for wanted in keys:
            found = [kept for key, kept in self.kept.items() if key.startswith(wanted)]
            if found:
                shutil.copytree(found[-1], path)
                return


@dataclass(slots=True, kw_only=True)
class Done:
    """How one step ended."""

    name: str
    code: int = 0
    output: str = ""
    summary: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    skipped: bool = False


def shell(script: str, workspace: Path, environment: Mapping[str, str], *, command: Sequence[str]) -> tuple[int, str]:
    """Run a script as the runner does, with nothing of this process's settings but the path."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    file = workspace.parent / "script.sh"
    file.write_text(script, "utf-8")
    done = subprocess.run(  # noqa: S603  # the scripts of our own page
        [*command, str(file)],
        cwd=workspace,
        env={"PATH": path, "HOME": str(workspace.parent), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@dataclass(slots=True, kw_only=True)
class GitHub:
    """Does a job of a workflow: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax."""

    caches: Caches
    workspace: Path
    values: Mapping[str, str]  # of the contexts, by what stands in `${{ }}`
    environment: Mapping[str, str]
    artifacts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    done: dict[str, Done] = field(default_factory=dict[str, Done])

    def job(self, steps: Sequence[Mapping[str, Any]]) -> list[Done]:
        """Do the steps; one that fails keeps those without a condition from running."""
        ended: list[Done] = []
        for step in steps:
            failed = any(one.code for one in ended)
            name = step.get("name", step.get("uses", ""))
            if self._runs(step.get("if", "success()"), failed=failed):
                one = self._step(step, name)
            else:
                one = Done(name=name, skipped=True)
            ended.append(one)
            self.done[step.get("id", name)] = one
        return ended

    def _step(self, step: Mapping[str, Any], name: str) -> Done:
        if "run" not in step:
            self._used(step["uses"], {key: self._filled(str(value)) for key, value in step.get("with", {}).items()})
            return Done(name=name)
        if INSTALL in step["run"]:
            return Done(name=name)
        files = {word: self.workspace.parent / f"{word}.txt" for word in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        environment = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            **{word: str(file) for word, file in files.items()},
            **self.environment,
            **{key: self._filled(value) for key, value in step.get("env", {}).items()},
        }
        code, output = shell(step["run"], self.workspace, environment, command=("bash", "-e"))
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        return Done(
            name=name, code=code, output=output, summary=files["GITHUB_STEP_SUMMARY"].read_text(), outputs=outputs
        )

    def _used(self, action: str, given: Mapping[str, str]) -> None:
        name, _, version = action.partition("@")
        assert re.fullmatch(r"v\d+", version), action
        match name:
            case "actions/checkout" | "actions/setup-python":
                pass
            case "actions/cache/restore":
                keys = [given["key"], *given["restore-keys"].split()]
                self.caches.restore(keys, self.workspace / given["path"])
            case "actions/cache/save":
                self.caches.save(given["key"], self.workspace / given["path"])
            case "actions/upload-artifact":
                found = sorted(one.name for one in (self.workspace / given["path"]).glob("*"))
                assert found or given.get("if-no-files-found") != "error"
                self.artifacts[given["name"]] = found
            case _:
                raise AssertionError(f"the runner does not know {action}")

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self.values[found[1]], text)

    def _runs(self, condition: str, *, failed: bool) -> bool:
        """Tell whether a step runs: every term holds, and nothing has failed unless it asks for that itself."""
        condition = condition.removeprefix("${{").removesuffix("}}").strip()
        whatever = "cancelled()" in condition
        terms = [[self._holds(one, failed=failed) for one in part.split(" || ")] for part in condition.split(" && ")]
        return all(any(part) for part in terms) and (whatever or not failed)

    def _holds(self, term: str, *, failed: bool) -> bool:
        if term == "success()":
            return not failed
        if term == "!cancelled()":
            return True
        found = re.fullmatch(r"(\S+) (==|!=) '(.*)'", term)
        assert found is not None, term
        return (self._value(found[1]) == found[3]) == (found[2] == "==")

    def _value(self, name: str) -> str:
        match name.split("."):
            case ["steps", step, "outcome"]:
                one = self.done[step]
                return "skipped" if one.skipped else "failure" if one.code else "success"
            case ["steps", step, "outputs", output]:
                return self.done[step].outputs.get(output, "")
            case _:
                return self.values[name]


def gitlab_job(
    job: Mapping[str, Any], base: Mapping[str, Any], workspace: Path, *, caches: Caches, variables: Mapping[str, str]
) -> Done:
    """Do a job of a pipeline: one shell for all of its lines, which ends at the first that fails."""
    cache, named = job["cache"], job["cache"]["paths"][0]
    policy = variables[cache["policy"].removeprefix("$")] if "policy" in cache else "pull-push"
    caches.restore([cache["key"]], workspace / named)
    lines = [line for line in (*base["before_script"], *job["script"]) if INSTALL not in line]
    environment = {"CI": "true", "GITLAB_CI": "true", **variables}
    code, output = shell("\n".join(lines), workspace, environment, command=("bash", "-eo", "pipefail"))
    if policy == "pull-push" and (code == 0 or cache.get("when") == "always") and (workspace / named).exists():
        caches.save(cache["key"], workspace / named)
    return Done(name="", code=code, output=output)
