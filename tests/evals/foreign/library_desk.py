"""A package as a stranger would write it: a public library's desk. It imports nothing of ours."""

from datetime import date, timedelta
from typing import Any

State = dict[str, Any]

POLICY = """\
# Library desk

1. Find the reader by card number before anything else.
2. A loan may be renewed once, unless another reader has reserved the book.
3. A reader may have two reservations.
4. Fines are paid in full. They are in euro.
5. Whoever is angry or asks for a person goes to a librarian.
"""


def fresh() -> State:
    """Return the library on Monday morning."""
    return {
        "readers": {
            "C7": {"name": "Kim", "fines": 2.5, "reservations": []},
            "C8": {"name": "Sam", "fines": 0.0, "reservations": ["B3"]},
        },
        "books": {
            "B1": {"title": "The Summer Book", "lent_to": "C7", "due": "2026-03-09", "renewed": False},
            "B2": {"title": "Kindred", "lent_to": None, "due": None, "renewed": False},
            "B3": {"title": "Ice", "lent_to": "C7", "due": "2026-03-04", "renewed": False},
        },
        "notes": [],
    }


def find_reader(state: State, card: str) -> State:
    """Return a reader with what they have at home."""
    if card not in state["readers"]:
        raise ValueError("no such card")
    loans = [book for book, one in state["books"].items() if one["lent_to"] == card]
    return {**state["readers"][card], "loans": loans}


def find_book(state: State, title: str) -> State:
    """Return a book by its title."""
    for book, one in state["books"].items():
        if one["title"].lower() == title.lower():
            return {"book": book, **one}
    raise LookupError(f"no book is called {title}")


def renew(state: State, card: str, book: str) -> str:
    """Renew a loan by three weeks; return the new day."""
    one = state["books"][book]
    if one["lent_to"] != card:
        raise ValueError("this book is not lent to this reader")
    if any(book in reader["reservations"] for reader in state["readers"].values()):
        raise ValueError("another reader waits for it")
    if one["renewed"]:
        raise ValueError("it has been renewed once")
    one["due"] = (date.fromisoformat(one["due"]) + timedelta(days=21)).isoformat()
    one["renewed"] = True
    return str(one["due"])


def reserve(state: State, card: str, book: str) -> State:
    """Reserve a book. Asked twice it says yes twice and changes nothing."""
    reservations: list[str] = state["readers"][card]["reservations"]
    if book not in reservations:
        reservations.append(book)
    return {"reservations": reservations}


def pay_fine(state: State, card: str, amount: float) -> State:
    """Pay a fine."""
    reader = state["readers"][card]
    reader["fines"] -= amount
    if reader["fines"] < 0:
        raise ValueError("that is more than is owed")
    return {"left": reader["fines"]}


def call_librarian(state: State, summary: str) -> str:
    """Leave the reader to a librarian."""
    state["notes"].append(summary)
    return "noted"


def _schema(**kinds: str) -> dict[str, Any]:
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    return {"type": "object", "properties": properties, "required": [*kinds], "additionalProperties": False}


TOOLS = [
    ("find_reader", "read", find_reader, _schema(card="string")),
    ("find_book", "read", find_book, _schema(title="string")),
    ("renew", "write", renew, _schema(card="string", book="string")),
    ("reserve", "write", reserve, _schema(card="string", book="string")),
    ("pay_fine", "write", pay_fine, _schema(card="string", amount="number")),
    ("call_librarian", "terminal", call_librarian, _schema(summary="string")),
]

TASKS: list[dict[str, Any]] = [
    {
        "id": "renew",
        "says": ["My card is C7. Can I keep The Summer Book longer?"],
        "gold": [
            ("find_reader", {"card": "C7"}),
            ("find_book", {"title": "The Summer Book"}),
            ("renew", {"card": "C7", "book": "B1"}),
        ],
        "must_say": ["2026-03-30"],
    },
    {
        "id": "reserved",
        "says": ["C7 here, please renew Ice."],
        "gold": [("find_reader", {"card": "C7"}), ("find_book", {"title": "Ice"})],
    },
    {
        "id": "reserve-and-pay",
        "says": ["I would like to read Kindred.", "And let me pay what I owe. Card C7."],
        "gold": [
            ("find_reader", {"card": "C7"}),
            ("find_book", {"title": "Kindred"}),
            ("reserve", {"card": "C7", "book": "B2"}),
            ("pay_fine", {"card": "C7", "amount": 2.5}),
        ],
    },
    {
        "id": "librarian",
        "says": ["This is the third time! I want to talk to a person."],
        "gold": [("call_librarian", {"summary": "an angry reader"})],
    },
    {
        "id": "both",
        "says": ["Card C8. Reserve Kindred and The Summer Book for me."],
        "gold": [
            ("find_reader", {"card": "C8"}),
            ("reserve", {"card": "C8", "book": "B2"}),
            ("reserve", {"card": "C8", "book": "B1"}),
        ],
    },
]
