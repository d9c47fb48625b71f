"""What the settings come to in an open desk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.house import read_gate, read_house
from agent.settings import read_settings
from agent.wiring import live_desk
from casino.loaded import DocumentError
from tests.desks import Clock, shipped_house
from tools.gate.rules import GateRules, Mode


@pytest.mark.parametrize(("timeout_s", "seconds"), [("5", 120), ("23", 120), ("60", 300)])
async def test_an_order_counts_as_under_way_for_longer_than_a_call_to_the_back_office_may_last(
    tmp_path: Path, timeout_s: str, seconds: int
) -> None:
    clock = Clock()
    settings = read_settings(
        {
            "CROUPIER_DATA": str(tmp_path),
            "CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:9",
            "CROUPIER_BACKOFFICE_TIMEOUT_S": timeout_s,
        }
    )
    async with live_desk(settings, clock=clock) as deps:
        assert deps.gate.in_flight == timedelta(seconds=seconds)
        assert deps.gate.in_flight.total_seconds() > 4 * float(timeout_s)
        assert deps.gate.clock is clock


def gate_in(folder: Path, *, procedures: Path | None = None) -> GateRules:
    """Read the gate's file of a folder, beside the procedures that ship or others."""
    chosen = {"CROUPIER_GATE": str(folder / "gate.yaml")}
    if procedures is not None:
        chosen["CROUPIER_PROCEDURES"] = str(procedures)
    return read_gate(read_settings(chosen))


def test_a_misspelt_workflow_in_the_gates_file_is_refused_with_or_without_a_desk(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("modes:\n  bonus-requst: read_only\n")
    told = r'gate.yaml:2:3: there is no procedure "bonus-requst"\. Did you mean "bonus-request"\?$'
    with pytest.raises(DocumentError, match=told):
        gate_in(tmp_path)
    with pytest.raises(DocumentError, match=told):
        read_house(read_settings({"CROUPIER_GATE": str(tmp_path / "gate.yaml")}))


def test_procedures_of_another_business_are_known_by_their_files_and_the_shipped_rules_may_stand_beside_them(
    tmp_path: Path,
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "renewal.md").write_text("not read here")
    (tmp_path / "gate.yaml").write_text("modes: {renewal: read_only}\n")
    assert gate_in(tmp_path, procedures=ours).modes == {"renewal": Mode.READ_ONLY}
    assert "bonus-request" in read_gate(read_settings({"CROUPIER_PROCEDURES": str(ours)})).modes
    (tmp_path / "gate.yaml").write_text("modes: {bonus-request: read_only}\n")
    with pytest.raises(DocumentError, match=r'there is no procedure "bonus-request"\. Known are "renewal"\.'):
        gate_in(tmp_path, procedures=ours)
    assert gate_in(tmp_path, procedures=tmp_path / "none").modes == {"bonus-request": Mode.READ_ONLY}


def test_a_house_with_fewer_procedures_has_fewer_tools() -> None:
    house = shipped_house()
    one, *_ = house.procedures.procedures
    fewer = replace(house, procedures=replace(house.procedures, procedures=(one,)))
    assert {name for name in fewer.tools if name.startswith("procedure_")} == {f"procedure_{one.id}"}
    assert fewer.named == house.named
    assert replace(fewer, procedures=house.procedures) == house
