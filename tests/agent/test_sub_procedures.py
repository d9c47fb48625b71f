"""A procedure can call another and come back; the loop of two that call each other ends in a hand-over."""

from dataclasses import replace

from agent.house import vocabulary
from agent.model.policy import PolicyModel
from agent.playbook.collection import load_library
from agent.run import Message, handle
from agent.sub_procedures import sub_procedures
from tests.desks import ANNA, Desk, desk
from tools.catalog import CATALOG

HEAD = "---\nname: {name}\ndescription: {about}\nstatus: published\n{more}---\n\n"
CHECK = HEAD.format(name="Check", about="Look at the account.", more="") + (
    "1. Read @[KYC Status](context:kyc_status).\n2. Read @[Player Balance](context:player_balance).\n"
)
PARENT = HEAD.format(name="Parent", about="The player wants a thorough bonus.", more="verify_player: true\n") + (
    "1. Do @[Check](procedure:check).\n2. Let @[Qualify for Bonus](action:qualify_for_bonus) decide.\n"
    "3. Say it with @[Inform Player](action:inform_player).\n"
)
FALLBACK = HEAD.format(name="General", about="Nothing else fits.", more="category: fallback\n") + "Be kind.\n"


def own_desk(**files: str) -> Desk:
    library = load_library({f"{name}.md": text for name, text in files.items()}, vocabulary())
    opened = desk("P1001")
    deps = replace(opened.sandbox.deps, procedures=library, tools={**CATALOG, **sub_procedures(library)})
    return Desk(replace(opened.sandbox, deps=deps), opened.clock)


async def test_a_sub_procedure_is_followed_to_its_end_and_then_the_first_goes_on() -> None:
    d = own_desk(parent=PARENT, check=CHECK, general=FALLBACK)
    handled = await d.say(f"I want a thorough bonus, {ANNA}")
    assert handled.path == (
        *("load", "triage", "verify", "act:verify_player_identity", "converse", "act:procedure_check"),
        *("converse", "act:kyc_status", "converse", "act:player_balance", "converse", "act:qualify_for_bonus"),
        *("converse", "act:inform_player", "converse", "check", "reply"),
    )
    assert (handled.procedure, handled.outcome) == ("parent", "informed")


async def test_two_procedures_that_call_each_other_end_in_a_hand_over() -> None:
    ping = HEAD.format(name="Ping", about="The player says ping.", more="") + "1. Do @[Pong](procedure:pong).\n"
    pong = HEAD.format(name="Pong", about="Only from ping.", more="") + "1. Do @[Ping](procedure:ping).\n"
    d = own_desk(ping=ping, pong=pong, general=FALLBACK)
    handled = await d.say("ping")
    assert handled.replies
    assert len(handled.path) < 60


async def test_an_outage_of_a_look_up_goes_to_a_human_and_is_no_answer() -> None:
    look = HEAD.format(name="Look", about="The player asks for the balance.", more="") + (
        "1. Read @[Player Balance](context:player_balance) and @[Deposit History](context:deposit_history).\n"
    )
    library = load_library({"look.md": look, "general.md": FALLBACK}, vocabulary())
    for faults, outcome in (({}, "resolved"), ({"player": "error"}, "escalated"), ({"deposits": "error"}, "escalated")):
        opened = desk("P1001", faults=faults)
        deps = replace(opened.sandbox.deps, procedures=library, model=PolicyModel(opened.sandbox.deps.prompts))
        message = Message(ticket_id="t", message_id="m", brand="lucky-spin", text=f"my balance please, {ANNA}")
        handled = await handle(message, deps)
        assert (handled.outcome or "resolved") == outcome, faults
