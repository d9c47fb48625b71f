"""Roles: one table that says who may do what. What is not in it is denied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What somebody may be allowed to do."""

    READ_TICKETS = "read_tickets"  # what was said and done on tickets
    READ_LEDGER = "read_ledger"  # effects, approvals, figures
    REQUEST_EFFECT = "request_effect"  # ask the gate for an effect
    TAKE_TICKET = "take_ticket"  # work on a ticket that was handed over, and give it back
    WRITE_PROCEDURE = "write_procedure"  # drafts of procedures and bonuses
    PUBLISH = "publish"  # bring a draft into force
    APPROVE = "approve"  # say yes or no to an effect or a doubt
    RECONCILE = "reconcile"  # ask the other side about effects in doubt
    EXPORT_AUDIT = "export_audit"  # the log, its head, evidence
    ERASE = "erase"  # a person's data
    ADMINISTER = "administer"  # modes, policies, people


class Role(StrEnum):
    """Who somebody is."""

    VIEWER = "viewer"
    SUPPORT_AGENT = "support_agent"
    AUTHOR = "author"
    HOST = "host"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"  # a program, such as the desk itself


_READS: Final = frozenset({Permission.READ_TICKETS, Permission.READ_LEDGER})

TABLE: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.VIEWER: _READS,
    Role.SUPPORT_AGENT: _READS | {Permission.TAKE_TICKET, Permission.REQUEST_EFFECT},
    Role.AUTHOR: _READS | {Permission.WRITE_PROCEDURE},
    Role.HOST: _READS | {Permission.TAKE_TICKET, Permission.REQUEST_EFFECT},
    Role.APPROVER: _READS | {Permission.APPROVE, Permission.RECONCILE, Permission.EXPORT_AUDIT},
    Role.ADMINISTRATOR: _READS
    | {
        Permission.PUBLISH,
        Permission.RECONCILE,
        Permission.EXPORT_AUDIT,
        Permission.ERASE,
        Permission.ADMINISTER,
    },
    Role.SERVICE: frozenset({Permission.REQUEST_EFFECT, Permission.RECONCILE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, or a program that does."""

    name: str
    roles: frozenset[Role]


CROUPIER: Final = Actor("croupier", frozenset({Role.SERVICE}))  # the desk, as the gate and the record know it


def may(actor: Actor, permission: Permission) -> bool:
    """Say whether one of the actor's roles allows it."""
    return any(permission in TABLE.get(role, frozenset()) for role in actor.roles)
