"""What is in a mounted repository, as a script names, reads, uses and links it."""

from __future__ import annotations

import pytest
from tests.sdk.mounted import ada, host, organized, published, trusting, vault

import git_registry as gr
from git_registry.errors import Refused, UsageError
from git_registry.sdk import linking, listing
from git_registry.sdk.linking import Request

__all__ = ["ada", "host", "trusting", "vault"]


@pytest.fixture
def api(trusting, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_REGISTRY", str(trusting.path))
    opened = gr.Api()
    yield opened
    opened.workspace.close()


def test_a_version_is_found_by_every_name_it_has(api, vault):
    for name in (
        "secret/model/churn:production",
        "secret/wandb-registry-model/churn:v0",
        "acme/secret/Models/churn:v0",
    ):
        found = api.artifact(name, type="model")
        assert (found.name, found.is_link) == ("churn:v0", True), name
        assert found.digest == str(vault(listing.show, "model/churn:v0").manifest.digest)
    assert api.artifact("secret/model/churn").version == "v1"
    assert api.artifact_exists("secret/model/churn:v0")
    assert not api.artifact_exists("secret/model/churn:v7")


def test_its_names_find_it_again(api):
    found = api.artifact("secret/model/churn:production")

    assert found.qualified_name == "acme/secret/model/churn:v0"
    assert found.project == "wandb-registry-model"
    assert api.artifact(found.qualified_name).digest == found.digest
    assert (found.collection.path, found.collection.name) == ("secret/model/churn", "churn")
    assert found.metadata == {}
    assert "latest" in api.artifact("secret/model/churn").aliases


def test_it_is_downloaded_by_its_own_rules(api, tmp_path):
    root = api.artifact("secret/model/churn:v0").download(str(tmp_path / "there"))

    assert (tmp_path / root / "model.bin").read_text() == "classified"


def test_what_is_not_trusted_is_refused(ada, host, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY", str(ada.path))

    with pytest.raises(Refused, match="not trusted"):
        gr.Api().artifact("secret/model/churn:v0")
    assert host.asked == []


def test_what_is_saved_is_published_there(api, trusting):
    found = api.artifact("secret/model/churn:v1")
    found.aliases.append("staging")
    found.description = "Better."
    found.save()

    shown = trusting(listing.show, "secret/model/churn:staging")
    assert (shown.version, shown.notes.description) == ("v1", "Better.")
    assert "staging" not in trusting.aliases()


def test_a_run_that_uses_it_says_where_it_is(api, trusting):
    with gr.init(project="tumors") as run:
        used = run.use_artifact("secret/model/churn:production", use_as="teacher")
        assert used.version == "v0"

    (recorded,) = trusting(listing.show, f"projects/tumors/runs/{run.id}").document.inputs
    assert (recorded.repository, recorded.registry, recorded.used_as) == (
        "acme-secret",
        "model/churn",
        "teacher",
    )


def test_a_run_links_what_it_made_into_it(api, vault, trusting, tmp_path):
    organized(vault, references=(f"file://{tmp_path}/store",))
    published(vault)
    (tmp_path / "model.bin").write_text("made here")
    with gr.init(project="tumors") as run:
        made = run.log_artifact("model.bin", name="tumor-net", type="model")
        linked = run.link_artifact(made, "secret/model/tumors", aliases=["staging"])

    assert linked.qualified_name == "acme/secret/model/tumors:v0"
    assert trusting(listing.show, "secret/model/tumors:staging").version == "v0"


def test_a_run_that_may_not_write_there_goes_on_publishing_here(api, host, trusting, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", trusting.path, "upstream.git")
    git(trusting.path, "remote", "add", "origin", tmp_path / "upstream.git")
    git(trusting.path, "fetch", "-q", "origin")
    host.only_read()
    with gr.init(project="tumors") as run:
        used = run.use_artifact("secret/model/churn:v0")
        with pytest.raises(Refused, match="this key may only read"):
            run.link_artifact(used, "secret/model/tumors")

    assert "runs/" in git(tmp_path / "upstream.git", "ls-tree", "-r", "--name-only", "projects/tumors")


def test_what_was_fetched_is_kept_until_somebody_flushes(api, vault):
    assert api.artifact("secret/model/churn").version == "v1"
    vault.link("the best", "model/churn")
    published(vault)

    assert api.artifact("secret/model/churn").version == "v1"
    api.flush()
    assert api.artifact("secret/model/churn").version == "v2"


def test_a_transaction_is_one_commit_here(api, trusting):
    models = api.registry("model")

    for change in (
        lambda together: together.promote("secret/model/churn:v1", "production"),
        lambda together: together.unlink(api.artifact("secret/model/churn:v1")),
        lambda together: together.link("model/churn:v0", "secret/model/copy"),
    ):
        with (
            pytest.raises(UsageError, match="in the mounted repository secret"),
            models.transaction() as together,
        ):
            change(together)
    assert trusting(listing.show, "model/churn").versions == 1


def test_a_transaction_links_out_of_it(api, trusting, tmp_path):
    organized(trusting, references=(f"file://{tmp_path}/vault/store",))
    with api.registry("model").transaction() as together:
        together.link("secret/model/churn:v0", "approved", aliases=["staging"])

    linked = trusting(listing.show, "model/approved:staging")
    assert linked.manifest == trusting(listing.show, "secret/model/churn:v0").manifest


def test_it_is_linked_out_of_it_where_the_organization_may_read_it(api, trusting, tmp_path):
    found = api.artifact("secret/model/churn:v0")
    with pytest.raises(Refused, match="allows no reading"):
        found.link("model/approved")
    organized(trusting, references=(f"file://{tmp_path}/vault/store",))

    assert found.link("model/approved").qualified_name == "acme/model/approved:v0"
    trusting(linking.link_version, "model/approved:v0", "model/again", Request())
