import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.playbook.mentions import Reader, Stray, replace_chips, rewrite
from agent.playbook.procedure import Mention, Place
from agent.playbook.sheet import Sheet, lines_of
from agent.playbook.vocabulary import Named, Vocabulary

VOCABULARY = Vocabulary(
    actions={
        "qualify": "Qualify",
        "qualify_for_bonus": "Qualify for Bonus",
        "tell": "Inform Player",
        "odd": "Odd [x] \\ y",
    },
    contexts={"player_profile": "Player Profile"},
    fields={"player.ngr": "NGR"},
    knowledge={"wagering-101": "Wagering"},
    procedures={"bonus-inquiry": "Bonus inquiry"},
    humans={"payments": "Payments"},
)


def sheet(text: str, *, line: int = 1) -> Sheet:
    return Sheet(tuple(one.text for one in lines_of(text)), line)


def mentions(text: str, vocabulary: Vocabulary = VOCABULARY) -> list[Mention]:
    found = Reader(vocabulary).read(sheet(text))
    return [mention for one in found if (mention := one.mention()) is not None]


def strays(text: str, vocabulary: Vocabulary = VOCABULARY) -> list[tuple[int, int, str, str]]:
    found = Reader(vocabulary).read(sheet(text))
    return [
        (one.start.line, one.start.column, one.what.code, one.what.mend) for one in found if isinstance(one.what, Stray)
    ]


def meant(text: str) -> list[tuple[str, str]]:
    return [(mention.kind, mention.id) for mention in mentions(text)]


def chipped(text: str) -> str:
    return rewrite(sheet(text), Reader(VOCABULARY).read(sheet(text))).text()


@pytest.mark.parametrize(
    ("text", "kind", "id_", "label"),
    [
        ("@[Qualify for Bonus](action:qualify_for_bonus)", "action", "qualify_for_bonus", "Qualify for Bonus"),
        ("@[Its old name](action:qualify_for_bonus)", "action", "qualify_for_bonus", "Its old name"),
        ("@[Odd \\[x\\] \\\\ y](action:odd)", "action", "odd", "Odd [x] \\ y"),
        ("@[Player Profile](context:player_profile)", "context", "player_profile", "Player Profile"),
        ("@[NGR](field:player.ngr)", "field", "player.ngr", "NGR"),
        ("@[Wagering](knowledge:wagering-101)", "knowledge", "wagering-101", "Wagering"),
        ("@[Bonus inquiry](procedure:bonus-inquiry)", "procedure", "bonus-inquiry", "Bonus inquiry"),
        ("#[Payments](human:payments)", "human", "payments", "Payments"),
    ],
)
def test_a_chip_of_every_kind_is_a_mention(text: str, kind: str, id_: str, label: str) -> None:
    (mention,) = mentions(f"Use {text}, please.")
    assert (mention.kind, mention.id, mention.label, mention.canonical) == (kind, id_, label, True)
    assert mention.place == Place(1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Qualify for Bonus now", [("action", "qualify_for_bonus")]),
        ("@QUALIFY FOR bonus", [("action", "qualify_for_bonus")]),
        ("@qualify_for_bonus.", [("action", "qualify_for_bonus")]),
        ("@Qualify them", [("action", "qualify")]),
        ("@Qualify  for\tBonus", [("action", "qualify_for_bonus")]),
        ("@Qualify\nfor Bonus", [("action", "qualify_for_bonus")]),
        ("> @Qualify\n> for Bonus", [("action", "qualify_for_bonus")]),
        ("(@Inform Player)", [("action", "tell")]),
        ("**@Inform Player**", [("action", "tell")]),
        ("_@Inform Player_", [("action", "tell")]),
        ("done.@Inform Player", [("action", "tell")]),
        ("@Inform Player's turn", [("action", "tell")]),
        ("@Inform Player/@Qualify", [("action", "tell"), ("action", "qualify")]),
        ("## @NGR ##", [("field", "player.ngr")]),
        ("#Payments: is it there?", [("human", "payments")]),
        ("- a\n  - @Bonus inquiry", [("procedure", "bonus-inquiry")]),
        ("@player.ngr", [("field", "player.ngr")]),
    ],
)
def test_a_typed_name_means_the_longest_one_that_fits(text: str, expected: list[tuple[str, str]]) -> None:
    assert meant(text) == expected
    assert strays(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "write to anna@qualify.example or anna@Qualify",
        "o'brien+x_@qualify.example, bob!@qualify.example and j\u00f6rg@qualify.example",
        '"anna keller"@qualify.example',
        "`@Qualify for Bonus` and ``@nobody ` ``",
        "```\n@Qualify for Bonus\n@[Qualify](action:qualify)\n```",
        "~~~text\n@nobody\n~~~",
        "    @Qualify for Bonus",
        "- item\n\n      @nobody",
        "[@Qualify for Bonus](https://a.example)",
        "[see **@[Qualify](action:qualify)**](https://a.example)",
        "[x](https://a.example/@Qualify '@nobody')",
        "[x]\n\n[x]: https://a.example/@Qualify '@nobody'",
        "![@Qualify](https://a.example)",
        "<https://a.example/@Qualify> <anna@qualify.example>",
        "https://a.example/@Qualify www.a.example/@nobody a.example/@nobody",
        '<a title="@Qualify">x</a> <!-- @nobody -->',
        "<div>\n@Qualify\n</div>",
        "\\@Qualify and \\@nobody and \\#Payments",
        "2 @ 5 EUR, @2.50, @, @@",
        "# Heading\n\n#1 of #hashtags, a#Payments",
    ],
)
def test_code_links_html_addresses_and_escapes_hold_no_mention(text: str) -> None:
    assert (mentions(text), strays(text)) == ([], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a @Qualfy for Bonus b", (1, 3, "P101", 'Did you mean "Qualify for Bonus" or "Qualify"?')),
        ("@Qualify for Bonuses", None),
        ("x\n\n> - @Inform Playr", (3, 5, "P101", 'Did you mean "Inform Player"?')),
        ("@zzz", (1, 1, "P101", 'Take a name of the catalogue, or write "\\@" for a plain @.')),
        ("@Verify.example.com", (1, 1, "P101", 'Take a name of the catalogue, or write "\\@" for a plain @.')),
        ("@[Q](action:qualify_for_bonu)", (1, 1, "P101", 'Did you mean "qualify_for_bonus" or "qualify"?')),
        ("@[Q](acton:qualify)", (1, 1, "P102", 'Did you mean "action"?')),
        ("@[Inform Player] now", (1, 1, "P102", 'Write "@[Inform Player](action:tell)", or "\\@" for a plain @.')),
        ("#[Q](action:qualify)", (1, 1, "P103", 'Write "@[Q](action:qualify)".')),
        ("@[P](human:payments)", (1, 1, "P103", 'Write "#[P](human:payments)".')),
        ("ask #Paymnts", (1, 5, "P105", 'Did you mean "Payments"?')),
    ],
)
def test_what_looks_like_a_mention_and_is_none_is_said_with_its_place(
    text: str, expected: tuple[int, int, str, str] | None
) -> None:
    assert strays(text) == ([] if expected is None else [expected])


