from casino.memo import MOST_KEPT, Memo


def test_what_was_made_once_is_kept() -> None:
    memo, made = Memo(), list[int]()

    def make() -> str:
        made.append(1)
        return "x"

    assert [memo.once(str, "key", make) for _ in range(3)] == ["x"] * 3
    assert len(made) == 1


def test_two_kinds_under_one_key_are_two_things() -> None:
    memo = Memo()
    assert memo.once(str, "key", lambda: "x") == "x"
    assert memo.once(int, "key", lambda: 5) == 5


def test_a_full_memo_is_emptied_and_fills_again() -> None:
    memo = Memo()
    for number in range(MOST_KEPT):
        memo.once(int, number, lambda number=number: number)
    assert memo.once(int, 0, lambda: -1) == 0
    assert memo.once(int, "new", lambda: 1) == 1
    assert memo.once(int, 0, lambda: -1) == -1
