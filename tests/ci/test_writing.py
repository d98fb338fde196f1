"""`git registry ci github` and `ci gitlab`: what they write, where, and over what they don't."""

from __future__ import annotations

import pytest
import yaml
from tests.ci.conftest import read, registry
from tests.ci.published import SCHEMAS, mistakes
from tests.cli.conftest import Shell

import git_registry

WORKFLOWS = [".github/workflows/registry.yml", ".github/workflows/registry-again.yml"]
HERE = ("--version", git_registry.__version__)
FILES = {"github": WORKFLOWS, "gitlab": [".gitlab-ci.yml"]}


@pytest.fixture
def acme(tmp_path, capsys, organization, git):
    git(tmp_path, "clone", "--quiet", organization, "acme")
    return Shell(tmp_path / "acme", capsys)


@pytest.mark.parametrize("host", FILES)
def test_the_files_are_written_committed_and_right_until_something_else_is_asked_for(acme, git, host):
    assert acme("ci", host, *HERE, "--check", code=4) == "".join(
        f"{one} is not committed\n" for one in FILES[host]
    )
    command = f"git registry ci {host} --install git-registry=={git_registry.__version__}"
    assert acme.err.splitlines()[-2:] == [
        f"error: {', '.join(FILES[host])}: what is committed is not what would be written",
        f"hint: `{command}` writes it; look at it, and commit it",
    ]
    assert acme("ci", host, *HERE) == "".join(f"Wrote {one}; commit it\n" for one in FILES[host])
    git(acme.directory, "add", "--all")
    git(acme.directory, "commit", "-qm", "CI")
    assert acme("ci", host, *HERE, "--check") == "".join(
        f"{one} is as it would be written\n" for one in FILES[host]
    )
    assert acme("ci", host, *HERE) == "".join(f"{one} was so already\n" for one in FILES[host])

    differs = acme("ci", host, "--check", "--version", "9.9.9", code=4)

    first = FILES[host][0]
    assert f'{first}: -   INSTALL: "git-registry=={git_registry.__version__}"' in differs.replace(
        "    ", "  "
    )
    assert f'{first}: +   INSTALL: "git-registry==9.9.9"' in differs.replace("    ", "  ")


def test_what_would_write_the_file_is_said_as_a_shell_takes_it(acme):
    words = ("--install", "acme registry[all]>=1", "--output", "a b/registry.yml")
    acme("ci", "gitlab", *words, "--check", code=4)
    command = "git registry ci gitlab --install 'acme registry[all]>=1' --output 'a b/registry.yml'"
    assert f"`{command}` writes it" in acme.err

    assert "--check" in acme.error("ci", "gitlab", *HERE, "--output", "-", "--check", code=2)["message"]


def test_an_older_one_of_ours_is_replaced_and_somebody_elses_is_not(acme):
    ours = acme.write(
        ".gitlab-ci.yml", "# Made by `git registry ci gitlab`, of git-registry 0.0.1.\nold: {}\n"
    )
    acme("ci", "gitlab", *HERE)
    assert "old: {}" not in ours.read_text()

    theirs = acme.write(".gitlab-ci.yml", "stages: [test]\n")
    error = acme.error("ci", "gitlab", *HERE, code=6)
    assert (error["where"], theirs.read_text()) == (".gitlab-ci.yml", "stages: [test]\n")
    assert "--output" in error["hint"]

    acme("ci", "gitlab", *HERE, "--rewrite")
    assert "registry-request" in theirs.read_text()


def test_of_two_files_none_is_written_if_one_is_in_the_way(acme):
    acme.write(WORKFLOWS[1], "name: mine\n")

    acme("ci", "github", *HERE, code=6)

    assert not (acme.directory / WORKFLOWS[0]).exists()


def test_it_is_printed_or_put_somewhere_else_which_the_host_does_not_look_at(acme):
    documents = list(yaml.safe_load_all(acme("ci", "github", *HERE, "--output", "-")))
    assert [one["name"] for one in documents] == ["registry", "registry-again"]
    assert "does not look" not in acme.err

    acme("ci", "gitlab", *HERE, "--output", "ci/registry.yml")
    assert "includes it" in acme.err
    assert (acme.directory / "ci" / "registry.yml").exists()

    acme("ci", "github", *HERE, "--output", ".github/workflows/check.yml")
    again = (acme.directory / ".github" / "workflows" / "check-again.yml").read_text()
    assert '== "check.yml"' in again


