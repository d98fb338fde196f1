"""Repositories that the organization mounts: trusted one by one, read and written as a part of it."""

from __future__ import annotations

import pytest

from git_registry.errors import Conflict, NetworkError, NotFound, Refused, UsageError
from git_registry.model.edits.version import Addition
from git_registry.model.layout import ORGANIZATION
from git_registry.sdk import (
    aliasing,
    asking,
    auditing,
    comparing,
    downloading,
    linking,
    listing,
    managing,
    mounting,
    mounts,
    noting,
    resolving,
    tracing,
)
from git_registry.sdk.asked import Question
from git_registry.sdk.downloading import Wish
from git_registry.sdk.linking import Request
from git_registry.sdk.looking_back import look_back
from git_registry.sdk.mounts import Trust, setting

from .mounted import ada, host, organized, published, trusting, vault

__all__ = ["ada", "host", "trusting", "vault"]


def names(desk):
    return [one.path for one in desk(listing.registries)]


def content(desk, selector):
    return desk(lambda catalog: [one.digest for one in resolving.resolve(catalog, selector).files])


# What is trusted


def test_nothing_is_fetched_before_it_is_trusted(ada, host):
    (view,) = ada(mounting.listed)

    assert (view.mount.name, view.mount.trust, view.readable) == ("secret", Trust.UNTRUSTED, None)
    assert names(ada) == ["dataset", "model"]
    with pytest.raises(Refused, match="not trusted yet") as refused:
        ada(resolving.resolve, "secret/model/churn:production")
    assert refused.value.hint == "`git registry mount trust secret`, if you know it"
    assert host.asked == []


def test_a_list_says_what_it_leaves_out(ada):
    names(ada)

    assert ada.said == [
        "secret is not shown: `git registry mount trust secret` reads git@git.acme.example:secret.git"
    ]


def test_what_is_trusted_is_read_as_a_part_of_the_organization(ada, host, git):
    trusted = ada(mounting.trust, "secret")
    assert (trusted.shown, host.asked) == ("git@git.acme.example:secret.git", [])
    view = ada(mounting.fetch, "secret")

    assert view.registries == ("secret/dataset", "secret/model")
    assert (view.readable, view.writable) == (True, True)
    assert git(ada.path, "config", "--local", setting("secret")) == "git@git.acme.example:secret.git"
    assert names(ada) == ["dataset", "model", "secret/dataset", "secret/model"]
    assert content(ada, "secret/model/churn:production") != content(ada, "model/churn:production")


def test_another_url_has_to_be_trusted_again(trusting, host, git):
    asked = len(host.asked)
    organized(trusting, repositories={"secret": host.url("elsewhere.git")})

    assert names(trusting) == ["dataset", "model"]
    assert [one.mount.trust for one in trusting(mounting.listed)] == [Trust.CHANGED]
    with pytest.raises(Refused, match=r"its URL is git@git.acme.example:elsewhere.git now"):
        trusting(listing.show, "secret/model")
    assert len(host.asked) == asked

    git(host.top, "clone", "-q", "--bare", "secret.git", "elsewhere.git")
    trusting(mounting.trust, "secret")
    trusting(mounting.fetch, "secret")
    assert "secret/model" in names(trusting)
    assert "elsewhere" in host.asked[-1]


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% {tmp}/ran",
        "--upload-pack=touch {tmp}/ran",
        "ssh://-oProxyCommand=touch%20{tmp}/ran/x",
        "git@git.acme.example:$(touch {tmp}/ran)",
        "file://{tmp}/host/secret.git",
        "{tmp}/host/secret.git",
        "http://git.acme.example/secret.git",
    ],
)
def test_a_hostile_url_is_never_given_to_git(ada, host, tmp_path, url):
    organized(ada, repositories={"secret": url.format(tmp=tmp_path)})

    with pytest.raises(Refused):
        ada(mounting.trust, "secret")
    with pytest.raises(Refused):
        ada(listing.show, "secret/model")
    (view,) = ada(mounting.listed)

    assert view.mount.trust is Trust.REFUSED
    assert view.problem
    assert names(ada) == ["dataset", "model"]
    assert not (tmp_path / "ran").exists()
    assert host.asked == []


