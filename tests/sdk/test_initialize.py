"""Where an organization can be created, and what is there afterwards."""

import pytest

from git_registry.errors import Conflict, InvalidDocument, UsageError
from git_registry.repository.repository import Repository
from git_registry.sdk.checking import check
from git_registry.sdk.initialize import Setup, initialize, repository_for

from .desk import Clock, Desk, found


def test_an_empty_directory_becomes_an_organization(tmp_path, git):
    desk = found(tmp_path / "new/acme", "s3://acme-ml")

    assert desk.files() == [
        ".gitattributes",
        "dataset/registry.yaml",
        "model/registry.yaml",
        "organization.yaml",
    ]
    assert (desk.path / "organization.yaml").read_text() == (
        'format: 1\nname: acme\nstore: s3://acme-ml\nadmins: ["user:ada"]\n'
    )
    assert (desk.path / ".gitattributes").read_text() == "*.yaml text eol=lf\n"
    assert git(desk.path, "status", "--porcelain") == ""
    assert git(desk.path, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(desk.path, "config", "registry.user") == "user:ada"
    assert desk(check) == []


def test_gits_default_branch_is_respected(tmp_path, git, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "init.defaultBranch")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "trunk")

    desk = found(tmp_path / "acme")

    assert git(desk.path, "symbolic-ref", "HEAD") == "refs/heads/trunk"


def test_a_repository_with_other_files_keeps_them(make_repository, git):
    path = make_repository(
        files={"README.md": "# Acme\n", "src/x.py": "x\n", ".gitattributes": "*.bin binary"}
    )
    (path / "draft.txt").write_text("untracked\n")
    (path / "README.md").write_text("# being edited\n")

    found(path)

    assert (path / "README.md").read_text() == "# being edited\n"
    assert git(path, "status", "--porcelain") == " M README.md\n?? draft.txt"
    assert (path / ".gitattributes").read_text() == "*.bin binary\n*.yaml text eol=lf\n"
    assert git(path, "rev-list", "--count", "HEAD") == "2"


@pytest.mark.parametrize(
    "there", ["*.yaml text eol=lf\n", "*.yaml text eol=lf", "* text=auto\n*.yaml text eol=lf\n"]
)
def test_attributes_that_say_so_already_stay(make_repository, there):
    path = make_repository(files={".gitattributes": there})

    found(path)

    assert (path / ".gitattributes").read_text() == there


def test_an_organization_is_not_created_twice(desk):
    with pytest.raises(Conflict, match="there is an organization here already"):
        found(desk.path)

    assert len(desk.log()) == 1


@pytest.mark.parametrize("there", ["model", "model/x.py", "dataset/y.csv", "Model/x.py"])
def test_what_is_in_the_way_is_named(make_repository, git, there):
    path = make_repository(files={there: "mine\n"})

    with pytest.raises(Conflict, match=r"(?i)model|dataset") as refused:
        found(path)

    assert "'model'" in str(refused.value) or "'dataset'" in str(refused.value)
    assert (path / there).read_text() == "mine\n"
    assert git(path, "rev-list", "--count", "HEAD") == "1"


def test_untracked_files_in_the_way_are_named(make_repository, git):
    path = make_repository()
    (path / "organization.yaml").write_text("mine\n")

    with pytest.raises(Conflict, match=r"local edits would be overwritten: organization\.yaml"):
        found(path)

    assert (path / "organization.yaml").read_text() == "mine\n"


def test_a_directory_inside_another_repository_becomes_one_of_its_own(make_repository, git):
    outer = make_repository("outer", {"x": "x"})

    desk = found(outer / "registry")

    assert git(desk.path, "rev-parse", "--show-toplevel") == str(desk.path)
    assert git(outer, "rev-list", "--count", "HEAD") == "1"


def test_a_bare_repository_can_hold_one(tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "acme.git")

    found(tmp_path / "acme.git")

    assert git(tmp_path / "acme.git", "show", "main:organization.yaml").startswith("format: 1\nname: acme\n")


def test_a_detached_head_is_refused(make_repository, git):
    path = make_repository(files={"x": "x"})
    git(path, "switch", "-q", "--detach")

    with pytest.raises(UsageError, match="HEAD is detached"):
        found(path)


def test_a_repository_with_sha256_ids_is_refused(make_repository):
    path = make_repository("new", None, "--object-format=sha256")

    with pytest.raises(UsageError, match="sha256 object ids are not supported yet") as refused:
        found(path)

    assert "git init --object-format=sha1" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "store", "said"),
    [
        ("model", "s3://acme", "name: 'model' is a registry too"),
        ("projects", "s3://acme", "'projects' is reserved"),
        ("a/b", "s3://acme", "expected a name"),
        ("acme", "somewhere", "expected a URI"),
    ],
)
def test_bad_names_and_stores_are_refused(tmp_path, name, store, said):
    setup = Setup(name=name, store=store, admin="user:ada")

    with pytest.raises((InvalidDocument, UsageError), match=said):
        initialize(repository_for(tmp_path / "acme"), setup, clock=Clock())

    assert not (tmp_path / "acme/organization.yaml").exists()


def test_without_an_email_nothing_is_guessed(make_repository, git, monkeypatch):
    path = make_repository()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    with pytest.raises(UsageError, match="no e-mail is set") as refused:
        found(path)

    assert "user.email you@example.org" in refused.value.hint
    assert Repository.open(path).branch("main") is None


def test_who_one_is_already_stays(make_repository, git):
    path = make_repository()
    git(path, "config", "registry.user", "user:bob")

    found(path)

    assert git(path, "config", "registry.user") == "user:bob"
    assert Desk(path).log() == ["Create the organization acme"]
