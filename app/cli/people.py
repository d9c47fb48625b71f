"""Who is asking: a name, and what the roles of its bearer in the gate's file allow.

The command line takes the name that it is given (`--as`, or CROUPIER_USER): it is as trustworthy as the account of the
machine that may open the store. So whoever may open it may read it unnamed; who does something there has a name.
"""

from pathlib import Path
from typing import Final, NamedTuple

import click

from app.cli.exits import Exit, Stopped
from casino.nearest import nearest
from tools.gate.roles import CROUPIER, TABLE, Actor, Permission, Role, may
from tools.gate.rules import GateRules

PERSONAL: Final = frozenset(Role) - {Role.SERVICE}  # a program is no person

as_person = click.option("--as", "named", metavar="NAME", help="Who you are; else CROUPIER_USER.")


class Known(NamedTuple):
    """Who is known, in which file, and who is said to be here."""

    rules: GateRules
    file: Path
    user: str | None


def asking(named: str | None, permission: Permission, known: Known) -> Actor:
    """Return who asks, where they may do this; else leave with exit code 5 and say how to mend it."""
    name = named or known.user
    if name is None:
        mend = f"name yourself with --as NAME or CROUPIER_USER, as you stand in `people` of {known.file}"
        raise Stopped(f"nobody is named who does this; {mend}", Exit.NOT_PERMITTED)
    actor = known.rules.actor(name)
    if may(actor, permission):
        return actor
    raise Stopped(_refused(actor, permission, known), Exit.NOT_PERMITTED)


def reading(named: str | None, known: Known) -> None:
    """Refuse a named reader whom the table does not let read; an unnamed one reads as the machine's account may."""
    if named or known.user:
        asking(named, Permission.READ_LEDGER, known)


def say_unanswered(known: Known) -> None:
    """Say on stderr where nobody may approve: whatever asks for a yes then runs out of time."""
    if not known.rules.approvers():
        why = f"nobody in `people` of {known.file} may approve, so what waits for a yes runs out of time"
        mend = f"name somebody there, as in `people: {{anna: [{Role.APPROVER}]}}`"
        click.echo(f"Note: {why}; {mend}.", err=True)


def _refused(actor: Actor, permission: Permission, known: Known) -> str:
    """Say why somebody may not do this, and whom to ask: nobody gives themselves a role."""
    wanted = " or ".join(role.value for role, allowed in TABLE.items() if permission in allowed and role in PERSONAL)
    does, ask = permission.value.replace("_", " "), f"ask whoever keeps {known.file} to add"
    people = known.rules.people
    if actor.name == CROUPIER.name:
        return f"{_the_desk(permission)}; name yourself with --as NAME or CROUPIER_USER"
    if actor.name not in people:
        near = nearest(actor.name, people)
        meant = "" if near is None else f' (did you mean "{near}"?)'
        return f'"{actor.name}" has no role{meant}; {ask} you to `people`, as {wanted}'
    roles = " and ".join(sorted(role.value for role in actor.roles))
    why = f"is {roles}, and may not {does}" if roles else "has no role"
    return f'"{actor.name}" {why}; {ask} {wanted} to the roles of "{actor.name}"'


def _the_desk(permission: Permission) -> str:
    """Say why nobody passes for the desk."""
    verb, *rest = permission.value.split("_")
    if may(CROUPIER, permission):
        return f'"{CROUPIER.name}" is the desk itself, which {" ".join([f"{verb}s", *rest])} without this command'
    return f'"{CROUPIER.name}" is the desk itself and never {" ".join([f"{verb}s", *rest])}'
