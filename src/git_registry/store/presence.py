"""Which blobs a remote store holds, and how large they are, in as few requests as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from math import ceil

from git_registry.model.digest import Digest
from git_registry.store.failures import is_missing
from git_registry.store.filesystem import FileSystem
from git_registry.store.parallel import each

FEW = 30
"""Up to so many digests are asked for one by one."""

_PAGE = 1000
_FLAT = 20_000
_SHARDS = 256


def sizes(remote: FileSystem, root: str, digests: Iterable[Digest]) -> dict[Digest, int]:
    """Return the size of each of these blobs that lies under `root`, the store's `sha256` directory.

    What the store raises is for the caller to translate, who knows how people call the store.
    """
    wanted = set(digests)
    if len(wanted) <= FEW:
        return _ask(remote, root, wanted)
    shards: dict[str, set[Digest]] = defaultdict(set)
    for digest in wanted:
        shards[digest.value[:2]].add(digest)
    first = min(shards)
    listed = _list(remote, f"{root}/{first}")
    match cheapest(len(wanted), len(shards), len(listed)):
        case Way.ASK:
            return _ask(remote, root, wanted)
        case Way.WHOLE_STORE:
            return _known(wanted, _list(remote, root))
    found = _known(wanted, listed)
    others = sorted(shards.keys() - {first})

    def look(shard: str) -> dict[Digest, int]:
        return _known(shards[shard], _list(remote, f"{root}/{shard}"))

    for some in each(look, others, workers=_workers(remote)):
        found |= some
    return found


def _ask(remote: FileSystem, root: str, wanted: set[Digest]) -> dict[Digest, int]:
    def size(digest: Digest) -> int | None:
        try:
            return int(
                remote.patiently(lambda: remote.fs.info(f"{root}/{digest.value[:2]}/{digest.value}"))["size"]
            )
        except Exception as error:
            if is_missing(error):
                return None
            raise

    asked = sorted(wanted)
    answers = each(size, asked, workers=_workers(remote))
    return {digest: answer for digest, answer in zip(asked, answers) if answer is not None}


class Way(Enum):
    """How to find out which blobs are there."""

    ASK = "for each blob"
    DIRECTORIES = "list the directories in question"
    WHOLE_STORE = "list everything"


def cheapest(wanted: int, shards: int, in_one_shard: int) -> Way:
    """Choose between asking for each blob, listing their directories and listing the whole store.

    Digests are spread evenly, so one directory tells how full all 256 are.
    """
    whole = in_one_shard * _SHARDS
    if whole <= _FLAT and ceil(whole / _PAGE) <= shards:
        return Way.WHOLE_STORE
    return Way.DIRECTORIES if shards * ceil(in_one_shard / _PAGE) < wanted else Way.ASK


def _list(remote: FileSystem, directory: str) -> dict[str, int]:
    try:
        found = remote.patiently(lambda: remote.fs.find(directory, detail=True))
    except Exception as error:
        if is_missing(error):
            return {}
        raise
    return {
        name.rpartition("/")[2]: int(info["size"]) for name, info in found.items() if info["type"] == "file"
    }


def _known(wanted: Iterable[Digest], listed: dict[str, int]) -> dict[Digest, int]:
    return {digest: listed[digest.value] for digest in wanted if digest.value in listed}


def _workers(remote: FileSystem) -> int:
    # Only the asynchronous file systems are made to be called from several threads.
    return 32 if getattr(remote.fs, "async_impl", False) else 1
