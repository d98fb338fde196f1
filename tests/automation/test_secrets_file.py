"""The file a server's admin keeps secrets in."""

from __future__ import annotations

import os

import pytest

from git_registry.automation.secrets_file import read
from git_registry.automation.unsent import Unsent


@pytest.fixture
def kept(tmp_path):
    """Write a file of secrets, and return its path."""

    def write(text, mode=0o600):
        path = tmp_path / "secrets"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    return write


def test_a_name_and_its_value_on_a_line(kept):
    path = kept('# keys\n\nREG_WH_A=a=b c\n  REG_WH_B = half "quoted" # all of it\r\nREG_WH_C=\n')

    assert read(path) == {"REG_WH_A": "a=b c", "REG_WH_B": 'half "quoted" # all of it', "REG_WH_C": ""}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o601, 0o777])
def test_what_others_may_read_or_write_is_none(kept, mode):
    with pytest.raises(Unsent, match="others"):
        read(kept("REG_WH_A=hush hush", mode))


def test_what_belongs_to_somebody_else_is_none(kept, monkeypatch):
    path = kept("REG_WH_A=hush hush")
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)

    with pytest.raises(Unsent, match="somebody else"):
        read(path)


def test_it_may_be_asked_for_the_account_that_sends(kept):
    path = kept("REG_WH_A=hush hush")

    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    owner = path.stat().st_uid

    assert read(path, owner) == {"REG_WH_A": "hush hush"}
    with pytest.raises(Unsent, match="somebody else"):
        read(path, owner + 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("REG_WH_A=x\nhush hush\n", "line 2"),
        ("=hush", "line 1"),
        ("A B=hush", "line 1"),
        ("A=x\nexport B=hush", "line 2: no shell reads it: leave `export` out"),
        ('A=x\n\nB="hush"', "line 3: the quotes would be a part of the secret"),
        ("B = 'hush hush' # ours\n", "line 1: the quotes would be a part of the secret"),
        (b"A=\xff", "no text"),
    ],
)
def test_a_line_that_is_something_else_is_told_and_not_shown(kept, text, why):
    with pytest.raises(Unsent, match=why) as refused:
        read(kept(text))

    assert "hush" not in str(refused.value)


def test_what_is_too_large_is_told_and_not_cut(kept):
    most = 1 << 20

    assert read(kept("REG_WH_A=hush hush\n".ljust(most, "\n"))) == {"REG_WH_A": "hush hush"}
    with pytest.raises(Unsent, match="larger than 1 MiB"):
        read(kept("REG_WH_A=hush hush\n".rjust(most + 1, "\n")))


def test_what_is_not_there_and_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(Unsent, match="can't be read"):
        read(tmp_path / "gone")
    for one in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(Unsent, match="no file"):
            read(one)
