"""The life of a configuration through the commands, on both systems that a store can be on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.bonus.store import read_stored
from app.cli.main import croupier
from tools.adapters.configuration_store import open_configurations

WHO = ("--author", "Ada", "--reason", "spring")
VIP = (
    "id: vip\nname: VIP\npriority: 10\nstatus: draft\ntiers:\n  - {name: default, priority: 1, reward: {type: premium, "
)
REWARD = "templateName: VIP_50, valuePerSpinDescription: 1 EUR}}\n"

Run = Callable[..., Result]


@pytest.fixture
def bonus(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `croupier bonus` on one store, and see it go well."""
    monkeypatch.setenv("CROUPIER_BONUS_STORE", address)
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> Result:
        result = CliRunner().invoke(croupier, ["bonus", *(str(word) for word in words)])
        assert (result.exit_code, result.exception) == (0, None), result.output
        return result

    return run


@pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)
def test_written_published_archived_restored_and_exported(bonus: Run, address: str, tmp_path: Path) -> None:
    own, out = tmp_path / "own", tmp_path / "out"
    own.mkdir()
    (own / "vip.yaml").write_text(VIP + REWARD)
    assert "1 created." in bonus("plan", own).stdout
    bonus("apply", own, *WHO, "--yes")
    assert read_stored(address).configurations.configurations == ()
    bonus("publish", "vip", *WHO)
    decided = read_stored(address).configurations.configurations
    assert [one.id for one in decided] == ["vip"]
    bonus("archive", "vip", *WHO)
    assert read_stored(address).configurations.configurations == ()
    assert [one["id"] for one in json.loads(bonus("list", "--archived", "--json").stdout)["configurations"]] == ["vip"]
    bonus("restore", "vip", *WHO, "--yes")
    assert read_stored(address).configurations.configurations == decided
    bonus("export", out)
    assert bonus("plan", out, "--prune", "--check").stdout == "Nothing to do.\nThe store is at revision 4.\n"
    with open_configurations(address) as store:
        history = [(one.number, one.act.value, one.status.value, one.author) for one in store.history("vip")]
    assert history == [
        (1, "applied", "draft", "Ada"),
        (2, "published", "published", "Ada"),
        (3, "archived", "archived", "Ada"),
        (4, "restored", "published", "Ada"),
    ]
