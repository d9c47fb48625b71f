"""A ticket that waits, on both systems that a store can be on: approved by command, from another process's view."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.backoffice.serve import Served, running
from app.cli.main import croupier
from tests.app.cli.gate_files import SAYS, gate_file
from tests.contracts.outside import SECRET, TOKEN


@pytest.fixture
def own_office() -> Generator[Served]:
    """A back office that has granted nothing yet."""
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        yield served


@pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)
def test_a_ticket_waits_is_approved_and_done(
    address: str, own_office: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = {
        "CROUPIER_STORE": address,
        "CROUPIER_DATA": str(tmp_path / "data"),
        "CROUPIER_GATE": str(gate_file(tmp_path, approvers=2)),
        "CROUPIER_BACKOFFICE_URL": own_office.url,
        "CROUPIER_BACKOFFICE_TOKEN": TOKEN,
        "CROUPIER_WEBHOOK_SECRET": SECRET,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ticket = tmp_path / "ticket.json"
    hello = {"schema": "ticket/1", "id": "hello", "title": "Hello", "brand": "lucky-spin", "says": SAYS}
    ticket.write_text(json.dumps(hello))
    _run("run", str(ticket))
    (asked,) = json.loads(_run("approvals", "list", "--json"))["approvals"]
    assert (asked["state"], asked["data"]) == ("open", "the store at CROUPIER_STORE")
    _run("approvals", "approve", asked["approval"], "--reason", "ok", "--as", "anna")
    approved = json.loads(_run("approvals", "approve", asked["approval"], "--reason", "ok", "--as", "ben", "--json"))
    assert (approved["state"], approved["effect"]) == ("approved", "done")
    (effect,) = json.loads(_run("ledger", "list", "--json"))["effects"]
    assert (effect["state"], effect["approval"]) == ("done", asked["approval"])
    assert _run("ledger", "reconcile", "--as", "anna") == "Nothing is in doubt.\n"


def _run(*words: str) -> str:
    result = CliRunner().invoke(croupier, [*words])
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout
