from decimal import Decimal

import pytest

from agent.outgoing.figures import Figure, currencies_in, in_digits, in_words


def values(*numbers: str) -> frozenset[Decimal]:
    return frozenset(map(Decimal, numbers))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("15", values("15")),
        ("1,000.50", values("1000.50")),
        ("1.000,50", values("1000.50")),
        ("1 000,50", values("1000.50")),
        ("1'000.50", values("1000.50")),
        ("1,00,000", values("100000")),
        ("1.000", values("1000")),
        ("1,000,000", values("1000000")),
        ("1.234", values("1234", "1.234")),
        ("0.500", values("0.5")),
        ("1,5", values("1.5")),
        ("5k", values("5000")),
        ("2,5 Mio.", values("2500000")),
        ("25%", values("25", "0.25")),
        ("100 %", values("100")),
        ("1.2.3", values()),
    ],
)
def test_digits_mean_what_their_marks_say(text: str, means: frozenset[Decimal]) -> None:
    assert [figure.values for figure in in_digits(text)] == [means]


def test_a_figure_carries_its_place_and_currency() -> None:
    assert list(in_digits("up to $50 or 40 kr now")) == [
        Figure(6, 9, "$50", values("50"), frozenset({"USD", "CAD", "AUD", "NZD"})),
        Figure(13, 18, "40 kr", values("40"), frozenset({"SEK", "NOK", "DKK"})),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("fifteen", 15),
        ("twenty-one spins", 21),
        ("one hundred and fifty", 150),
        ("two thousand five hundred", 2500),
        ("einundzwanzig", 21),
        ("zweihundertfünfzig", 250),
        ("treinta y cinco", 35),
        ("mil doscientos", 1200),
        ("cento e vinte e dois", 122),
        ("vingt et un", 21),
        ("soixante-quinze", 75),
        ("quatre-vingt-dix-neuf", 99),
        ("deux cents", 200),
        ("tjugofem", 25),
        ("trehundra femtio", 350),
    ],
)
def test_number_words_are_put_together(text: str, number: int) -> None:
    assert [figure.values for figure in in_words(text)] == [values(str(number))]


def test_words_side_by_side_stay_apart() -> None:
    assert [figure.token for figure in in_words("two three, five or seven and nine")] == [
        "two",
        "three",
        "five",
        "seven",
        "nine",
    ]


def test_everyday_words_of_another_language_are_no_numbers() -> None:
    assert list(in_words("Once you are verified, you can see the elf and the cent signs")) == []
    assert [figure.token for figure in in_words("Tienes once tiradas para la cuenta")] == ["once"]


def test_currencies_are_heard_without_a_figure_and_codes_only_in_capitals() -> None:
    assert currencies_in("paid in EUR, or dólares; please try") == frozenset({"EUR", "USD", "CAD", "AUD", "NZD"})
    assert currencies_in("eur") == frozenset({"EUR"})
