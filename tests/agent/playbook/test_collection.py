from pathlib import Path

import pytest

from agent.playbook.collection import load_library, read_folder
from agent.playbook.procedure import ProcedureError
from agent.playbook.vocabulary import Vocabulary


def file(name: str, *, more: str = "", body: str = "Text.") -> str:
    return f"---\nname: {name}\ndescription: The player wants a test.\nstatus: published\n{more}---\n{body}\n"


FALLBACK = {"f/general.md": file("General", more="category: fallback\n")}


def errors(files: dict[str, str]) -> list[str]:
    with pytest.raises(ProcedureError) as caught:
        load_library(files, Vocabulary())
    return str(caught.value).split("\n")


def test_procedures_are_found_by_id_and_may_mention_each_other() -> None:
    library = load_library({**FALLBACK, "f/a.md": file("Alpha", body="Go on with @General.")}, Vocabulary())
    assert [procedure.id for procedure in library.procedures] == ["general", "a"]
    assert library.by_id["a"].mentions[0].id == "general"
    assert library.fallback is library.by_id["general"]


def test_only_what_is_published_active_and_of_the_brand_is_offered_for_a_trigger() -> None:
    library = load_library(
        {
            **FALLBACK,
            "f/draft.md": file("Draft").replace("published", "draft"),
            "f/red.md": file("Red", more="brands: [red]\n"),
            "f/event.md": file("Event", more="triggers: [deposit]\n"),
            "f/pilot.md": file("Pilot", more="active: false\noverrides: {blue: {active: true}}\n"),
            "f/off.md": file("Off", more="overrides: {red: {active: false}}\n"),
        },
        Vocabulary(),
    )
    offered = {
        (brand, trigger): [procedure.id for procedure in library.published(brand, trigger)]
        for brand in ("red", "blue")
        for trigger in ("chat", "deposit")
    }
    assert offered == {
        ("red", "chat"): ["general", "red"],
        ("red", "deposit"): ["event"],
        ("blue", "chat"): ["general", "pilot", "off"],
        ("blue", "deposit"): ["event"],
    }


def test_the_errors_of_all_files_are_said_at_once() -> None:
    assert [line.split(" ", 2)[:2] for line in errors({"f/a.md": "x", "f/b.md": file("B", body="@nobody")})] == [
        ["f/a.md:1:1:", "P001"],
        ["f/b.md:6:1:", "P101"],
    ]


def test_two_procedures_never_share_an_id_a_name_or_the_fallback() -> None:
    taken = errors({**FALLBACK, "g/general.md": file("general", more="category: fallback\n")})
    assert taken == [
        'g/general.md:1:1: P301 The id "general" is taken by f/general.md. Rename one of the files.',
        'g/general.md:1:1: P301 The name "general" is taken by f/general.md. Change the name in one of them.',
        'g/general.md:1:1: P301 The category "fallback" is taken by f/general.md. Change the category in one of them.',
    ]


def test_a_library_without_a_published_fallback_is_refused() -> None:
    (only,) = errors({"f/a.md": file("A", more="category: fallback\n").replace("published", "draft")})
    assert only.startswith('f/a.md:1:1: P302 No published procedure has the category "fallback". Write ')


def test_a_folder_is_read_with_names_that_begin_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "procedures"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.md").write_bytes("\u00e4\r\n".encode())
    (folder / "a.md").write_text("a")
    (folder / "README.md").write_text("no procedure")
    (folder / "c.yaml").write_text("no procedure")
    assert read_folder(folder) == {"procedures/a.md": "a", "procedures/deep/b.md": "\u00e4\r\n"}
    assert read_folder(folder / "a.md") == {"a.md": "a"}


def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"ok\n\xc3\xa4\xff")
    with pytest.raises(ProcedureError) as caught:
        read_folder(tmp_path / "bad.md")
    assert str(caught.value) == "bad.md:2:2: P007 The file is not UTF-8. Save it as UTF-8."
    with pytest.raises(ProcedureError) as caught:
        read_folder(tmp_path / "none")
    assert str(caught.value) == 'none:1:1: P007 There is no "none". Check the path.'