def test_trust_that_was_written_by_hand_makes_no_hostile_url_good(ada, git, tmp_path):
    url = f"ext::sh -c touch% {tmp_path}/ran"
    organized(ada, repositories={"secret": url})
    git(ada.path, "config", setting("secret"), url)
    git(ada.path, "config", "protocol.ext.allow", "always")

    with pytest.raises(Refused, match="no https or ssh URL"):
        ada(listing.show, "secret/model")
    assert not (tmp_path / "ran").exists()


def test_files_of_this_machine_are_mounted_where_git_config_allows_it(ada, host, git):
    organized(ada, repositories={"secret": f"file://{host.top}/secret.git"})
    with pytest.raises(Refused, match="on this machine") as refused:
        ada(mounting.trust, "secret")
    assert "git config registry.mount.allow file" in refused.value.hint

    git(ada.path, "config", "registry.mount.allow", "file")
    ada(mounting.trust, "secret")
    ada(mounting.fetch, "secret")

    assert "secret/model" in names(ada)


def test_what_is_forgotten_is_fetched_no_more_and_gone_from_here(trusting, host, tmp_path):
    trusting(mounting.forget, "secret")

    assert [path for path in (tmp_path / "clones").iterdir() if path.is_dir()] == []
    asked = len(host.asked)
    assert names(trusting) == ["dataset", "model"]
    with pytest.raises(Refused):
        trusting(listing.show, "secret/model")
    assert len(host.asked) == asked
    with pytest.raises(NotFound, match="nothing is trusted"):
        trusting(mounting.forget, "secret")


def test_what_the_users_own_configuration_trusts_is_told(trusting, git):
    git(trusting.path, "config", "--global", setting("secret"), "git@git.acme.example:secret.git")
    try:
        with pytest.raises(Conflict, match="your own git config") as told:
            trusting(mounting.forget, "secret")
        assert "--global" in told.value.hint
    finally:
        git(trusting.path, "config", "--global", "--unset-all", setting("secret"))


def test_a_mount_that_is_none(ada):
    with pytest.raises(NotFound, match="'secert'") as unknown:
        ada(mounting.trust, "secert")
    assert unknown.value.hint == "it mounts secret"
    with pytest.raises(NotFound) as mistyped:
        ada(listing.collections, "secert")
    assert mistyped.value.hint == "did you mean secret?"


def test_a_url_that_changes_while_a_catalog_is_open_is_not_taken_for_the_old_one(trusting, host, git, vault):
    git(host.top, "clone", "-q", "--bare", "secret.git", "elsewhere.git")
    vault.link("later", "model/churn")
    published(vault)
    with trusting.open() as catalog:
        assert listing.show(catalog, "secret/model/churn").versions == 3
        organized(trusting, repositories={"secret": host.url("elsewhere.git")})
        with pytest.raises(Refused, match="not the one that was trusted"):
            listing.show(catalog, "secret/model/churn")
        mounting.trust(catalog, "secret")
        assert listing.show(catalog, "secret/model/churn").versions == 2


# Who may not read it


def test_who_may_not_read_it_sees_nothing_of_it(ada, host):
    host.deny()

    ada(mounting.trust, "secret")
    with pytest.raises(NetworkError, match="Permission denied") as denied:
        ada(mounting.fetch, "secret")
    assert "once it lets you read it" in denied.value.hint

    assert names(ada) == ["dataset", "model"]
    assert ada.said == []
    (view,) = ada(mounting.listed)
    assert (view.mount.trust, view.readable, view.writable) == (Trust.TRUSTED, False, False)
    assert "Permission denied" in view.problem


def test_who_is_let_in_later_finds_it_there(ada, host):
    host.deny()
    ada(mounting.trust, "secret")
    with pytest.raises(NetworkError):
        ada(mounting.fetch, "secret")
    host.grant()

    assert ada(listing.show, "secret/model/churn").versions == 2


