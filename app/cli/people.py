"""Who is asking: a name, and what the roles of its bearer in the gate's file allow.

The command line takes the name that it is given (`--as`, or CROUPIER_USER): it is as trustworthy as the account of the
machine that may open the store. So whoever may open it may read it unnamed; who does something there has a name.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

import click

from app.cli.exits import Exit, Stopped
from casino.nearest import nearest
from tools.gate.roles import TABLE, Actor, Permission, Role, may
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
    wanted = " or ".join(role.value for role, allowed in TABLE.items() if permission in allowed and role in PERSONAL)
    why = _refused(actor, permission, known.rules.people)
    raise Stopped(f"{why}; add `{name}: [ROLE]` to `people` of {known.file}, ROLE being {wanted}", Exit.NOT_PERMITTED)


def reading(named: str | None, known: Known) -> None:
    """Refuse a named reader whom the table does not let read; an unnamed one reads as the machine's account may."""
    if named or known.user:
        asking(named, Permission.READ_LEDGER, known)


def _refused(actor: Actor, permission: Permission, people: Collection[str]) -> str:
    """Say why somebody may not do this."""
    if actor.roles:
        roles = " and ".join(sorted(role.value for role in actor.roles))
        return f'"{actor.name}" is {roles}, and may not {permission.value.replace("_", " ")}'
    near = nearest(actor.name, people)
    return f'"{actor.name}" has no role' + ("" if near is None else f' (did you mean "{near}"?)')
