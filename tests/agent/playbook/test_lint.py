import pytest

from agent.playbook.lint import lint
from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import Procedure
from agent.playbook.vocabulary import Vocabulary

VOCABULARY = Vocabulary(actions={"look": "Look Up", "give": "Give"}, contexts={"profile": "Profile"})
HEAD = "---\nname: Test\ndescription: The player wants a test of ours.\n---\n"
LOOK, GIVE = "@[Look Up](action:look)", "@[Give](action:give)"
ORDER = {"give": "look"}


def parsed(body: str, *, head: str = HEAD) -> Procedure:
    return parse_procedure(head + body, file="test.md", vocabulary=VOCABULARY)


def found(body: str, *, head: str = HEAD) -> list[tuple[int, int, str, str]]:
    findings = lint(parsed(body, head=head), must_follow=ORDER)
    return [(finding.line, finding.column, finding.code, finding.severity) for finding in findings]


def test_a_good_procedure_gives_no_finding() -> None:
    body = f"1. {LOOK}\n\n::: if tools.look.n == 1\n2. {GIVE}\n::: else\n2. Say why not.\n:::\n"
    assert lint(parsed(body), must_follow=ORDER) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@Look Up\n\n> [!NEVER]\n> @Give\n", [(5, 1, "L101", "warning"), (8, 3, "L101", "warning")]),
        ("", [(5, 1, "L105", "error")]),
        ("x\n" * 61, [(5, 1, "L106", "warning")]),
        ("x" * 6001, [(5, 1, "L106", "warning")]),
        ("::: if a.b == 1\n::: else\nx\n:::\n", [(5, 1, "L201", "warning")]),
        ("::: if a.b == 1\nx\n::: else if a.b == 1\ny\n:::\n", [(7, 1, "L202", "error")]),
        ("::: if a.b == 1 and a.b == 2\nx\n:::\n", [(5, 1, "L202", "error")]),
        ("::: if a.b == 1\nx\n::: if a.b == '1'\ny\n:::\n:::\n", [(7, 1, "L202", "error")]),
        ("::: if a.b == 1\nx\n::: if a.b == 1 and a.c == 2\ny\n:::\n:::\n", []),
        (f"::: if a.b == 1\n{LOOK}\n:::\n", [(5, 1, "L203", "warning")]),
        ("::: if a.b == 1\nonly words\n:::\n", []),
        ("::: if tools.look.n == 1\nx\n:::\n", [(5, 1, "L204", "warning")]),
        (GIVE, [(5, 1, "L205", "error")]),
        (f"{LOOK} then {GIVE}", []),
        (f"::: if a.b == 1\n{LOOK}\n::: else\nx\n:::\n\n{GIVE}", [(11, 1, "L205", "error")]),
        (f"::: if a.b == 1\n{LOOK}\n::: else\n{LOOK}\n:::\n\n{GIVE}", []),
        (f"::: if a.b == 1\n{LOOK}\n\n{GIVE}\n::: else\n{GIVE}\n:::\n", [(10, 1, "L205", "error")]),
    ],
)
def test_each_rule_finds_its_mistake_at_its_place(body: str, expected: list[tuple[int, int, str, str]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("description: Too short.", [(3, 1, "L102", "warning")]),
        (f"description: {'long ' * 81}", [(3, 1, "L102", "warning")]),
        ("description: Long enough for a router.\nutterances: [a, b, c, d]", [(4, 23, "L103", "error")]),
        ("description: Long enough for a router.\nbrands: [red]\noverrides: {rde: {}}", [(5, 13, "L104", "warning")]),
    ],
)
def test_the_front_matter_is_linted_at_its_place(key: str, expected: list[tuple[int, int, str, str]]) -> None:
    assert found("Text.", head=f"---\nname: a\n{key}\n---\n") == expected


def test_a_body_of_a_brand_is_linted_too() -> None:
    head = "---\nname: a\ndescription: Long enough for a router.\noverrides:\n  red:\n    body: |\n      @Give\n---\n"
    assert found("Text.", head=head) == [(7, 7, "L101", "warning"), (7, 7, "L205", "error")]


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    (finding,) = lint(parsed(f"1. {GIVE}\n"), must_follow=ORDER)
    assert finding.text() == (
        'test.md:5:4: L205 "Give" stands where "look" has not been done. '
        'Mention "look" before it, on every way that leads here.'
    )


def test_warnings_of_the_parser_are_kept() -> None:
    vocabulary = Vocabulary(humans={"payments": "Payments"})
    procedure = parse_procedure(f"{HEAD}Ask #Paymnts.", file="test.md", vocabulary=vocabulary)
    assert [finding.code for finding in lint(procedure)] == ["P105"]