def test_who_is_let_in_no_more_is_told_that_it_is_old(trusting, host):
    host.deny()

    assert trusting(listing.show, "secret/model/churn").versions == 2
    assert "reading what was fetched" in trusting.said[-1]
    assert "Permission denied" in trusting.said[-1]
    (view,) = trusting(mounting.listed)
    assert view.readable is False


def test_who_may_only_read_is_refused_in_the_hosts_words(trusting, host, git):
    host.only_read()
    (view,) = trusting(mounting.listed)
    assert (view.readable, view.writable) == (True, False)
    before = git(host.top / "secret.git", "rev-parse", "main")

    with pytest.raises(Refused, match="secret: ERROR: this key may only read"):
        trusting.promote("secret/model/churn:v1", "production")

    assert git(host.top / "secret.git", "rev-parse", "main") == before


# Reading


def test_a_list_asks_nobody_and_a_name_asks_the_remote(trusting, host, vault):
    vault(managing.create_registry, "evaluation", managing.Description())
    published(vault)
    asked = len(host.asked)

    assert "secret/evaluation" not in names(trusting)
    assert len(host.asked) == asked
    assert trusting(listing.show, "secret/evaluation").path == "secret/evaluation"
    assert "secret/evaluation" in names(trusting)


def test_everything_in_it_is_named_by_its_path_here(trusting):
    collections = trusting(listing.collections, "secret/model")
    version = trusting(listing.show, "secret/model/churn:v0")

    assert [one.path for one in collections] == ["secret/model/churn"]
    assert version.path == "secret/model/churn:v0"
    assert version.aliases == ("production",)
    assert not version.provisional
    assert trusting(listing.show, "acme/secret/model/churn:v0") == version


def test_a_title_and_wandbs_spelling_work_there_too(trusting, vault):
    vault(managing.edit, "model", managing.Description(title="Hidden models"))
    published(vault)

    for name in ("secret/Hidden models/churn", "secret/wandb-registry-model/churn"):
        assert trusting(listing.show, name).path == "secret/model/churn"


def test_what_is_not_there_is_told_with_its_whole_name(trusting):
    with pytest.raises(NotFound, match=r"there is no collection secret/model/chrun") as absent:
        trusting(listing.show, "secret/model/chrun")
    assert absent.value.hint == "did you mean secret/model/churn?"
    with pytest.raises(NotFound, match=r"secret/model/churn: there is no alias 'prod'"):
        trusting(resolving.resolve, "secret/model/churn:prod")
    with pytest.raises(NotFound, match=r"secret: there is no registry 'modle'"):
        trusting(listing.show, "secret/modle/churn")
    with pytest.raises(UsageError, match=r"mounted repository; name a registry in it, such as secret/model"):
        trusting(listing.show, "secret")


def test_its_own_rules_say_where_its_bytes_are_read(trusting, vault, tmp_path):
    done = trusting(downloading.download, "secret/model/churn:v0", Wish(target=tmp_path / "there"))
    assert (tmp_path / "there/model.bin").read_text() == "classified"
    assert done.resolved.seen.mount == "secret"

    organized(vault, store=f"file://{tmp_path}/nowhere")
    published(vault)
    with pytest.raises(Refused, match="allows no reading"):
        trusting(downloading.download, "secret/model/churn:v0", Wish(target=tmp_path / "again"))


def test_versions_of_two_repositories_are_compared(trusting):
    found = trusting(comparing.compare, ["model/churn:v0", "secret/model/churn:v0"])

    assert [one.path for one in found.versions] == ["model/churn:v0", "secret/model/churn:v0"]
    assert found.metrics[0].values == (None, 0.9)
    assert found.files.counts(1)["changed"] == 1


def test_its_history_is_told(trusting, vault):
    auditing_all = auditing.Wanted()
    found = trusting(auditing.history, "secret/model/churn", auditing_all)
    theirs = vault(auditing.history, "model/churn", auditing_all)

    assert [one.event for one in found.events] == [one.event for one in theirs.events]
    terms = trusting(auditing.held, "secret/model/churn", "production", auditing_all)
    assert [one.until for one in terms.terms] == [None]


