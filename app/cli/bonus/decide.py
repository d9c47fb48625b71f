"""`croupier bonus decide`: one decision on facts that a file holds, with its trace and its record."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from agent.bonus.player_files import read_player
from agent.bonus.store import read_bonuses
from agent.settings import read_settings
from app.cli.bonus.trial import known_place
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from app.cli.trace import record_tree
from app.cli.words import Moment
from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus
from casino.bonus.decide import Decision
from casino.bonus.decide import decide as decide_on
from casino.bonus.law.jurisdictions import NO_PLACE
from casino.document import canonical_json, dump_json
from casino.loaded import DocumentError
from casino.values import Value


@click.command("decide")
@click.argument("configurations", nargs=-1, required=True, metavar="CONFIG…", type=click.Path(path_type=Path))
@click.option(
    "--player",
    "player",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The facts, JSON or YAML.",
)
@click.option("--brand", metavar="B", help="The brand that the player belongs to; else CROUPIER_BRAND.")
@click.option("--at", metavar="ISO", type=Moment(), help="The moment, as 2026-11-22T12:00:00Z; else now.")
@click.option("--fields", metavar="FILE", type=click.Path(path_type=Path), help="A field catalogue, as fields.yaml.")
@click.option("--jurisdiction", metavar="XX", help="Whose law holds, ISO 3166; else what the player's facts say.")
@click.option("--record", metavar="FILE", type=click.Path(path_type=Path), help="Write the whole record as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def decide(  # noqa: PLR0913, PLR0917  # click gives one argument for each option
    configurations: tuple[Path, ...],
    player: Path,
    brand: str | None,
    at: datetime | None,
    fields: Path | None,
    jurisdiction: str | None,
    record: Path | None,
    *,
    as_json: bool,
) -> None:
    """Decide for one player, by configuration files and folders of them.

    Exit code 0 whatever the decision is, 2 for an option and 3 for a file that cannot be used.
    """
    now, place = at or datetime.now(UTC), known_place(jurisdiction)
    settings = read_settings(os.environ)
    brand = settings.brand if brand is None else brand
    try:
        bonuses = read_bonuses(configurations, fields=fields, jurisdictions=settings.jurisdictions)
        facts = read_player(player, jurisdiction=place)
    except DocumentError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    for line in _asleep(bonuses.configurations):
        click.echo(line, err=True)
    decision = decide_on(bonuses.configurations, facts, brand=brand, now=now, packs=bonuses.packs)
    if record is not None:
        _write(record, dump_json(decision.record()) + "\n")
    if as_json:
        write_json(decided(decision))
        return
    console = people(as_json=False)
    for part in told(decision):
        console.print(part)


def decision_id(decision: Decision) -> str:
    """Return an id that is made of the content: the same decision on the same facts has the same one."""
    return f"D-{sha256(canonical_json(decision.lean_record()).encode()).hexdigest()[:16]}"


def decided(decision: Decision) -> dict[str, Value]:
    """Return a decision for a machine: the fields of its result, why, the trace, and the record that replays it."""
    return {
        **decision.result(),
        "configuration": decision.configuration,
        "tier": decision.tier,
        "reasons": [reason.to_document() for reason in decision.reasons],
        "told": [*decision.told()],
        "trace": decision.trace_document(),
        "decisionId": decision_id(decision),
        "record": decision.lean_record(),
    }


def told(decision: Decision) -> Iterator[RenderableType]:
    """Yield a decision for people: the tree, what is granted or why nothing is, and the id."""
    yield record_tree(decision.record(), whole=False)
    if any(node.kind == "jurisdiction" and node.label == NO_PLACE for node in decision.trace.children):
        yield Text("no law of any place was weighed; name the place with --jurisdiction XX", style="yellow")
    if decision.reward is not None:
        fields = (f"{name} {_plain(value)}" for name, value in decision.reward.result_fields().items())
        yield Text.assemble(("reward ", "bold"), " · ".join(fields))
    if decision.comment is not None:
        yield Text.assemble(("comment ", "bold"), decision.comment)
    for reason in decision.reasons:
        yield Padding(Text.assemble((f"{reason.code} ", "bold"), reason.text), (0, 0, 0, 2), expand=False)
    for line in decision.told():
        yield Text.assemble(("the player hears ", "bold"), line)
    yield Text(decision_id(decision), style="dim")


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else dump_json(value)


def _asleep(configurations: ConfigurationSet) -> Iterator[str]:
    """Yield a line for each configuration that decides nothing, so that nobody wonders why."""
    for one in configurations.configurations:
        if one.status is not ConfigurationStatus.PUBLISHED:
            yield f"{one.id} is {one.status.value} and decides nothing; only what is published does"


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    half = file.with_name(f".{file.name}.part")
    try:
        half.write_text(text, "utf-8")
        half.replace(file)
    except OSError as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        message = f'--record is "{file}"; it cannot be written ({error.strerror}): name another file'
        raise Stopped(message, Exit.USAGE) from error