def test_json(acme):
    (made,) = acme.json("ci", "gitlab", *HERE)

    assert (made["for"], made["path"], made["current"]) == ("gitlab", ".gitlab-ci.yml", False)
    assert "\n".join([*made["lines"], ""]) == (acme.directory / ".gitlab-ci.yml").read_text()


@pytest.mark.parametrize("host", FILES)
def test_what_is_installed_is_told_as_one_word_that_does_nothing_else(acme, host):
    url = "git+https://github.com/acme/git-registry@" + "0123456789" * 4
    document = read(acme("ci", host, "--install", url, "--output", "-").partition("\n---\n")[0])
    env = document["env"] if host == "github" else document[".registry"]["variables"]
    assert env["INSTALL"] == url
    assert ("REGISTRY_TOKEN" in acme.err) is (host == "gitlab")
    assert "whole commit" not in acme.err
    assert "pip installs" not in acme.err
    acme("ci", host, "--install", url.replace("0123456789" * 4, "main"), "--output", "-")
    assert "names no whole commit" in acme.err
    acme("ci", host, *HERE, "--output", "-")
    assert f"git-registry=={git_registry.__version__}: whoever puts it there" in acme.err

    for hostile in ('x" y', "x\ny: z", "${{ github.token }}", "$(id)", "--index-url=http://evil", "`id`"):
        acme("ci", host, "--install", hostile, code=2)
    for here in ("./x", ".", "/opt/x"):
        acme("ci", host, "--install", here, code=2)
    acme("ci", host, "--install", "x", "--version", "1", code=2)


@pytest.mark.parametrize("host", FILES)
def test_what_is_installed_is_said_for_nobody_owns_our_name_on_a_public_index(acme, host):
    for words in ((), ("--check",), ("--version", ""), ("--install", "")):
        error = acme.error("ci", host, *words, code=2)
        assert "git+https://" in error["hint"]
    assert not (acme.directory / FILES[host][0]).exists()


def test_no_credential_is_written_into_a_file_that_is_to_be_committed(acme):
    for url in ("git+https://ana:secret@git.example/acme/git-registry", "https://secret@git.example/x.whl"):
        error = acme.error("ci", "github", "--install", url, code=2)
        assert "secret" not in error["message"] + error["hint"]
    acme("ci", "github", "--install", "git+ssh://git@git.example/acme/git-registry", "--output", "-")


def test_the_default_branch_may_have_another_name_but_no_pattern(acme, git):
    git(acme.directory, "config", "registry.branch", "trunk/1.x")
    assert read(acme("ci", "github", *HERE, "--output", "-").partition("\n---\n")[0])["on"]["push"] == {
        "branches": ["trunk/1.x"]
    }

    git(acme.directory, "config", "registry.branch", "main!+")
    acme("ci", "github", *HERE, code=2)


AUTOMATIONS = (*HERE, "--automations")
DEPLOY = "REG_WH_DEPLOY=https://deploy.acme.example/hook,model"


@pytest.fixture
def automated(acme):
    """There are two automations, one of which takes a secret."""
    where = ("automation", "create", "model/churn")
    acme(*where, "deploy", "--on", "version-linked", "--slack", "REG_WH_SLACK")
    acme(*where, "tell", "--on", "version-linked", "--command", "tell")
    return acme


@pytest.mark.parametrize("host", FILES)
def test_whether_automations_run_is_asked_for_and_compared(acme, git, host):
    acme("ci", host, *AUTOMATIONS, "--secret", DEPLOY)
    git(acme.directory, "add", "--all")
    git(acme.directory, "commit", "-qm", "CI")

    acme("ci", host, *AUTOMATIONS, "--secret", DEPLOY, "--check")
    assert "REG_WH_DEPLOY" in acme.err
    for words in (HERE, AUTOMATIONS, (*AUTOMATIONS, "--secret", f"{DEPLOY},eval")):
        assert FILES[host][0] in acme("ci", host, *words, "--check", code=4)

    assert "other" in acme("ci", host, *AUTOMATIONS, "--secret", f"{DEPLOY},other", "--check", code=4)
    assert f"--automations --secret {DEPLOY},other` writes it" in acme.err


