"""`croupier bonus check`, run as an author would."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Croupier = Callable[..., Result]

GOOD = """id: good
name: Good
priority: 5
status: published
segmentation: ["player.country == 'MT'"]
qualification: [player.ngr > 0]
tiers:
  - {name: default, priority: 1, reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}
"""
SHADOWED = """id: shadowed
name: Shadowed
priority: 4
status: published
segmentation: ["player.country == 'FI'"]
tiers:
  - name: all
    priority: 2
    when: [player.lastDeposit >= 100]
    reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 1 EUR}
  - name: some
    priority: 9
    when: [player.lastDeposit >= 50]
    reward: {type: premium, templateName: vip_50, valuePerSpinDescription: 1 EUR}
  - {name: rest, priority: 1, reward: {type: standard, spinsCount: 5, gameProvider: BGaming, wager: 5}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    return tmp_path


def test_configurations_without_findings_end_with_0(croupier: Croupier, folder: Path) -> None:
    found = croupier("bonus", "check", folder / "good.yaml", "--on", "2026-11-22")
    assert (found.exit_code, found.stderr) == (0, "1 file read, 1 finding.\n")
    said = "some places allow no bonus, whatever a configuration says. Nothing has to be done; --all names them."
    assert found.stdout == f"all configurations: B303 hint: {said}\n"
    told = croupier("bonus", "check", folder / "good.yaml", "--on", "2026-11-22", "--all").stdout
    assert told.startswith("all configurations: B303 hint: players of these places get nothing, whatever ")


def test_errors_stand_before_warnings_and_hints_each_by_file_and_line(croupier: Croupier, folder: Path) -> None:
    (folder / "shadowed.yaml").write_text(SHADOWED)
    also = SHADOWED.replace("id: shadowed", "id: also").replace("'FI'", "'SE'")
    (folder / "also.yaml").write_text(also.replace("priority: 4", "priority: 3"))
    (folder / "unreached.yaml").write_text(GOOD.replace("good", "unreached").replace("priority: 5", "priority: 2"))
    found = croupier("bonus", "check", folder, "--templates", "VIP_50", "--on", "2026-11-22", "--all")
    where = [line.split(" ")[:3] for line in found.stdout.splitlines() if not line.startswith(" ")]
    files = [f"{folder / name}.yaml" for name in ("also", "shadowed")]
    errors = [(place.partition(":")[0], code) for place, code, how in where if how == "error:"]
    assert errors == [
        (files[0], "B103"), (files[0], "B206"), (files[0], "B206"),
        (files[1], "B103"), (files[1], "B206"), (files[1], "B206"),
    ]  # fmt: skip
    severities = [next(one for one in words if one in {"error:", "warning:", "hint:", "B303"}) for words in where]
    assert severities == sorted(severities, key=["error:", "warning:", "hint:", "B303"].index)
    machine = json.loads(croupier("bonus", "check", folder, "--json").stdout)["findings"]
    ranks = [["error", "warning", "hint"].index(one["severity"]) for one in machine]
    assert ranks == sorted(ranks)


def test_a_terminal_gets_lines_of_its_width_and_a_pipe_one_line_a_finding(croupier: Croupier, folder: Path) -> None:
    (folder / "shadowed.yaml").write_text(SHADOWED)
    piped = croupier("bonus", "check", folder, COLUMNS="60").stdout
    shown = croupier("bonus", "check", folder, COLUMNS="60", FORCE_COLOR="1").stdout
    assert len(shown.splitlines()) > len(piped.splitlines())
    assert shown.split() == piped.split()
    assert [line for line in shown.splitlines() if len(line) > 60 and " " in line.strip()] == []
    assert shown.splitlines()[1].startswith("    ")


def test_a_shadowed_tier_is_told_with_its_place_and_a_player(croupier: Croupier, folder: Path) -> None:
    file = folder / "shadowed.yaml"
    file.write_text(SHADOWED)
    found = croupier("bonus", "check", folder)
    lines = found.stdout.splitlines()
    assert found.exit_code == 1
    assert lines[0] == (
        f'{file}:7:5: B103 error: the tier "all" is never reached: whoever matches it matches "some" first. '
        'Give "all" a higher priority, or narrow what stands above it.'
    )
    assert lines[1] == "    for example: player.country 'FI', player.lastDeposit 100"


def test_a_machine_reads_the_same_as_json(croupier: Croupier, folder: Path) -> None:
    (folder / "shadowed.yaml").write_text(SHADOWED)
    found = croupier("bonus", "check", folder, "--json", "--on", "2026-11-22")
    document = json.loads(found.stdout)
    first = document["findings"][0]
    assert (found.exit_code, document["schema_version"], document["files"]) == (1, 1, 2)
    assert (first["file"], first["line"], first["column"]) == (str(folder / "shadowed.yaml"), 7, 5)
    assert (first["code"], first["severity"], first["configuration"]) == ("B103", "error", "shadowed")
    assert first["at"] == "2026-11-22T12:00:00+00:00"
    assert first["witness"]["player"] == {"country": "FI", "lastDeposit": 100}
    again = croupier("bonus", "check", folder, "--format", "json", "--on", "2026-11-22")
    assert again.stdout == found.stdout


def test_sarif_has_a_rule_and_a_place_for_every_result(croupier: Croupier, folder: Path) -> None:
    (folder / "shadowed.yaml").write_text(SHADOWED)
    found = croupier("bonus", "check", folder, "--format", "sarif")
    log = json.loads(found.stdout)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (found.exit_code, log["version"], set(log)) == (1, "2.1.0", {"$schema", "version", "runs"})
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [one["ruleId"] for one in run["results"]]
    assert {result["level"] for result in run["results"]} == {"error", "note"}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 7, "startColumn": 5}
    assert place["artifactLocation"]["uri"].endswith("/shadowed.yaml")
    assert "locations" not in run["results"][-1]