def test_a_name_with_two_meanings_is_refused_with_both_chips() -> None:
    twice = Vocabulary(actions={"refund": "Refund"}, knowledge={"refunds": "refund"})
    assert strays("@Refund", twice) == [
        (1, 1, "P104", "Write @[Refund](action:refund) or @[refund](knowledge:refunds)."),
    ]


def test_any_field_may_be_named_where_no_catalogue_of_fields_is_at_hand() -> None:
    chip = "@[Category](field:category)"
    assert [mention.id for mention in mentions(chip, Vocabulary())] == ["category"]
    assert strays(chip, Vocabulary(fields={"ngr": "NGR"})) != []


def test_typed_names_become_chips_with_the_display_name() -> None:
    assert chipped("a @qualify_for_BONUS b @inform player") == (
        "a @[Qualify for Bonus](action:qualify_for_bonus) b @[Inform Player](action:tell)"
    )
    assert chipped("#payments?") == "#[Payments](human:payments)?"
    assert chipped("@odd") == "@[Odd \\[x\\] \\\\ y](action:odd)"


def test_a_name_that_runs_over_a_line_end_keeps_its_lines() -> None:
    assert chipped("> Use @qualify\n>  for Bonus.") == "> Use @[qualify\n>  for Bonus](action:qualify_for_bonus)."
    assert chipped(chipped("> Use @qualify\n>  for Bonus.")) == chipped("> Use @qualify\n>  for Bonus.")


def test_chips_are_replaced_outside_of_code_only() -> None:
    def shout(named: Named, label: str) -> str:
        return f"{named.kind}={label}"

    text = "1. @[Qualify](action:any_id), `@[Qualify](action:any_id)` and @[a\nb](action:c)"
    assert replace_chips(text, shout) == "1. action=Qualify, `@[Qualify](action:any_id)` and action=a b"


PIECES = st.sampled_from(
    [
        *("@Qualify for Bonus", "@Inform Player", "@[Qualify](action:qualify)", "@nobody", "a@b.example", "#Payments"),
        *("`", "```\n", "*", "_", "[", "]", "](x)", "(", "<b>", "<", ">", "\\", "!", "\n", "\n\n", "\r\n", "\t", " "),
        *("    ", "> ", "- ", "1. ", "# ", ":::", "\u00e4", "\u202e", "\0", "word", "@", "#", "\u2028", "\x0c"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS)
def test_every_mention_stands_where_it_is_said_to_stand(text: str) -> None:
    lines = [line.text for line in lines_of(text)]
    for one in Reader(VOCABULARY).read(sheet(text)):
        assert lines[one.start.line - 1][one.start.column - 1] in "@#"
        mention = one.mention()
        if mention is not None and one.start.line == one.end.line:
            whole = lines[one.start.line - 1][one.start.column - 1 : one.end.column - 1]
            assert mention.label in whole


@given(TEXTS)
def test_rewriting_makes_chips_and_changes_nothing_else(text: str) -> None:
    def bare(changed: str) -> str:
        for name, chip in (
            ("@Qualify for Bonus", "@[Qualify for Bonus](action:qualify_for_bonus)"),
            ("@Inform Player", "@[Inform Player](action:tell)"),
            ("@Qualify", "@[Qualify](action:qualify)"),
            ("#Payments", "#[Payments](human:payments)"),
        ):
            changed = changed.replace(chip, name)
        return changed

    once = chipped(text)
    assert bare(once) == bare(sheet(text).text())
    assert chipped(once) == sheet(once).text()
    assert meant(once) == meant(text)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    Reader(VOCABULARY).read(sheet(text))
