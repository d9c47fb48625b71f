"""Snapshots: texts that a model reads, kept as plain files so that a change to one is seen in the diff.

To rewrite them after a change that is meant: `UPDATE_SNAPSHOTS=1 python -m pytest tests/agent`, then read the diff.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def assert_is_snapshot(text: str, name: str) -> None:
    """Compare a text with its file, byte for byte; with UPDATE_SNAPSHOTS=1 write the file instead."""
    file = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.write_bytes(text.encode())
    assert file.is_file(), f"there is no snapshot {name}: write it with UPDATE_SNAPSHOTS=1"
    kept = file.read_bytes().decode()
    assert text == kept, f"{name} differs: if that is meant, run the tests with UPDATE_SNAPSHOTS=1 and read the diff"