def test_templates_are_given_as_a_list_or_as_a_file(croupier: Croupier, folder: Path) -> None:
    (folder / "shadowed.yaml").write_text(SHADOWED)
    (folder / "templates.txt").write_text("VIP_50\nHIGH_30\n\n")
    listed = croupier("bonus", "check", folder, "--templates", "VIP_50, HIGH_30")
    filed = croupier("bonus", "check", folder, "--templates", folder / "templates.txt")
    assert listed.stdout == filed.stdout
    line = next(line for line in listed.stdout.splitlines() if "B206" in line)
    assert line.startswith(f"{folder / 'shadowed.yaml'}:14:29: B206 error: there is no template ")
    assert line.endswith('Did you mean "VIP_50"?')


@pytest.mark.parametrize("name", ["none.txt", "none.yaml", "none.CSV", "none.json", "a/none", "a/VIP_50,HIGH_30"])
def test_a_file_of_templates_that_is_not_there_is_no_template(
    croupier: Croupier, folder: Path, name: str, one_message: Callable[[Result], str]
) -> None:
    found = croupier("bonus", "check", folder, "--templates", name)
    assert (found.exit_code, found.stdout) == (3, "")
    assert f"there is no file {name}; name one that is there" in one_message(found)


def test_a_folder_is_no_list_of_templates(
    croupier: Croupier, folder: Path, one_message: Callable[[Result], str]
) -> None:
    found = croupier("bonus", "check", folder, "--templates", folder)
    assert (found.exit_code, one_message(found)) == (3, f"--templates: {folder} is a folder; name a file in it")


@pytest.mark.parametrize("place", ["Malta", "XX", "gb", "UK"])
def test_a_place_that_is_no_code_is_wrong_usage(
    croupier: Croupier, folder: Path, place: str, one_message: Callable[[Result], str]
) -> None:
    found = croupier("bonus", "check", folder, "--jurisdiction", "GB", "--jurisdiction", place)
    assert (found.exit_code, found.stdout) == (2, "")
    assert one_message(found) == f'--jurisdiction is "{place}"; write an ISO 3166 code, as GB or CA-ON'


