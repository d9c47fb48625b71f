"""L0: the gold of a ticket holds, and its mutants do not."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house, vocabulary
from agent.playbook.collection import load_library, read_folder
from agent.settings import read_settings
from casino.loaded import DocumentError
from evals.mutants.played import fates, linted
from evals.record import record
from evals.ticket import Read, read_ticket
from evals.trial import Level, Status

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
CHANGED = "Find out who the player is"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


def expecting(read: Read, **changed: object) -> Read:
    """Return a ticket that expects something else."""
    assert read.ticket.expect is not None
    wrong = read.ticket.expect.model_copy(update=changed)
    return replace(read, ticket=read.ticket.model_copy(update={"expect": wrong}))


def explained(folder: Path, *entries: str) -> Path:
    """Copy a ticket of which two kinds of mutants cannot be told, with these explanations beside it."""
    text = "".join(f"  - {{ticket: locked-out, {entry}, why: because}}\n" for entry in entries)
    (folder / "equivalent.yaml").write_text(f"schema: equivalent/1\nmutants:\n{text or '  []'}", "utf-8")
    path = folder / "ticket.json"
    path.write_text((DEMO / "3-locked-out.json").read_text("utf-8"), "utf-8")
    return path


async def test_the_gold_holds_and_every_mutant_of_it_is_caught(house: House, issued: Read) -> None:
    trial = await linted(issued, house, repeat=2, seed=7)
    assert (trial.status, trial.level, trial.repeat, trial.seed) == (Status.PASS, Level.LINT, 2, 7)
    assert [(part.name, part.wrong) for part in trial.parts] == [("gold", ()), ("mutants", ())]
    assert {fate for _, fate in fates(trial)} == {"caught"}
    assert (trial.end["outcome"], len(trial.steps), trial.steps[0].title) == (
        "issued",
        12,
        "drop verify_player_identity: caught",
    )
    assert trial.steps[0].body["by"] == ["state", "order", "budget"]


async def test_a_recorded_ticket_has_the_gold_of_its_recording(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    recorded = replace(issued, ticket=issued.ticket.model_copy(update={"recording": recording}))
    of_recording, of_policy = await linted(recorded, house), await linted(issued, house)
    assert (of_recording.status, of_recording.steps) == (Status.PASS, of_policy.steps)


async def test_a_recording_that_no_longer_fits_is_stale_and_no_mutant_is_played(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    files = read_folder(Path(__file__).parents[3] / "procedures" / "support")
    texts = {name: text.replace("Make sure who the player is", CHANGED) for name, text in files.items()}
    other = replace(house, procedures=load_library(texts, vocabulary()))
    trial = await linted(replace(issued, ticket=issued.ticket.model_copy(update={"recording": recording})), other)
    assert (trial.status, [one.segment for one in trial.divergences], trial.steps) == (
        Status.STALE,
        ["procedure/bonus-request"],
        (),
    )


async def test_a_gold_that_does_not_reach_what_is_expected_fails(house: House, issued: Read) -> None:
    trial = await linted(expecting(issued, tier="high"), house)
    assert (trial.status, trial.wrong) == (
        Status.FAIL,
        ("state: tier: expected 'high', found 'vip'", "none was played: the gold itself does not hold"),
    )


async def test_a_ticket_that_asks_for_too_little_misses_mutants(house: House) -> None:
    read = read_ticket(DEMO.parent / "qualify" / "high-value-vip.json")
    assert read.ticket.expect is not None
    loose = expecting(read, order=type(read.ticket.expect.order)())
    trial = await linted(loose, house, kinds=("drop", "drop reads"))
    assert trial.status is Status.FAIL
    assert [line.partition(": not caught")[0] for line in trial.wrong] == [
        "drop player_profile",
        "drop reads player_profile",
    ]


async def test_a_ticket_without_expectations_is_an_error(house: House, issued: Read) -> None:
    trial = await linted(replace(issued, ticket=issued.ticket.model_copy(update={"expect": None})), house)
    assert (trial.status, trial.why, trial.parts) == (
        Status.ERROR,
        "expect: missing; a ticket without criteria proves nothing",
        (),
    )


async def test_gold_steps_that_raise_are_an_error(house: House, issued: Read) -> None:
    nowhere = replace(issued, ticket=issued.ticket.model_copy(update={"procedure": "gone"}))
    trial = await linted(nowhere, house)
    assert (trial.status, trial.why, trial.steps) == (
        Status.ERROR,
        "the gold steps raise: the channel asked for `gone`, which is not there",
        (),
    )


async def test_what_is_explained_is_not_missed(house: House, tmp_path: Path) -> None:
    whole = "kind: repeat, what: verify_player_identity"
    read = read_ticket(explained(tmp_path, whole, f"{whole}, number: 2"))
    trial = await linted(read, house, kinds=("repeat",))
    assert (trial.status, [fate for _, fate in fates(trial)]) == (Status.PASS, ["explained", "explained", "caught"])


async def test_an_explanation_that_is_not_needed_is_wrong(house: House, tmp_path: Path) -> None:
    entries = ("kind: drop, what: verify_player_identity", "kind: drop, what: issue_bonus")
    trial = await linted(read_ticket(explained(tmp_path, *entries)), house, kinds=("drop",))
    assert (trial.status, sorted(trial.wrong)) == (
        Status.FAIL,
        [
            "drop issue_bonus: equivalent.yaml explains it, and there is none; remove the entry",
            "drop verify_player_identity: equivalent.yaml explains it, and it is caught; remove the entry",
        ],
    )
    other = await linted(read_ticket(explained(tmp_path, *entries)), house, kinds=("swap",))
    assert other.status is Status.PASS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "schema: equivalent/2\nmutants: []\n",
            'equivalent.yaml:1:1: "schema" is none of the words that are known here',
        ),
        ("schema: equivalent/1\nmutants: [{ticket: a}]\n", 'equivalent.yaml:2:11: "mutants[0]" needs the key "kind"'),
    ],
)
async def test_explanations_that_cannot_be_read_are_said_with_their_place(
    house: House, tmp_path: Path, text: str, message: str
) -> None:
    path = explained(tmp_path)
    (tmp_path / "equivalent.yaml").write_text(text, "utf-8")
    with pytest.raises(DocumentError) as caught:
        await linted(read_ticket(path), house)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(message)


async def test_an_explanation_stands_once(house: House, tmp_path: Path) -> None:
    entry = "kind: drop, what: verify_player_identity"
    with pytest.raises(DocumentError, match=r"equivalent\.yaml:4:5: `drop verify_player_identity` of `locked-out` st"):
        await linted(read_ticket(explained(tmp_path, entry, entry)), house)
