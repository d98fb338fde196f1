from datetime import UTC, datetime

import pytest

from git_registry.repository.advance import Proposed, advance
from git_registry.repository.identity import Authorship, Signature
from git_registry.repository.objectdb import PygitReader
from git_registry.repository.plumbing import PlumbingReader
from git_registry.repository.repository import Repository

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def ada():
    who = Signature("Ada", "ada@example.org", NOON)
    return Authorship(who, who)


@pytest.fixture(params=[PlumbingReader, PygitReader], ids=["plumbing", "pygit2"])
def reader_of(request):
    return request.param


@pytest.fixture
def commit(ada):
    """Commit changes onto a branch, the current one by default."""

    def run(directory, changes, message="Change", branch=None):
        repository = directory if isinstance(directory, Repository) else Repository.open(directory)
        branch = branch or repository.current_branch()
        return advance(repository, branch, lambda tip: Proposed(changes, message), ada)

    return run