def test_where_a_place_is_named_only_its_law_is_told(croupier: Croupier, folder: Path) -> None:
    file = folder / "open.yaml"
    everywhere = GOOD.replace("segmentation: [\"player.country == 'MT'\"]\n", "")
    reward = "{type: standard, spinsCount: 5, gameProvider: BGaming, wager: 35}"
    file.write_text(everywhere.replace(everywhere[everywhere.index("{type") : -2], reward))

    def laws(*places: str) -> set[str]:
        options = [word for place in places for word in ("--jurisdiction", place)]
        told = json.loads(croupier("bonus", "check", file, *options, "--on", "2026-11-22", "--json").stdout)
        return {one["message"].partition(":")[0] for one in told["findings"] if one["code"].startswith("B3")}

    assert laws("GB") == {"GB"}
    assert laws("GB-SCT") == {"GB"}
    assert laws("BR", "GB") == {"BR", "GB"}
    assert "GB" in laws()
    found = croupier("bonus", "check", file, "--jurisdiction", "NZ", "--on", "2026-11-22")
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr.startswith("no rule of NZ is known here, so nothing is said of its law\n")


def test_a_place_that_configurations_are_for_is_named(croupier: Croupier, folder: Path) -> None:
    wagering = GOOD.replace("segmentation: [\"player.country == 'MT'\"]\n", "")
    reward = "{type: standard, spinsCount: 5, gameProvider: BGaming, wager: 35}"
    file = folder / "wagering.yaml"
    file.write_text(wagering.replace(wagering[wagering.index("{type") : -2], reward))
    hinted = croupier("bonus", "check", file, "--on", "2026-11-22")
    bound = croupier("bonus", "check", file, "--jurisdiction", "GB", "--on", "2026-11-22")
    assert (hinted.exit_code, bound.exit_code) == (0, 1)
    assert "B301 hint: GB: " in hinted.stdout
    assert "B301 error: GB: " in bound.stdout
    assert "B301 hint: GB: " not in croupier("bonus", "check", file, "--on", "2026-01-18").stdout


def test_a_file_that_cannot_be_read_ends_with_3(
    croupier: Croupier, folder: Path, one_message: Callable[[Result], str]
) -> None:
    missing = croupier("bonus", "check", folder / "none.yaml")
    assert (missing.exit_code, "none.yaml" in one_message(missing)) == (3, True)
    (folder / "broken.yaml").write_text(GOOD.replace("priority: 5", "prioritty: 5"))
    broken = croupier("bonus", "check", folder)
    assert broken.exit_code == 3
    assert "broken.yaml:3:1" in one_message(broken)
    fields = croupier("bonus", "check", folder / "good.yaml", "--fields", folder / "none.yaml")
    assert fields.exit_code == 3


def test_a_day_that_is_none_is_wrong_usage(croupier: Croupier, folder: Path) -> None:
    found = croupier("bonus", "check", folder, "--on", "tomorrow")
    assert (found.exit_code, found.stdout) == (2, "")
    assert '"tomorrow" is no date. Write it as 2026-01-31.' in found.stderr


def test_a_witness_of_many_fields_is_cut_short(croupier: Croupier, folder: Path) -> None:
    many = ", ".join(f"tools.t.f{number} == 1" for number in range(9))
    file = folder / "many.yaml"
    file.write_text(
        GOOD.replace("player.ngr > 0", many).replace("priority: 1,", "priority: 1, when: [tools.t.x == 1],")
    )
    found = croupier("bonus", "check", file)
    line = next(line for line in found.stdout.splitlines() if line.startswith("    for example"))
    assert line.endswith(" and 3 more fields")
    file.write_text("id: bare\nname: Bare\npriority: 1\nstatus: published\ntiers: []\n")
    assert "    for example: nothing known of the player" in croupier("bonus", "check", file).stdout


def test_a_long_list_of_templates_is_no_file(croupier: Croupier, folder: Path) -> None:
    names = ",".join(["VIP_50", *(f"T_{number}" for number in range(200))])
    found = croupier("bonus", "check", folder, "--templates", names)
    assert (found.exit_code, found.stdout) == (0, croupier("bonus", "check", folder, "--templates", "VIP_50").stdout)
