import pytest

from git_registry.model.names import REPOSITORY


@pytest.mark.parametrize(
    "url",
    [
        "https://t0ken@host/x",
        "https://ana:s3cret@host/x",
        "ssh://ana:s3/cret@host/x",
        "git@host:x.git?token=s3cret",
    ],
)
def test_a_credential_in_a_repositorys_url_is_not_repeated(url):
    problem = REPOSITORY.problem(url)
    assert "credential" in problem
    assert "cret" not in problem
    assert "t0ken" not in problem