def test_its_lineage_is_what_is_said_there(trusting, vault):
    vault(linking.link_files, vault.source("scores"), "dataset/scores", Request(inputs=["model/churn:v0"]))
    published(vault)

    graph = trusting(tracing.lineage, "secret/model/churn:v0")
    there = vault(tracing.lineage, "model/churn:v0")

    assert (graph.start, graph.reaches) == (there.start, there.reaches)
    assert [one.label for one in graph.nodes.values()] == [
        "secret/model/churn:v0",
        "secret/dataset/scores:v0",
    ]
    assert [one.label for one in there.nodes.values()] == ["model/churn:v0", "dataset/scores:v0"]


def test_it_is_read_as_of_the_date_that_is_looked_back_to(trusting, vault):
    *_, linked, began = vault(lambda catalog: catalog.repository.git("log", "--format=%cI").text.split())

    def at(date):
        def then(catalog):
            look_back(catalog, date)
            return [one.versions for one in listing.collections(catalog, "secret/model")]

        return trusting(then)

    assert at(linked) == [1]
    assert at(began) == []
    with pytest.raises(NotFound, match="there was nothing in secret yet"):
        at("2026-01-01 12:00:00")


def test_what_it_mounts_itself_is_not_followed(trusting, vault, host):
    organized(vault, repositories={"deeper": host.url("deeper.git")})
    published(vault)
    asked = len(host.asked)

    with pytest.raises((UsageError, NotFound)):
        trusting(listing.show, "secret/deeper/model")
    assert [one.mount.name for one in trusting(mounting.listed)] == ["secret"]
    assert not [line for line in host.asked[asked:] if "deeper" in line]


def test_a_registry_goes_before_a_mount_of_its_name(trusting, git, host):
    """Nothing of ours writes such an organization, but somebody may have pushed it."""
    text = git(trusting.path, "show", "HEAD:organization.yaml")
    (trusting.path / ORGANIZATION).write_text(text.replace("secret:", "model:") + "\n")
    git(trusting.path, "commit", "-q", "-a", "-m", "Mount over the models")
    git(trusting.path, "config", setting("model"), host.url("secret.git"))
    asked = len(host.asked)

    assert trusting(listing.show, "model/churn").versions == 1
    assert len(host.asked) == asked


def test_what_is_not_mounted_costs_nothing(desk, host):
    desk.link("public", "model/churn")

    desk(listing.show, "model/churn:v0")

    assert host.asked == []


# Writing


def test_what_is_written_to_it_is_published_there_at_once(trusting, host, git):
    before = trusting.log()

    outcome = trusting.promote("secret/model/churn:v1", "production", expect="v0")

    assert (outcome.mount, outcome.branch, outcome.attempts) == ("secret", "main", 1)
    shown = git(host.top / "secret.git", "show", "main:model/churn/aliases/production.yaml")
    assert trusting(listing.show, "secret/model/churn:production").version == "v1"
    assert trusting(listing.show, "secret/model/churn:v1").id in shown
    assert trusting.log() == before
    assert trusting.aliases() == {"production": trusting(listing.show, "model/churn:v0").id}


def test_every_verb_that_writes_takes_it(trusting):
    trusting(aliasing.add, "secret/model/churn:v1", ["staging", "eu"])
    trusting(aliasing.remove, "secret/model/churn", ["eu"])
    trusting(noting.tag, "secret/model/churn:v1", add=["checked"])
    trusting(noting.annotate, ["secret/model/churn:v1"], Addition(metrics={"f1": 0.5}))
    trusting(linking.unlink, ["secret/model/churn:v0"])

    shown = trusting(listing.show, "secret/model/churn:v1")
    assert (shown.aliases, shown.notes.tags) == (("staging",), ("checked",))
    assert shown.notes.metrics == {"f1": 0.5}
    assert trusting(listing.show, "secret/model/churn").versions == 1


