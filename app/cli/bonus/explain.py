"""`croupier bonus explain`: why a ticket's decision came out as it did, as it was and as it would be now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.bonus.files import Bonuses
from agent.bonus.phrasing import Phrased, phrase
from agent.bonus.store import read_desk_bonuses
from agent.model.opening import open_model
from agent.prompts import read_prompts
from agent.settings import shipped
from agent.wiring import utc_now
from app.cli.bonus.recorded import RecordedTicket, fresh_sources, recorded_ticket
from app.cli.configured import settings, with_folders
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from app.cli.trace import LONGEST_VALUE, clipped, section_tree
from casino.bonus.decide import decide
from casino.bonus.told.difference import Changed, Difference, difference
from casino.bonus.told.explain import Explanation, Style
from casino.bonus.told.explain import explain as explain_decision
from casino.bonus.told.sections import ContextField, player_context, sections
from casino.document import Writable, dump_json
from casino.values import Document

TITLES = {
    "classification": "Classification",
    "qualification": "Qualification",
    "rewardTier": "Reward tier",
    "jurisdiction": "Law of the place",
}
styles = click.Choice([style.value for style in Style])


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A ticket's decision explained, with the fresh one where it was asked for."""

    ticket: RecordedTicket
    record: Document  # that is explained: the cached one, or the fresh one
    explanation: Explanation
    changes: Difference | None
    phrased: Phrased | None

    def document(self) -> dict[str, Writable]:
        """Return all of it for a machine."""
        found: dict[str, Writable] = {
            "context": self.ticket.context(),
            "status": self.record.get("status"),
            "configuration": self.record.get("configuration"),
            "tier": self.record.get("tier"),
            "reward": self.record.get("reward"),
            **sections(self.record),
            "playerContext": [field.to_document() for field in player_context(self.record)],
            "explanation": self.explanation.to_document(),
        }
        if self.changes is not None:
            found |= {"fresh": True, "difference": self.changes.to_document()}
        if self.phrased is not None:
            said = {"text": self.phrased.text, "model": self.phrased.model, "refused": self.phrased.refused}
            found["phrased"] = said
        return found


