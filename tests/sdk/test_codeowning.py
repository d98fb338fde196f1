"""CODEOWNERS: who it names for which path, read as hosts read it, and what it can't say."""

from __future__ import annotations

import re

import pytest

from git_registry.errors import Refused, UsageError
from git_registry.sdk import codeowning, ownership
from git_registry.sdk.ownership import Line

from .once import once

ORGANIZATION = """\
format: 1
name: acme
store: {store}
admins: [user:ada]
teams:
  nlp: {{members: [user:bob, service:train], github: acme/nlp}}
  leads: {{members: [user:lea, user:bob]}}
identities:
  user:ada: {{github: ada-gh, gitlab: ada-gl, gitea: ada}}
  user:alice: {{github: Alice-GH, gitlab: alice}}
  user:bob: {{github: bob-gh, gitlab: bob, gitea: bob}}
  user:mia: {{gitlab: mia}}
  service:train: {{github: train-bot}}
"""
ACCESS = """\
format: 1
members:
  user:alice: admin
  team:nlp: member
  team:leads: member
  user:mia: member
  user:rex: viewer
protected_aliases:
  production: {}
  staging: {}
"""


def commit(desk, git, files):
    for path, text in files.items():
        (desk.path / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.path / path).write_text(text)
        git(desk.path, "add", path)
    git(desk.path, "commit", "-q", "-m", "Write")


@once
def acme(desk, git):
    store = f"file://{desk.path.parent}/store"
    commit(desk, git, {"organization.yaml": ORGANIZATION.format(store=store), "model/access.yaml": ACCESS})
    return desk


def made(desk, host="github", output=None):
    return desk(codeowning.made, host, output)


def rows(owners):
    return [line.split() for line in owners.text.splitlines() if line and not line.startswith("#")]


def owned(directory, git, lines, paths):
    """Return path → owners by the last line that matches, each line read by Git's reader of such patterns."""
    git(directory, "init", "-q", "reader")
    for path in paths:
        (directory / "reader" / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / "reader" / path).touch()
    found = {}
    for pattern, *names in lines:
        said = git(directory / "reader", "ls-files", "--others", "--ignored", f"--exclude={pattern}")
        found |= dict.fromkeys(said.splitlines(), names)
    return found


ABOVE, MEMBERS, ADMINS = (
    ["@ada-gh"],
    ["@acme/nlp", "@ada-gh", "@Alice-GH", "@bob-gh"],
    ["@ada-gh", "@Alice-GH"],
)
OWNED = {
    "README.md": ABOVE,
    "organization.yaml": ABOVE,
    ".github/workflows/ci.yml": ABOVE,
    ".github/CODEOWNERS": ABOVE,
    "CODEOWNERS": ABOVE,
    ".gitlab-ci.yml": ABOVE,
    "docs/guide.md": ABOVE,
    ".gitattributes": ABOVE,
    "model/.gitattributes": ABOVE,
    "model/churn/.gitmodules": ABOVE,
    "dataset/registry.yaml": ABOVE,
    "dataset/customers/versions/aa.yaml": ABOVE,
    "model/registry.yaml": MEMBERS,
    "model/churn/collection.yaml": MEMBERS,
    "model/churn/versions/aa/aa.yaml": MEMBERS,
    "model/churn/aliases/eu.yaml": MEMBERS,
    "model/access.yaml": ADMINS,
    "model/automations/tell.yaml": ADMINS,
    "model/churn/automations/tell.yaml": ADMINS,
    "model/churn/aliases/production.yaml": ADMINS,
    "model/fraud/aliases/staging.yaml": ADMINS,
}


def test_who_owns_a_path_by_the_last_line_that_matches(acme, git, tmp_path):
    assert owned(tmp_path, git, rows(made(acme)), OWNED) == OWNED


def test_gitea_asks_whoever_any_line_matches(acme):
    lines = [(re.compile(f"^{pattern}$"), names) for pattern, *names in rows(made(acme, "gitea"))]

    def asked(path):
        return {name for pattern, names in lines if pattern.match(path) for name in names}

    assert asked("model/churn/aliases/production.yaml") == {"@ada", "@bob"}
    assert asked("dataset/x/collection.yaml") == {"@ada"}
    assert [pattern.pattern for pattern, _ in lines if pattern.match("model/accessXyaml")] == [
        "^.*$",
        "^model/.*$",
    ]


def test_a_team_is_its_own_on_the_host_that_it_names_and_its_people_elsewhere(acme):
    assert ["/model/", "@ada-gl", "@alice", "@bob", "@mia"] in rows(made(acme, "gitlab"))


def test_who_may_approve_and_has_no_account_is_told_and_a_service_is_not(acme):
    assert made(acme).told == (
        "user:lea has no account on github in `identities`, and is not named",
        "user:mia has no account on github in `identities`, and is not named",
    )
    assert made(acme, "gitlab").told == (
        "user:lea has no account on gitlab in `identities`, and is not named",
    )


