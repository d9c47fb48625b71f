"""The manual on archive and restore, as cases that an author can read: `restore.yaml`, played by the commands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import croupier
from casino.bonus.configuration import Configuration, parse_configuration
from casino.document import dump_json, load_yaml
from casino.rules.condition import text
from casino.values import Document, Value

WHOLE = load_yaml((Path(__file__).parent / "restore.yaml").read_text("utf-8"), name="restore.yaml").value
WHO = ["--author", "an author", "--reason", "a case"]


def mapping(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def cases() -> list[dict[str, Value]]:
    listed = mapping(WHOLE)["cases"]
    assert isinstance(listed, list)
    return [mapping(case) for case in listed]


def run(*words: str) -> str:
    result = CliRunner().invoke(croupier, ["bonus", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def play(step: str, folder: Path) -> None:
    """Do one step of a case: "apply NAME", "archive ID" or "restore ID"."""
    act, name = step.split()
    if act == "apply":
        file = folder / "loyalty.yaml"
        file.write_text(dump_json(mapping(mapping(mapping(WHOLE)["configurations"])[name])), "utf-8")
        run("apply", str(file), "--yes", *WHO)
    else:
        run(act, name, *WHO, *(["--yes"] if act == "restore" else []))


def exported(folder: Path) -> Configuration:
    run("export", str(folder / "exported"))
    file = folder / "exported" / "loyalty.yaml"
    return parse_configuration(load_yaml(file.read_text("utf-8"), name=file.name))


@pytest.mark.parametrize("case", cases(), ids=[str(case["case"]) for case in cases()])
def test_a_restored_configuration_is_what_the_case_says(
    case: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROUPIER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROUPIER_BONUS_STORE", raising=False)
    steps = case["path"]
    assert isinstance(steps, list)
    for step in steps:
        play(str(step), tmp_path)
    restored = exported(tmp_path)
    assert restored.status.value == "published"
    assert [text(condition) for condition in restored.qualification] == case["qualification"]
    assert [tier.name for tier in restored.tiers] == case["tiers"]
    shown = json.loads(run("show", "loyalty", "--archived-parts", "--json"))
    assert sorted(part["where"] for part in shown["configuration"]["archived_parts"]) == case["taken_out"]
