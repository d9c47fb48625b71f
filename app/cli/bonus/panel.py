"""`croupier bonus test`: try configurations, drafts too, on a recorded, given or made-up player."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click
from rich.console import Console
from rich.text import Text

from agent.bonus.player_files import read_player
from agent.bonus.store import read_bonuses
from agent.wiring import utc_now
from app.cli.bonus.decide import decided, told
from app.cli.bonus.draws import drawn, show_drawn
from app.cli.bonus.explain import explanation_parts, field_names, styles
from app.cli.bonus.recorded import RecordedTicket, fresh_sources, recorded_ticket
from app.cli.bonus.trial import Trial, Tried, known_place
from app.cli.configured import settings
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from app.cli.words import Moment
from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus
from casino.bonus.decide import Decision
from casino.bonus.players.described import NotUnderstood, mock_player
from casino.bonus.players.recorded import recorded_facts
from casino.bonus.told.explain import Explanation, Style
from casino.bonus.told.explain import explain as explain_decision
from casino.document import Writable
from casino.facts import Facts
from casino.values import Document


class Options(TypedDict):
    """The options of the command, as click hands them over."""

    paths: tuple[Path, ...]
    ticket_id: str | None
    fresh: bool
    data: Path | None
    player_file: Path | None
    sentence: str | None
    count: int | None
    seed: int
    brand: str | None
    at: datetime | None
    jurisdiction: str | None
    fields: Path | None
    style: str | None
    as_json: bool


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="CONFIG...", type=click.Path(path_type=Path))
@click.option("--ticket", "ticket_id", metavar="ID", help="The player of a recorded ticket, as its decision saw them.")
@click.option("--fresh", is_flag=True, help="With --ticket: read the player again; nothing is written.")
@click.option("--data", type=click.Path(path_type=Path), help="With --ticket: the folder of the record.")
@click.option("--player", "player_file", type=click.Path(path_type=Path), help="A facts file, JSON or YAML.")
@click.option("--mock", "sentence", help='A made-up player: "VIP from Malta, 3 deposits, tagged whale".')
@click.option("--random", "count", type=click.IntRange(1, 100_000), help="Draw so many players at the boundaries.")
@click.option("--seed", type=int, default=1, show_default=True, help="With --random: the same seed, the same players.")
@click.option("--brand", help="The brand; by default that of the settings.")
@click.option("--at", "at", metavar="ISO", type=Moment(), help="The moment, as 2026-01-31T12:00:00Z; by default now.")
@click.option("--jurisdiction", metavar="XX", help="Whose law holds, ISO 3166; else what the player's facts say.")
@click.option("--fields", type=click.Path(path_type=Path), help="A fields.yaml to read over the built-in catalogue.")
@click.option("--explain", "style", type=styles, help="Explain the decision below its trace.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def panel(**options: Unpack[Options]) -> None:
    """Try configurations on one player, or on many drawn at random. Drafts decide here as if they were published.

    Exit code 0 whatever the decision.
    """
    ways = ("ticket_id", "player_file", "sentence", "count")
    if sum(options[way] is not None for way in ways) != 1:
        raise click.UsageError("Name the player by one of --ticket, --player, --mock and --random.")
    if options["fresh"] and options["ticket_id"] is None:
        raise click.UsageError("--fresh reads the player of a --ticket again; name the ticket.")
    trial, tried = run_async(_opened(options))
    for note in trial.notes():
        click.echo(note, err=True)
    if tried is not None:
        _report(trial, tried, options)
    elif options["as_json"]:
        write_json(drawn(trial, options["count"] or 0, seed=options["seed"]).document())
    else:
        show_drawn(people(as_json=False), drawn(trial, options["count"] or 0, seed=options["seed"]))


async def _opened(options: Options) -> tuple[Trial, Tried | None]:
    """Read the configurations, then the player; None where players are to be drawn."""
    trial = _trial(options)
    if options["ticket_id"] is not None:
        ticket = await recorded_ticket(options["ticket_id"], options["data"])
        return trial, await (_read_again(ticket, trial) if options["fresh"] else _as_recorded(ticket, trial))
    if options["player_file"] is not None:
        return trial, Tried(_document_of(read_player(options["player_file"])))
    if options["sentence"] is not None:
        return trial, _mocked(options["sentence"], trial)
    return trial, None


def _trial(options: Options) -> Trial:
    """Read the configurations and publish them, for this trial only."""
    bonuses = read_bonuses(options["paths"], fields=options["fields"], jurisdictions=settings().jurisdictions)
    written = bonuses.configurations.configurations
    as_published = tuple(
        one if one.status is ConfigurationStatus.ARCHIVED else replace(one, status=ConfigurationStatus.PUBLISHED)
        for one in written
    )
    now = options["at"] or utc_now()
    return Trial(
        bonuses=bonuses,
        configurations=ConfigurationSet(as_published),
        brand=settings().brand if options["brand"] is None else options["brand"],
        now=now,
        jurisdiction=known_place(options["jurisdiction"]),
    )


async def _as_recorded(ticket: RecordedTicket, trial: Trial) -> Tried:
    """Take the player as the ticket's decision saw them."""
    found = recorded_facts(ticket.decision.record, trial.reads())
    lacking = ", ".join(found.not_recorded)
    note = f"the decision on the ticket never looked at {lacking}, so this is unavailable; --fresh reads it"
    return Tried(found.document, notes=(note,) if lacking else ())


async def _read_again(ticket: RecordedTicket, trial: Trial) -> Tried:
    """Read the ticket's player again, without any client that could write."""
    in_force = trial.configurations.in_force(brand=trial.brand, now=trial.now)
    async with fresh_sources(ticket) as sources:
        facts = await sources.gather(
            ticket.decision.player_id,
            brand=ticket.decision.brand,  # whose player it is, whatever brand is tried
            now=trial.now,
            configurations=in_force,
            packs=trial.bonuses.packs,
        )
    return Tried(_document_of(facts))


def _document_of(facts: Facts) -> Document:
    return {**facts.tree, "unavailable": [*facts.unavailable]}


def _mocked(sentence: str, trial: Trial) -> Tried:
    try:
        mock = mock_player(sentence, now=trial.now, limits=trial.limits())
    except NotUnderstood as error:
        raise Stopped(f"--mock: {error}", Exit.USAGE) from error
    return Tried(mock.document, mock.read, (f"assumed: {', '.join(mock.assumed)}",))


def _report(trial: Trial, tried: Tried, options: Options) -> None:
    tried = replace(tried, document=trial.placed(tried.document))
    decision = trial.decide(tried.document)
    if options["as_json"]:
        write_json(_document(trial, tried, decision, options["style"]))
        return
    console = people(as_json=False)
    for line in (*tried.read, *tried.notes):
        console.print(Text(line, style="dim"))
    _show(console, trial, decision, options["style"])


def _show(console: Console, trial: Trial, decision: Decision, style: str | None) -> None:
    for part in told(decision):
        console.print(part)
    if style is not None:
        for part in explanation_parts(_explained(trial, decision, style)):
            console.print(part)


def _document(trial: Trial, tried: Tried, decision: Decision, style: str | None) -> dict[str, Writable]:
    explained = {} if style is None else {"explanation": _explained(trial, decision, style).to_document()}
    return {
        "brand": trial.brand,
        "at": trial.now.isoformat(),
        **decided(decision),
        "player": dict(tried.document),
        "read": tried.read,
        "notes": [*trial.notes(), *tried.notes],
        **explained,
    }


def _explained(trial: Trial, decision: Decision, style: str) -> Explanation:
    return explain_decision(decision.record(), Style(style), field_names(trial.bonuses))