@pytest.mark.parametrize("host", ownership.PLACES)
def test_no_path_is_unowned(acme, host):
    assert all(len(names) > 1 for names in rows(made(acme, host)))


def test_without_an_admin_who_has_an_account_nothing_is_made(desk):
    with pytest.raises(Refused, match="no organization admin has an account on github") as told:
        made(desk)
    assert told.value.hint == "identities: {user:ada: {github: <account>}}"


@pytest.mark.parametrize("account", ["bob @mallory", "bob\\", "#bob", "", "@", "acme/nlp", "bob*", "ädä"])
def test_an_account_that_would_be_read_as_something_else_is_not_named(acme, git, account):
    text = (acme.path / "organization.yaml").read_text()
    quoted = f'"{account}"'.replace("\\", "\\\\")
    commit(acme, git, {"organization.yaml": text.replace("github: Alice-GH", f"github: {quoted}")})

    owners = made(acme)

    assert ["/model/access.yaml", "@ada-gh"] in rows(owners)
    assert any(one.startswith("user:alice: ") for one in owners.told)


def test_a_default_role_that_may_approve_is_told(acme, git):
    text = (acme.path / "organization.yaml").read_text()
    commit(acme, git, {"organization.yaml": f"{text}default_role: member\n"})

    assert "by default_role anybody may approve below model/; only who is listed is named" in made(acme).told


def test_a_closed_registry_is_the_organization_admins(acme, git):
    commit(acme, git, {"model/access.yaml": "members: {user:alice: owner}\n"})

    owners = made(acme)

    assert [row for row in rows(owners) if row[0].startswith("/model")] == [["/model/", "@ada-gh"]]
    assert owners.told[0].startswith("model is closed, so only organization admins own it: model/access.yaml")


def test_a_file_that_hosts_would_ignore_is_not_made():
    lines = [Line(path=f"r{number}/", owners=("@" + "a" * 90,)) for number in range(30_000)]

    with pytest.raises(Refused, match="is ignored from 3000000 on") as told:
        ownership.spelled("github", lines)
    assert "acme/nlp" in told.value.hint
    assert ownership.spelled("github", lines[:20_000])


def test_it_is_the_same_again_and_changes_with_the_rules(acme, git):
    first = made(acme)
    assert made(acme).text == first.text
    acme(codeowning.write, first)
    assert made(acme).differences  # written, not committed
    git(acme.path, "add", ".github")
    git(acme.path, "commit", "-q", "-m", "Owners")
    assert made(acme).is_current

    commit(acme, git, {"model/access.yaml": ACCESS.replace("  staging: {}\n", "")})

    assert made(acme).differences == ("- /model/*/aliases/staging.yaml @ada-gh @Alice-GH",)


@pytest.mark.parametrize(
    ("there", "host", "path"),
    [
        ([], "github", ".github/CODEOWNERS"),
        ([], "gitlab", "CODEOWNERS"),
        ([], "gitea", "CODEOWNERS"),
        (["CODEOWNERS"], "github", "CODEOWNERS"),
        (["docs/CODEOWNERS"], "github", "docs/CODEOWNERS"),
        ([".gitlab/CODEOWNERS"], "gitlab", ".gitlab/CODEOWNERS"),
        (["CODEOWNERS", ".github/CODEOWNERS"], "github", ".github/CODEOWNERS"),
    ],
)
def test_where_it_belongs(acme, git, there, host, path):
    if there:
        commit(acme, git, dict.fromkeys(there, "* @ada-gh\n"))

    assert made(acme, host).path == path


def test_a_file_that_the_host_does_not_read_is_told(acme, git):
    commit(acme, git, {".github/CODEOWNERS": "* @mallory\n"})
    text = made(acme, output="CODEOWNERS").text
    commit(acme, git, {"CODEOWNERS": text})

    shadowed = made(acme, output="CODEOWNERS")
    stray = made(acme, output="owners.txt")

    assert (shadowed.differences, shadowed.is_current) == ((), False)
    assert shadowed.told[-1] == "github reads .github/CODEOWNERS and not CODEOWNERS: remove it"
    assert stray.told[-2].startswith("github does not look at owners.txt, only at .github/CODEOWNERS")


@pytest.mark.parametrize("output", ["/etc/passwd", "../CODEOWNERS", "a/../../b", "."])
def test_it_is_written_inside_of_the_repository_alone(acme, output):
    with pytest.raises(UsageError, match="inside of the repository"):
        made(acme, output=output)


def test_it_is_not_written_past_a_link(acme, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (acme.path / ".github").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match="past a symbolic link"):
        acme(codeowning.write, made(acme))
    assert not list((tmp_path / "elsewhere").iterdir())


def test_without_a_work_tree_it_is_printed(acme, upstream, git):
    from git_registry.sdk.opening import open_catalog

    git(acme.path, "push", "-q", "origin", "main")
    with (
        open_catalog(str(upstream), environ={}, clock=acme.clock, notify=print) as bare,
        pytest.raises(UsageError, match="no work tree"),
    ):
        codeowning.write(bare, codeowning.made(bare, "github"))