@click.command("explain")
@click.option("--ticket", "ticket_id", required=True, metavar="ID", help="The ticket whose newest decision is meant.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="The folder of the record; else every one below CROUPIER_DATA."
)
@click.option("--style", type=styles, default=Style.CSM.value, show_default=True, help="Who reads it.")
@click.option("--fresh", is_flag=True, help="Read the player again, decide again, show what differs; change nothing.")
@click.option("--phrase", "phrased", is_flag=True, help="Let the configured language model phrase it; it is checked.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def explain(ticket_id: str, data: Path | None, style: str, *, fresh: bool, phrased: bool, as_json: bool) -> None:
    """Say why a ticket's decision came out as it did.

    As cached: the decision as it was. With --fresh the player is read again, without any client that could write.
    """
    explained = run_async(_explained(ticket_id, data, Style(style), fresh=fresh, phrased=phrased))
    if as_json:
        write_json(explained.document())
        return
    _show(people(as_json=False), explained)


async def _explained(ticket_id: str, data: Path | None, style: Style, *, fresh: bool, phrased: bool) -> Explained:
    if phrased and settings().model is None:
        raise Stopped("--phrase needs a language model; set OPENAI_BASE_URL or OPENAI_API_KEY", Exit.USAGE)
    ticket = await recorded_ticket(ticket_id, data)
    bonuses = read_desk_bonuses(with_folders(settings()))
    cached = ticket.decision.record
    record = await _decided_again(ticket, bonuses) if fresh else cached
    told = explain_decision(record, style, field_names(bonuses))
    return Explained(
        ticket=ticket,
        record=record,
        explanation=told,
        changes=difference(cached, record) if fresh else None,
        phrased=await _phrased(told, record) if phrased else None,
    )


async def _decided_again(ticket: RecordedTicket, bonuses: Bonuses) -> Document:
    """Decide as the desk would decide now, on facts that are read anew; nothing is minted and nothing is written."""
    now, brand = utc_now(), ticket.decision.brand
    configurations, packs = bonuses.configurations, replace(bonuses.packs, required=True)  # as the desk does
    async with fresh_sources(ticket) as sources:
        facts = await sources.gather(
            ticket.decision.player_id,
            brand=brand,
            now=now,
            configurations=configurations.in_force(brand=brand, now=now),
            packs=packs,
        )
    return decide(configurations, facts, brand=brand, now=now, packs=packs).record()


async def _phrased(told: Explanation, record: Document) -> Phrased:
    chosen = settings()
    prompts = read_prompts(chosen.prompts, shipped("prompts"))
    json_mode = chosen.model is not None and chosen.model.tool_mode == "json"
    async with open_model(chosen.model, prompts) as model:
        return await phrase(told, record, model=model, prompts=prompts, json=json_mode)


def _show(console: Console, explained: Explained) -> None:
    for part in _parts(explained):
        console.print(part)


def _parts(explained: Explained) -> Iterator[RenderableType]:
    yield _table("Context", _context(explained.ticket))
    found = sections(explained.record)
    for name, title in TITLES.items():
        if found[name] or name != "jurisdiction":
            yield section_tree(title, found[name])
    yield _table("Player context", map(_seen, player_context(explained.record)))
    if explained.changes is not None:
        yield from _changes(explained.changes)
    yield from _told(explained)
    if explained.explanation.may_hear:
        yield _table("The player may hear", (("", text) for text in explained.explanation.may_hear))


def _told(explained: Explained) -> Iterator[RenderableType]:
    """Yield the explanation, or the model's words for it where they were taken."""
    phrased = explained.phrased
    if phrased is not None and phrased.refused is None:
        yield Text(f"Explanation, phrased by {phrased.model} and checked", style="bold")
        yield Padding(Text(phrased.text), (0, 0, 0, 2), expand=False)
        return
    yield from explanation_parts(explained.explanation)
    if phrased is not None:
        why = f"The model's text was not taken ({phrased.refused}); this is the deterministic one."
        yield Text(why, style="yellow")


def explanation_parts(told: Explanation) -> Iterator[RenderableType]:
    """Yield an explanation for the screen, each heading with its lines below it."""
    for part in told.parts:
        yield Text(part.heading, style="bold")
        yield from (Padding(Text(line), (0, 0, 0, 2), expand=False) for line in part.lines)


def field_names(bonuses: Bonuses) -> Mapping[str, str]:
    """Return the description of every field by its path: how people who know no paths call it."""
    return {path: field.description for path, field in bonuses.catalogue.fields.items()}


def _table(title: str, rows: Iterable[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(f"  {name}", Text(value))
    return Group(Text(title, style="bold"), table)


def _context(ticket: RecordedTicket) -> Iterator[tuple[str, str]]:
    for name, value in ticket.context().items():
        yield "decided at" if name == "decidedAt" else name, str(value)


def _seen(field: ContextField) -> tuple[str, str]:
    """Return a field and what was seen of it, on one line."""
    value = clipped(dump_json(field.value), LONGEST_VALUE) if field.state == "value" else field.state
    how = f"computed as {field.expression}" if field.expression is not None else f"from {field.source}"
    return field.path, f"{value}  ({how})"


def _changes(changes: Difference) -> Iterator[RenderableType]:
    """Yield what is different now, the verdict first."""
    for title, some in (("Verdict that changed", changes.verdict), ("Values that changed", changes.values)):
        yield _table(title, ((one.name, _arrow(one)) for one in some) if some else (("", "none"),))


def _arrow(changed: Changed) -> str:
    return f"{clipped(changed.before.text, 30)} → {clipped(changed.after.text, 30)}"
