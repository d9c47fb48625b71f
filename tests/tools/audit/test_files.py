"""Files of the audit: keys only their owner reads, heads added one by one, exports that sha256sum can check."""

import shutil
import stat
import subprocess
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from casino.loaded import DocumentError
from tests.tools.audit.logs import KEY, NOON, log, signed
from tools.audit.files import (
    append_head,
    exported,
    heads_alone,
    make_key,
    read_export,
    read_heads,
    read_key,
    read_public_key,
    write_export,
    write_private,
)
from tools.audit.heads import public_text, sign
from tools.audit.verify import verify
from tools.record import Link

LINKS = log(6)
HEADS = signed(LINKS, 2, 6)
# What an auditor types who has no Python: the bytes of each line, hashed again, and the hash before it.
BY_HAND = r"""
set -e
export LC_ALL=C
sed 's/^.\{82\}//; s/}$//' "$1" | while IFS= read -r line; do printf %s "$line" | sha256sum | cut -c1-64; done > hashes
cut -c10-73 "$1" | cmp - hashes
{ echo; sed '$d' hashes; } > expected
sed 's/.*"previous":"\([0-9a-f]*\)","seq":.*/\1/' "$1" | cmp - expected
tail -n 1 hashes
"""


async def stored(links: Iterable[Link]) -> AsyncIterator[Link]:
    for link in links:
        yield link


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def test_a_new_key_is_its_owners_alone_and_signs_what_the_public_one_checks(tmp_path: Path) -> None:
    file = tmp_path / "audit.pem"
    public = make_key(file)
    assert public == tmp_path / "audit.pem.pub"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    head = sign(LINKS[-1], read_key(file), at=NOON)
    assert (head.is_signed(), head.key) == (True, read_public_key(public))


@pytest.mark.parametrize("there", ["audit.pem", "audit.pem.pub"])
def test_a_key_that_is_there_is_never_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "audit.pem")
    assert names(tmp_path) == [there]


def test_a_private_key_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "audit.pem"
    make_key(file)
    file.chmod(0o644)
    told = f'^{file}: everybody on this machine may read this private key. Run "chmod 600 {file}".$'
    with pytest.raises(DocumentError, match=told):
        read_key(file)


def test_what_is_no_key_of_ours_is_refused(tmp_path: Path) -> None:
    empty, other = tmp_path / "empty.pem", tmp_path / "other.pem"
    empty.touch(mode=0o600)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    other.touch(mode=0o600)
    other.write_bytes(X25519PrivateKey.generate().private_bytes(*form))
    for file, told in (
        (tmp_path / "none.pem", r"cannot be read \(No such file or directory\)"),
        (empty, "this is no private key in PEM"),
        (other, "a private key of another kind than Ed25519"),
    ):
        with pytest.raises(DocumentError, match=told):
            read_key(file)
    public = X25519PrivateKey.generate().public_key()
    other.write_bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(DocumentError, match=rf"^{other}: this is the public key. Name the private one that goes with"):
        read_key(other)
    for file, told in (
        (tmp_path / "none.pem", r"cannot be read \(No such file or directory\)"),
        (empty, "this is no public key in PEM"),
        (other, "a public key of another kind than Ed25519"),
    ):
        with pytest.raises(DocumentError, match=told):
            read_public_key(file)


def test_heads_are_added_one_a_line_behind_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    for head in HEADS:
        with heads_alone(file) as before:
            append_head(file, head)
        assert len(before) == HEADS.index(head)
    assert file.read_text() == f"{HEADS[0].line()}\n{HEADS[1].line()}\n"
    assert read_heads(file) == HEADS


def test_a_head_is_never_glued_to_a_line_without_an_end(tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    file.write_text(HEADS[0].line())
    append_head(file, HEADS[1])
    assert read_heads(file) == HEADS


def test_a_broken_heads_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    file.write_bytes(f"{HEADS[0].line()}\n\n".encode() + b"\xff\n")
    with pytest.raises(DocumentError, match=f"^{file}:3:1: this is no head: it is not JSON. Take the heads from"):
        read_heads(file)
    with pytest.raises(DocumentError, match=r"none.jsonl: the heads cannot be read \(No such file"):
        read_heads(tmp_path / "none.jsonl")
    with pytest.raises(DocumentError, match="heads cannot be written there"), heads_alone(tmp_path / "no" / "h"):
        pass


async def test_an_export_is_read_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    assert await write_export(stored(LINKS), file) == 6
    assert file.read_text("utf-8") == "".join(f"{exported(link)}\n" for link in LINKS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*read_export(file)] == LINKS
    assert names(tmp_path) == ["log.jsonl"]


async def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    async def torn() -> AsyncIterator[Link]:
        yield LINKS[0]
        raise OSError(28, "No space left on device")

    file = tmp_path / "log.jsonl"
    await write_export(stored(LINKS), file)
    with pytest.raises(OSError, match="No space left"):
        await write_export(torn(), file)
    assert [*read_export(file)] == LINKS
    assert names(tmp_path) == ["log.jsonl"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (exported(LINKS[0]), ":1:{}: the export is cut off in the middle of this line. Export the log again"),
        ("\n", ":1:1: this is no line of an export"),
        (f"{exported(LINKS[0])}\n{{}}\n", ":2:1: this is no line of an export"),
        (f"{exported(replace(LINKS[0], hash='x'))}\n", ":1:1: this is no line of an export"),
    ],
    ids=["cut off", "empty", "no line", "no hash"],  # sealed texts are new at every run, and ids must not be
)
def test_a_broken_export_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(DocumentError) as error:
        list(read_export(file))
    assert str(error.value).startswith(f"{file}{told.format(len(text) + 1)}")


def test_an_export_of_lines_that_are_none_is_read_for_verification_to_judge(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    first = LINKS[0].line.replace('"id":1', '"id":"one"')
    file.write_text(f'{{"hash":"{LINKS[0].hash}","line":{first}}}\n{exported(LINKS[1])}\n', "utf-8")
    places = [(finding.check.value, finding.place) for finding in verify(read_export(file)).findings]
    assert places == [("hash", "line 1"), ("form", "line 1")]
    with pytest.raises(DocumentError, match="the export cannot be read"):
        list(read_export(tmp_path))


def test_private_text_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    file.touch(mode=0o644)
    write_private(file, "{}")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("{}", 0o600)
    assert names(tmp_path) == ["evidence.json"]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the tools of a shell are not there")
async def test_an_auditor_checks_an_export_with_sha256sum_alone(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"

    def by_hand() -> tuple[int, str]:
        ran = subprocess.run(  # noqa: S603  # our own script
            ["sh", "-c", BY_HAND, "sh", file],  # noqa: S607  # what an auditor types
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout.splitlines()[-1] if ran.stdout else ""

    await write_export(stored(LINKS), file)
    assert by_hand() == (0, sign(LINKS[-1], KEY, at=NOON).hash)
    changed = replace(LINKS[2], line=LINKS[2].line.replace("2026", "2027"))
    await write_export(stored([*LINKS[:2], changed, *LINKS[3:]]), file)
    assert by_hand()[0] == 1
    await write_export(stored([*LINKS[:2], *LINKS[3:]]), file)
    assert by_hand()[0] == 1
    assert public_text(KEY.public_key()) == HEADS[0].key
