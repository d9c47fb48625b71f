"""`croupier run`: a ticket as a file, and every way in which one cannot be played."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app.backoffice.serve import running

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
ASKED = "To help you I need to find your account first. Please send me your e-mail address and your date of birth."
HEAD = "---\nname: {name}\ndescription: The player wants a test of ours.\nstatus: published\n{more}---\n"


def test_a_ticket_for_a_machine_is_one_document_on_stdout(croupier: Callable[..., Result]) -> None:
    found = croupier("run", DEMO / "4-human.json", "--json")
    document = json.loads(found.stdout)
    ticket_id = document.pop("ticket")
    assert (found.exit_code, ticket_id.startswith("human-")) == (0, True)
    assert document == {
        "schema_version": 1,
        "title": "A player asks for a human and gets one",
        "model": "croupier-policy-1 (no LLM)",
        "end_state": {
            "outcome": "escalated",
            "procedure": "bonus-request",
            "verified": "",
            "decision": "",
            "tier": "",
            "effects": ["transfer_to_live_agent: done"],
            "handoff": "player_request",
            "replies": [
                ASKED,
                "Of course. I am handing you over to a colleague, who will read everything we have written so far.",
            ],
        },
        "path": [
            *("load", "triage", "verify", "check", "reply"),
            *("load", "triage", "verify", "effect:transfer_to_live_agent", "reply"),
        ],
        "differences": [],
        "as_expected": True,
        "model_down": [],
    }
    assert f"croupier tickets show {ticket_id} --data " in found.stderr


def test_a_ticket_for_people_is_a_story_on_stdout(croupier: Callable[..., Result]) -> None:
    found = croupier("run", DEMO / "1-issued.json")
    assert (found.exit_code, found.stderr) == (0, "")
    assert "end  issued · decision qualified · handoff none" in found.stdout
    assert "✓ vip → player.category == 'VIP' (is \"VIP\")" in found.stdout


def test_a_ticket_that_ends_otherwise_is_a_finding(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    path = ticket_file(expect={"outcome": "issued", "effects": []})
    found = croupier("run", path)
    assert found.exit_code == 1
    assert "differs  outcome: expected 'issued', found " in found.stdout


def test_words_of_a_title_are_no_markup(croupier: Callable[..., Result], ticket_file: Callable[..., Path]) -> None:
    found = croupier("run", ticket_file(title="A [bold]bracket[/nonsense] :smile:"))
    assert found.exit_code == 0
    assert "A [bold]bracket[/nonsense] :smile:" in found.stdout


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"{",
            ":1:2: this is not JSON: expecting property name enclosed in double quotes. Mend the text at this place.",
        ),
        (b'{"schema": "ticket/1"', ":1:22: this is not JSON: expecting ',' delimiter. Mend the text at this place."),
        (b"", ":1:1: this is not JSON: expecting value. Mend the text at this place."),
        (b"\xff", ": not UTF-8 text (byte 0); save the ticket as UTF-8"),
        (b"[]", ":1:1: a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`"),
    ],
)
def test_a_file_that_is_no_ticket_is_said_with_its_place(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "ticket.json"
    path.write_bytes(content)
    for words in (["run", path], ["run", path, "--json"], ["eval", "run", path]):
        found = croupier(*words)
        assert (found.exit_code, one_message(found)) == (3, f"{path}{why}")


def test_a_ticket_that_is_not_there_or_a_folder_is_said(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    missing = tmp_path / "none.json"
    found = croupier("run", missing)
    assert (found.exit_code, one_message(found)) == (
        3,
        f"{missing}: cannot be read (No such file or directory); check the path",
    )
    found = croupier("run", tmp_path)
    assert (found.exit_code, one_message(found)) == (3, f"{tmp_path}: cannot be read (Is a directory); check the path")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sayz": ["x"]}, 'sayz: there is no such field. Did you mean "says"?'),
        (
            {"expect": {"outcome": "issued", "effects": [], "tear": "x"}},
            'expect.tear: there is no such field. Did you mean "tier"?',
        ),
        ({"says": None}, "says: this field is missing; add it"),
        ({"title": 5}, "title: 5 is written, text is expected. Put it in double quotes."),
        (
            {"procedure": "bonus-reqest"},
            'procedure: there is no procedure "bonus-reqest". Did you mean "bonus-request"?',
        ),
    ],
)
def test_a_wrong_field_is_said_with_its_name(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    ticket_file: Callable[..., Path],
    fields: dict[str, object],
    why: str,
) -> None:
    path = ticket_file(**fields)
    found = croupier("run", path)
    assert (found.exit_code, one_message(found)) == (3, f"{path}: {why}")


def test_a_session_of_nobody_is_wrong_usage(croupier: Callable[..., Result], ticket_file: Callable[..., Path]) -> None:
    found = croupier("run", ticket_file(session="P9"))
    assert (found.exit_code, found.stderr) == (2, 'there is no player "P9"; check the id\n')


def test_a_back_office_that_is_not_there_is_said_before_anything_begins(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    ticket_file: Callable[..., Path],
    closed_port: str,
) -> None:
    url = f"http://{closed_port}"
    found = croupier("run", ticket_file(), "--json", CROUPIER_BACKOFFICE_URL=url)
    message = (
        f"find player: the back office at {url} is not available (ConnectError): "
        "start it (`croupier backoffice`) or set CROUPIER_BACKOFFICE_URL"
    )
    assert (found.exit_code, one_message(found)) == (4, message)
    assert croupier("tickets", "list").stdout == ""


def test_a_wrong_token_is_not_permitted(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], ticket_file: Callable[..., Path]
) -> None:
    with running(token="the-right-one", webhook_secret="whsec_b2ZmaWNlLXNlY3JldA==") as office:
        path, where = ticket_file(), {"CROUPIER_BACKOFFICE_URL": office.url}
        refused = croupier("run", path, CROUPIER_BACKOFFICE_TOKEN="the-wrong-one", **where)
        admitted = croupier("run", path, CROUPIER_BACKOFFICE_TOKEN="the-right-one", **where)
    message = (
        "find player: the back office does not accept our token (HTTP 401): "
        "set CROUPIER_BACKOFFICE_TOKEN to the token it was started with"
    )
    assert (refused.exit_code, one_message(refused)) == (5, message)
    assert "the-wrong-one" not in refused.output
    assert admitted.exit_code == 0


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("CROUPIER_TOOL_MODE", "x", 'is "x"; it must be "native", or "json" for small models'),
        ("CROUPIER_MODEL_TIMEOUT_S", "abc", 'is "abc"; it must be a number of seconds above 0, such as 60'),
        ("CROUPIER_BACKOFFICE_TIMEOUT_S", "0", 'is "0"; it must be a number of seconds above 0, such as 5'),
        ("CROUPIER_HOLD_ORDER", "yes", 'is "yes"; it must be 1 or 0'),
        ("CROUPIER_BACKOFFICE_URL", "office", "must begin with `http://` or `https://` and a host"),
        ("CROUPIER_BACKOFFICE_TOKEN", "", ""),
        ("CROUPIER_WEBHOOK_SECRET", "x", ""),
        ("CROUPIER_PROCEDURES", "none", 'is "none"; there is no such folder: mend it, or unset it for what ships'),
        ("CROUPIER_BONUSES", "none", 'is "none"; there is no such folder: mend it, or unset it for what ships'),
        ("CROUPIER_PROMPTS", "none", 'is "none"; there is no such folder: mend it, or unset it for what ships'),
    ],
)
def test_a_broken_setting_is_wrong_usage_and_named(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    ticket_file: Callable[..., Path],
    name: str,
    value: str,
    why: str,
) -> None:
    found = croupier("run", ticket_file(), OPENAI_API_KEY="k", **{name: value})
    message = one_message(found)
    assert (found.exit_code, f"{name} {why}".strip() in message) == (2, True), message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "no front matter",
            ':1:1: P001 The file has no front matter. Begin the file with a line "---", then "name: …"',
        ),
        (HEAD.format(name="Own", more="tags: [a\n"), ":6:1: P002 This is not YAML: "),
        (HEAD.format(name="Own", more="vibe: good\n"), ':5:1: P003 Unknown key "vibe".'),
        (
            HEAD.format(name="Own", more="") + "Use @[Issue](action:isue_bonus).\n",
            ':6:5: P101 Unknown action "isue_bonus". Did you mean "issue_bonus"?',
        ),
    ],
)
def test_a_broken_procedure_is_an_invalid_file_with_its_place(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    ticket_file: Callable[..., Path],
    tmp_path: Path,
    text: str,
    why: str,
) -> None:
    folder = tmp_path / "procedures"
    folder.mkdir()
    (folder / "general.md").write_text(HEAD.format(name="General", more="category: fallback\n") + "Answer.\n")
    (folder / "own.md").write_text(text)
    found = croupier("run", ticket_file(), CROUPIER_PROCEDURES=str(folder))
    message = one_message(found)
    assert (found.exit_code, message.startswith(f"{folder}/own.md{why}")) == (3, True), message
    listed = croupier("procedures", "list", CROUPIER_PROCEDURES=str(folder))
    assert (listed.exit_code, f"own.md{why}" in listed.stderr) == (3, True)


def test_a_broken_bonus_is_an_invalid_file_with_its_place(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    ticket_file: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bonus"
    folder.mkdir()
    (folder / "own.yaml").write_text("id: own\nnam: Own\n")
    for words in (["run", ticket_file()], ["eval", "run", ticket_file()]):
        found = croupier(*words, CROUPIER_BONUSES=str(folder))
        message = one_message(found)
        assert (found.exit_code, message.startswith(f"{folder / 'own.yaml'}:2:1: ")) == (3, True), message


def test_a_database_that_is_none_is_an_invalid_file(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], ticket_file: Callable[..., Path], data: Path
) -> None:
    data.mkdir()
    (data / "croupier.sqlite").write_text("this is not a database, whatever its name says")
    with running(token="t", webhook_secret="whsec_b2ZmaWNlLXNlY3JldA==") as office:
        found = croupier("run", ticket_file(), CROUPIER_BACKOFFICE_URL=office.url, CROUPIER_BACKOFFICE_TOKEN="t")
    why, mend = f"sqlite:///{data}/croupier.sqlite: the store cannot be used (file is not a database)", "mend it, or"
    message = f"{why}; this step was not written: {mend} name another store"
    assert (found.exit_code, one_message(found)) == (3, message)
    listed = croupier("tickets", "list")
    assert (listed.exit_code, one_message(listed)) == (3, f"{why}; {mend} name another store")
