"""SIGKILL around an effect: after a restart the bonus is there exactly once, and the player gets an answer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.backoffice.serve import Served, running
from tests.desks import ANNA

SCRIPT = Path(__file__).with_name("dying_desk.py")
TOKEN = "death"
SECRET = "whsec_ZGVhdGg="


def child(served: Served, data: Path, marker: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "CROUPIER_BACKOFFICE_URL": served.url,
        "CROUPIER_BACKOFFICE_TOKEN": TOKEN,
        "CROUPIER_WEBHOOK_SECRET": SECRET,
        "CROUPIER_DATA": str(data),
        "PYTHONPATH": str(SCRIPT.parents[2]),
        **more,
    }
    return subprocess.run(  # noqa: S603  # our own script
        [sys.executable, str(SCRIPT), marker, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def bonuses(served: Served) -> int:
    """Return how many bonuses the back office has granted."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.get(f"{served.url}/v1/bonuses", params={"player_id": "P1001"}, headers=headers)
    return len(answer.json()["bonuses"])


@pytest.mark.parametrize("marker", ["claimed", "sent", "done", "settled"])
def test_a_killed_process_loses_nothing_and_doubles_nothing(tmp_path: Path, marker: str) -> None:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        text = f"Can I get a bonus? {ANNA}"
        killed = child(served, tmp_path, marker, "m1", text)
        again = child(served, tmp_path, "none", "m1", text)
        granted = bonuses(served)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert again.returncode == 0, again.stderr
    assert "VIP_50 bonus at 1 EUR per spin is on your account now" in again.stdout
    assert granted == 1


@pytest.mark.parametrize("marker", ["voted", "claimed", "sent", "done", "settled"])
def test_a_process_that_is_killed_as_it_goes_on_with_an_approval_loses_nothing_and_doubles_nothing(
    tmp_path: Path, marker: str
) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("people: {anna: [approver]}")
    data = tmp_path / "data"
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        text = f"Can I get a bonus? {ANNA}"
        asked = child(served, data, "none", "m1", text, CROUPIER_GATE=str(gate))
        waits = bonuses(served)
        killed = child(served, data, marker, "approve", CROUPIER_GATE=str(gate))
        again = child(served, data, "none", "approve", CROUPIER_GATE=str(gate))
        granted = bonuses(served)
    assert ("A colleague has to approve this" in asked.stdout, waits) == (True, 0), asked.stderr
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("VIP_50 bonus at 1 EUR per spin is on your account now") == 1
    assert granted == 1
