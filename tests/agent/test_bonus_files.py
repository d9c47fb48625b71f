"""Configurations, catalogues, packs and players as files; one message where one cannot be read."""

from pathlib import Path

import pytest

from agent.bonus.files import read_catalogue, read_packs
from agent.bonus.player_files import KEYS, read_player
from agent.bonus.store import read_bonuses
from agent.settings import ROOT
from casino.facts import MISSING, UNAVAILABLE, Found
from casino.loaded import DocumentError

SOME = "id: {0}\nname: Some\npriority: {1}\nqualification: [player.twice > 1]\n"
FIELDS = 'fields: [{path: player.twice, expression: "player.ngr * 2"}]'


def written(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def refusal(*paths: Path, fields: Path | None = None) -> str:
    with pytest.raises(DocumentError) as refused:
        read_bonuses(paths, fields=fields)
    return str(refused.value)


def test_files_and_folders_are_read_together_each_file_once(tmp_path: Path) -> None:
    one = written(tmp_path / "a" / "one.yaml", SOME.format("one", 1))
    written(tmp_path / "a" / "two.yml", SOME.format("two", 2))
    written(tmp_path / "a" / "notes.txt", "no configuration")
    three = written(tmp_path / "three.yaml", SOME.format("three", 3))
    found = read_bonuses([one, tmp_path / "a", three])
    assert [item.id for item in found.configurations.configurations] == ["three", "two", "one"]
    assert {name: loaded.name for name, loaded in found.documents.items()} == {
        "one": str(one),
        "two": str(tmp_path / "a" / "two.yml"),
        "three": str(three),
    }


def test_the_catalogue_of_a_folder_is_read_over_the_built_in_one(tmp_path: Path) -> None:
    written(tmp_path / "fields.yaml", FIELDS)
    written(tmp_path / "one.yaml", SOME.format("one", 1))
    found = read_bonuses([tmp_path])
    (configuration,) = found.configurations.configurations
    assert {path: computed.text for path, computed in configuration.computed.items()} == {
        "player.twice": "player.ngr * 2"
    }
    assert {"player.twice", "player.ngr", "tools.kyc.status"} <= set(found.catalogue.fields)


def test_a_catalogue_that_is_named_is_read_over_the_others(tmp_path: Path) -> None:
    one = written(tmp_path / "one.yaml", SOME.format("one", 1))
    own = written(tmp_path / "own.yaml", FIELDS)
    (configuration,) = read_bonuses([one], fields=own).configurations.configurations
    assert list(configuration.computed) == ["player.twice"]
    assert read_bonuses([one]).configurations.configurations[0].computed == {}
    assert "player.twice" in read_catalogue([own]).fields


def test_what_ships_is_read_with_its_packs() -> None:
    found = read_bonuses([ROOT / "procedures" / "bonus"])
    assert len(found.configurations.configurations) == 5
    assert found.packs == read_packs(ROOT / "procedures" / "jurisdictions")
    assert not found.packs.required


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == (
        f"{tmp_path / 'none.yaml'}: this file cannot be read (No such file or directory). Name a file that is there."
    )


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path / "one.yaml", b"id: one\nname: Gr\xfc\xdfe\n")
    assert refusal(file) == f"{file}:2:1: this is not UTF-8 text. Save it as UTF-8."


def test_a_folder_without_a_configuration_is_named(tmp_path: Path) -> None:
    message = f"{tmp_path}: there is no configuration in this folder. Put a .yaml file into it."
    assert refusal(tmp_path) == message
    written(tmp_path / "fields.yaml", FIELDS)
    assert refusal(tmp_path) == message


def test_a_folder_without_packs_is_named(tmp_path: Path) -> None:
    message = "there is no jurisdiction pack here. Name a folder with a .yaml file for each place."
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(DocumentError) as refused:
            read_packs(folder)
        assert str(refused.value) == f"{folder}: {message}"


def test_a_path_is_written_as_it_lies_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(tmp_path / "bonus" / "none.yaml").startswith("bonus/none.yaml: ")


def test_a_player_is_read_from_json_and_from_yaml(tmp_path: Path) -> None:
    json = written(tmp_path / "p.json", '{"player": {"ngr": 0.10}, "unavailable": ["tools.kyc"]}')
    yaml = written(tmp_path / "p.yaml", "player: {ngr: 0.10}\nunavailable: [tools.kyc]\n")
    assert read_player(json) == read_player(yaml)
    facts = read_player(json)
    assert facts.look("tools.kyc.status") is UNAVAILABLE
    assert facts.look("player.jurisdiction") is MISSING


def test_a_jurisdiction_that_is_given_stands_in_place_of_the_files(tmp_path: Path) -> None:
    file = written(tmp_path / "p.json", '{"player": {"jurisdiction": "MT", "ngr": 1}}')
    facts = read_player(file, jurisdiction="GB")
    assert (facts.look("player.jurisdiction"), facts.look("player.ngr")) == (Found("GB"), Found(1))
    nothing = written(tmp_path / "q.json", "{}")
    assert read_player(nothing, jurisdiction="GB").look("player.jurisdiction") == Found("GB")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"player": {"ngr": NaN}}', "NaN is not a finite number. Write a number, or null where there is none."),
        ("[]", f"the facts must be a mapping, but this is a list. Its keys are {', '.join(KEYS)}."),
        ('{"savety": {}}', '"savety" is not known here. Did you mean "safety"?'),
        (
            '{"player": []}',
            '"player" must be a mapping of facts, but is a list. Write {} where there is nothing to say.',
        ),
        (
            '{"unavailable": "x"}',
            '"unavailable" must be a list of paths. Write every fact exactly, and the paths as a list.',
        ),
    ],
)
def test_a_player_that_cannot_be_taken_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = written(tmp_path / "p.json", text)
    with pytest.raises(DocumentError) as refused:
        read_player(file)
    place = ":1:20" if "NaN" in message else ""
    assert str(refused.value) == f"{file}{place}: {message}"


def test_the_catalogue_beside_a_file_is_read_once_and_another_over_it(tmp_path: Path) -> None:
    written(tmp_path / "fields.yaml", FIELDS)
    one = written(tmp_path / "one.yaml", SOME.format("one", 1))
    two = written(tmp_path / "two.yaml", SOME.format("two", 2))
    assert [list(item.computed) for item in read_bonuses([one, two]).configurations.configurations] == [
        ["player.twice"],
        ["player.twice"],
    ]
    over = written(tmp_path / "other" / "own.yaml", FIELDS.replace("player.twice", "player.thrice"))
    assert {"player.twice", "player.thrice"} <= set(read_bonuses([one], fields=over).catalogue.fields)
    assert "player.twice" in read_bonuses([one], fields=tmp_path / "fields.yaml").catalogue.fields
    assert "cannot be read" in refusal(tmp_path / "other" / "fields.yaml")
