"""Roles: one table, every pair of it, and nothing for those who are not in it."""

from typing import cast

import pytest

from tools.gate.roles import CROUPIER, TABLE, Actor, Permission, Role, may

ALLOWED = {
    Role.VIEWER: "read_tickets read_ledger",
    Role.SUPPORT_AGENT: "read_tickets read_ledger request_effect take_ticket",
    Role.AUTHOR: "read_tickets read_ledger write_procedure",
    Role.HOST: "read_tickets read_ledger request_effect take_ticket",
    Role.APPROVER: "read_tickets read_ledger approve reconcile export_audit",
    Role.ADMINISTRATOR: "read_tickets read_ledger publish reconcile export_audit erase administer",
    Role.SERVICE: "request_effect reconcile",
}
PAIRS = [(role, permission) for role in Role for permission in Permission]


@pytest.mark.parametrize(("role", "permission"), PAIRS)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    assert may(Actor("anna", frozenset({role})), permission) is (permission.value in ALLOWED[role].split())


def test_the_table_names_every_role_and_every_permission_is_somebodys() -> None:
    assert set(TABLE) == set(Role)
    assert frozenset[Permission]().union(*TABLE.values()) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_somebody_without_a_role_may_do_nothing(permission: Permission) -> None:
    assert not may(Actor("anna", frozenset()), permission)


@pytest.mark.parametrize("permission", Permission)
def test_a_role_that_is_not_in_the_table_allows_nothing(permission: Permission) -> None:
    root = cast("Role", "root")  # what a caller without types could give
    assert not may(Actor("anna", frozenset({root})), permission)


def test_roles_add_up() -> None:
    both = Actor("ben", frozenset({Role.APPROVER, Role.ADMINISTRATOR}))
    assert may(both, Permission.APPROVE)
    assert may(both, Permission.ERASE)


def test_nobody_both_asks_for_effects_and_approves_them() -> None:
    assert [role for role in Role if {Permission.REQUEST_EFFECT, Permission.APPROVE} <= TABLE[role]] == []


def test_the_desk_asks_for_effects_and_approves_none() -> None:
    assert [one for one in Permission if may(CROUPIER, one)] == [Permission.REQUEST_EFFECT, Permission.RECONCILE]