def test_one_commit_is_in_one_repository(trusting, host, git):
    before = git(host.top / "secret.git", "rev-parse", "main")

    with pytest.raises(UsageError, match="in different repositories") as apart:
        trusting(aliasing.promote, ["model/churn:v0", "secret/model/churn:v1"], "staging")

    assert "secret/model/churn:v1" in apart.value.message
    assert apart.value.hint == "one commit is in one repository: run it once for each"
    assert "staging" not in trusting.aliases()
    assert git(host.top / "secret.git", "rev-parse", "main") == before


def test_files_are_linked_there_into_its_own_store(trusting, tmp_path):
    source = trusting.source("new weights")
    request = Request(inputs=["model/churn:v0", "secret/model/churn:v0"], type="model")

    linked = trusting(linking.link_files, source, "secret/model/risk", request)

    ours, theirs = linked.manifest.inputs
    assert (ours.repository, ours.registry) == ("acme", "model/churn")
    assert (theirs.repository, theirs.registry) == (None, "model/churn")
    assert linked.manifest.files[0].uri.startswith(f"file://{tmp_path}/vault/store/")
    assert trusting(listing.show, "secret/model/risk:v0").id == linked.id


def test_an_input_from_there_says_where_it_is(trusting):
    linked = trusting.link("better", inputs=["secret/model/churn:production"])

    (used,) = linked.manifest.inputs
    assert (used.repository, used.registry) == ("acme-secret", "model/churn")
    (node,) = [one for one in trusting(tracing.lineage, "model/churn:v1").nodes if "secret" in one.key]
    assert node.repository == "acme-secret"


def test_linking_out_of_it_copies_the_manifest_byte_for_byte(trusting, git, host, tmp_path):
    organized(trusting, references=(f"file://{tmp_path}/vault/store",))

    linked = trusting(linking.link_version, "secret/model/churn:v0", "model/approved", Request())

    path = f"versions/{linked.id}.yaml"
    there = git(host.top / "secret.git", "rev-parse", f"main:model/churn/{path}")
    assert git(trusting.path, "rev-parse", f"HEAD:model/approved/{path}") == there
    trusting(downloading.download, "model/approved:v0", Wish(target=tmp_path / "there"))
    assert (tmp_path / "there/model.bin").read_text() == "classified"


def test_linking_what_nobody_could_read_there_is_refused(trusting, vault, git, tmp_path):
    with pytest.raises(Refused, match="allows no reading") as refused:
        trusting(linking.link_version, "secret/model/churn:v0", "model/approved", Request())
    assert "`references:`" in refused.value.hint
    assert "model/approved" not in [one.path for one in trusting(listing.collections, "model")]

    with pytest.raises(Refused, match="allows no reading"):
        trusting(linking.link_version, "model/churn:v0", "secret/model/approved", Request())
    organized(vault, references=(f"file://{tmp_path}/store",))
    published(vault)
    trusting(linking.link_version, "model/churn:v0", "secret/model/approved", Request())
    assert trusting(listing.show, "secret/model/approved:v0").path == "secret/model/approved:v0"


def test_the_past_is_not_written_to(trusting):
    def then(catalog):
        look_back(catalog, "2026-01-02")
        return aliasing.promote(catalog, ["secret/model/churn:v1"], "production")

    with pytest.raises(UsageError, match="the past can't be written to"):
        trusting(then)


def test_a_catalog_closes_what_it_opened(trusting):
    with trusting.open() as catalog:
        there = mounts.opened(catalog, "secret")
        there.now().organization()
        assert "reader" in vars(there)
    assert "reader" not in vars(there)


def test_who_may_do_what_there_is_said_of_it_as_a_person_names_it(trusting):
    may = trusting(asking.can, "ada", Question("promote", "secret/model/churn", "production"))
    able = trusting(asking.who_can, Question("link", "secret/model/churn"))

    assert (may.word, may.path) == ("allowed", "secret/model/churn")
    assert (able.path, able.need.registries, able.who) == (
        "secret/model/churn",
        ("secret/model",),
        ("user:ada",),
    )