@pytest.mark.parametrize("host", FILES)
def test_without_secrets_there_are_none(acme, host):
    text = acme("ci", host, *AUTOMATIONS, "--output", "-").partition("\n---\n")[0]
    assert "REG_WH_" not in text
    assert "__" not in text
    assert mistakes(read(text), SCHEMAS[FILES[host][0].rpartition("/")[2]]) == []


def test_what_automations_lack_in_a_pipeline_is_said(automated):
    automated("ci", "gitlab", *HERE)
    assert "gitlab does not run model/churn/automations/deploy.yaml" in automated.err

    automated("ci", "gitlab", *AUTOMATIONS)
    slack = "model/churn/automations/deploy.yaml takes REG_WH_SLACK"
    assert f"{slack}: --secret REG_WH_SLACK=URL,model lets it" in automated.err
    assert "tell.yaml runs a command of a server" in automated.err

    url = "REG_WH_SLACK=https://hooks.slack.com/services/"
    automated("ci", "gitlab", *AUTOMATIONS, "--secret", f"{url},eval")
    assert slack in automated.err
    automated("ci", "gitlab", *AUTOMATIONS, "--secret", f"{url},eval,model")
    assert slack not in automated.err


def test_a_secret_that_nothing_is_sent_with_is_said(automated):
    for name in ("one", "two"):
        webhook = ("--webhook", f"https://deploy.acme.example/{name}", "--secret", "REG_WH_DEPLOY")
        automated("automation", "create", "model", name, "--on", "version-linked", *webhook)

    def said(*bindings):
        words = (word for one in bindings for word in ("--secret", one))
        automated("ci", "gitlab", *AUTOMATIONS, *words)
        return [line for line in automated.err.splitlines() if line.startswith("note: --secret")]

    assert (
        said("REG_WH_DEPLOY=https://deploy.acme.example/two,model", "REG_WH_X=https://a.example/,model") == []
    )
    assert said("REG_WH_SLACK=https://hooks.slack.com/services/,model") == []
    (elsewhere,) = said("REG_WH_DEPLOY=https://deploy.acme.example/three,model")
    assert elsewhere.startswith("note: --secret REG_WH_DEPLOY: no automation that takes it sends to https://")
    (plain,) = said("REG_WH_OTHER=http://deploy.acme.example/,model")
    assert "http: to deploy.acme.example" in plain
    assert said("REG_WH_OTHER=https://deploy.acme.example/,model,modle") == [
        "note: --secret REG_WH_OTHER: there is no registry modle"
    ]


def test_secrets_are_for_automations_and_one_is_for_the_same_registries_wherever_it_goes(acme):
    assert "--automations" in acme.error("ci", "github", *HERE, "--secret", DEPLOY, code=2)["hint"]
    other = "REG_WH_DEPLOY=https://evaluate.acme.example/,{}"
    twice = (*AUTOMATIONS, "--secret", DEPLOY, "--secret")
    error = acme.error("ci", "github", *twice, other.format("eval"), code=2)
    assert error["where"] == "--secret REG_WH_DEPLOY"
    text = acme("ci", "github", *twice, other.format("model"), "--output", "-")
    assert text.count("registrySecret.REG_WH_DEPLOY.url") == 2
    assert text.count("registrySecret.REG_WH_DEPLOY.registry") == 1


def test_nothing_is_written_past_the_repository(acme, git, tmp_path):
    for outside in ("../x.yml", "/tmp/x.yml", ""):
        acme("ci", "gitlab", *HERE, "--output", outside, code=2)
    (acme.directory / ".github").symlink_to(tmp_path)
    acme("ci", "github", *HERE, code=2)

    git(tmp_path, "clone", "--quiet", "--bare", acme.directory, "bare")
    bare = Shell(tmp_path / "bare", acme._capsys)
    bare("ci", "gitlab", *HERE, code=2)
    assert "registry-request" in bare("ci", "gitlab", *HERE, "--output", "-")


def test_the_mark_by_which_the_command_knows_its_files_is_in_each(organization):
    for host in FILES:
        for text in registry(organization, "ci", host, *HERE, "--output", "-").split("\n---\n"):
            assert text.startswith(f"# Made by `git registry ci {host}`")
