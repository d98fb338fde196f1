"""Every mistake of a hand-edited tree, with its file, line and field, and every mistake of a step."""

import os

import pytest
from tests.model.memory import MemoryTree
from tests.sdk.once import once

from git_registry.catalog.names import Names
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import InvalidDocument
from git_registry.model.documents.registry import Registry
from git_registry.model.edits.version import Addition
from git_registry.model.snapshot import REGULAR, Entry
from git_registry.sdk import linking, managing, noting
from git_registry.sdk.checking import check

MISSING = "0" * 32
FILE = Entry(REGULAR, "1" * 40)


@once
def linked(desk):
    """A version with notes and an alias; its id."""
    return desk.link("one", aliases=["production"], tags=["eu"]).id


@pytest.fixture
def mistakes(desk):
    """Return what `check` says of the work tree, once the given files are written (None: removed)."""

    def run(files=None):
        for path, content in (files or {}).items():
            place = desk.path / path
            if content is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [str(problem) for problem in desk(check)]

    return run


def test_what_the_verbs_make_is_well_formed(desk, linked, mistakes):
    desk.link({str(n): str(n) for n in range(101)}, "dataset/many")
    desk(noting.tag, "model/churn", add=["tabular"])
    desk(linking.unlink, ["model/churn:v0"])
    desk(managing.delete, "dataset/many")

    assert mistakes() == []
    assert desk(check, "HEAD") == []
    assert desk(check, "..HEAD") == []


ALIAS = "model/churn/aliases/production.yaml"
COLLECTION = "model/churn/collection.yaml"


MISTAKES = [
    (COLLECTION, "format: 1\n", ":1: type: the field is missing: an artifact type such as model"),
    (COLLECTION, "format: 1\ntype: model\ntitel: Churn\n", ":3: titel: unknown field 'titel'"),
    (COLLECTION, "format: 1\ntype: model\ntags: [eu, a/b]\n", ":3: tags[1]: expected a tag"),
    (COLLECTION, "format: 2\ntype: model\n", ":1: format: "),
    (COLLECTION, "type: model\n", ":1: format: the field is missing"),
    (COLLECTION, "format: 1\ntype: model\ntype: model\n", ":3: "),
    (COLLECTION, "format: 1\ntype: dataset\n", ": type: the registry accepts model, not 'dataset'"),
    (COLLECTION, "[" * 100_000, ":1: "),
    (COLLECTION, b"format: 1\ntype: \xff\n", ":2: "),
    (ALIAS, "format: 1\nversion: v3\n", ":2: version: expected a version's id (32 hex digits), found 'v3'"),
    (ALIAS, f"format: 1\nversion: {MISSING}\n", f": version: {MISSING} is not linked in model/churn"),
    ("model/churn/aliases/latest.yaml", "x", ": a file of that name has no place in model/churn/aliases/"),
    ("model/churn/aliases/v3.yaml", "x", ": a file of that name has no place in model/churn/aliases/"),
    ("model/churn/versions/v3.yaml", "x", ": a file of that name has no place in model/churn/versions/"),
    (f"model/churn/versions/11/{MISSING}.yaml", "x", ": a file of that name has no place in"),
    ("model/automations/a b.yaml", "x", ": a file of that name has no place in model/automations/"),
    (f"model/churn/versions/{MISSING}.notes.yaml", "format: 1\n", ": these are notes on 00000000, which"),
    (f"model/churn/unlinked/{MISSING}.notes.yaml", "format: 1\n", ": these are notes on 00000000, which"),
    ("model/versions/collection.yaml", "x", ": a registry or collection may not be called that or lie there"),
    ("model/registry.yaml", "format: 1\ntypes: model\n", ":2: types: "),
    (
        "model/access.yaml",
        "format: 1\nvisibility: secret\n",
        ":2: visibility: expected organization or",
    ),
    ("model/access.yaml", "format: 1\nmembers: {ana: admin}\n", ":2: members"),
    ("organization.yaml", "format: 1\nname: acme\n", ":1: store: the field is missing"),
    ("organization.yaml", "format: 1\nname: model\nstore: file:///x\n", ": name: 'model' is a registry too"),
    ("organization.yaml", "format: 1\nname: MODEL\nstore: file:///x\n", ": name: 'model' is a registry too"),
    (
        "organization.yaml",
        "format: 1\nname: acme\nstore: file:///x\nrepositories: {Model: git@host:x}\n",
        ": repositories: 'model' is a registry too",
    ),
    (
        "model/churn/automations/deploy.yaml",
        "format: 1\nevents: [alias-moved]\nmatch: {alais: x}\naction: {command: {name: deploy}}\n",
        ": match: ",
    ),
    (
        "model/automations/tell.yaml",
        "format: 1\nevents: [alias-moved]\naction: {slack: {url_secret: REG_WH_X, text: '${REG_WH_X}'}}\n",
        ": action.slack.text: REG_WH_X is no field of an event, and a secret never goes into a body",
    ),
    (
        "model/automations/build.yaml",
        "format: 1\nevents: [alias-moved]\naction: {github_dispatch: {repository: ../.., token: REG_WH_X}}\n",
        ":3: action.github_dispatch.repository: a part of it is '.' or '..'",
    ),
    ("model/automations/deploy.yaml", "format: 1\nevents: [moved]\naction: {}\n", ":2: events[0]: "),
    ("Acme/registry.yaml", "format: 1\n", ": 'Acme' is the name of the organization"),
    ("organization.yaml", "format: 1\nname: acme\nstore: here\n", ":3: store: "),
]


@pytest.mark.parametrize(("path", "content", "said"), MISTAKES)
@pytest.mark.usefixtures("linked")
def test_a_mistake_is_named_with_its_file_line_and_field(mistakes, path, content, said):
    found = mistakes({path: content})

    assert any(one.startswith(path + said) for one in found), found


@pytest.mark.usefixtures("linked")
def test_a_type_the_registry_no_longer_accepts(mistakes):
    found = mistakes({"model/registry.yaml": "format: 1\ntypes: [dataset]\n"})

    assert f"{COLLECTION}: type: the registry accepts dataset, not 'model'" in found


@pytest.mark.parametrize(
    ("before", "after", "removed"),
    [
        ("[model]", "[dataset]", "model"),
        ("[model, dataset, run]", "[dataset]", "model, run"),
        ("[]", "[model]", "any"),
        ("[model]", "[model, dataset]", None),
        ("[model]", "[]", None),
        ("model", "[model]", None),
    ],
)
def test_types_are_added_never_removed(desk, git, before, after, removed):
    for types in (before, after):
        (desk.path / "model/registry.yaml").write_text(f"format: 1\ntypes: {types}\n")
        git(desk.path, "commit", "-q", "--allow-empty", "-a", "-m", "By hand")

    found = [problem.message for problem in desk(check, "HEAD~..HEAD")]

    assert found == ([f"types: it accepted {removed}; types may be added, never removed"] if removed else [])


DEPLOY = "format: 1\nevents: [alias-moved]\naction: {command: {name: deploy}}\n"


@pytest.mark.parametrize("place", ["model", "model/churn"])
@pytest.mark.usefixtures("linked")
def test_a_directory_of_automations_has_an_end(mistakes, place):
    many = {f"{place}/automations/a{n}.yaml": DEPLOY for n in range(200)}

    assert mistakes(many) == []
    assert mistakes({f"{place}/automations/more.yaml": DEPLOY}) == [
        f"{place}/automations/: there are 201 automations, and a registry or a collection has at most 200"
    ]


@pytest.mark.usefixtures("linked")
def test_what_one_automation_asks_has_an_end(mistakes):
    def asks(count):
        return f"{DEPLOY}match: {{$or: [{', '.join(f'{{alias: a{n}}}' for n in range(count))}]}}\n"

    assert mistakes({"model/automations/deploy.yaml": asks(50)}) == []
    assert mistakes({"model/automations/deploy.yaml": asks(51)}) == [
        "model/automations/deploy.yaml: match: it asks for 51 things, and asks for at most 50"
    ]


def test_a_new_registry_begins_with_any_types(mistakes):
    assert mistakes({"run/registry.yaml": "format: 1\ntypes: [run]\n"}) == []


def test_a_registry_may_not_be_created_under_the_organizations_name(desk):
    desk.link("one")
    with pytest.raises(InvalidDocument, match="'ACME' is the name of the organization"):
        desk(
            commit,
            Transaction(
                edits=[lambda _: {"ACME/registry.yaml": Registry(types=("model",))}], message="Create"
            ),
        )


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/ran",
        "--upload-pack=touch /tmp/ran",
        "ssh://-oProxyCommand=touch%20ran/x",
        "http://git.acme.example/x",
        "../secret",
        "C:/secret",
        "file://host/x",
        "",
    ],
)
def test_a_mount_that_git_may_not_be_given_is_refused_where_it_is_written(desk, mistakes, url):
    text = (desk.path / "organization.yaml").read_text()

    found = mistakes({"organization.yaml": f'{text}repositories: {{secret: "{url}"}}\n'})

    (problem,) = found
    assert problem.startswith("organization.yaml: repositories.secret: expected an https or ssh URL")


@pytest.mark.parametrize(
    "url", ["git@git.acme.example:secret.git", "https://git.acme.example/s", "file:///srv/s.git"]
)
def test_a_mount_elsewhere_or_in_a_file_is_well_formed(desk, mistakes, url):
    text = (desk.path / "organization.yaml").read_text()

    assert mistakes({"organization.yaml": f'{text}repositories: {{secret: "{url}"}}\n'}) == []


def test_a_mount_may_not_be_named_as_a_registry_is_created(desk, mistakes):
    text = (desk.path / "organization.yaml").read_text()

    found = mistakes(
        {
            "organization.yaml": f"{text}repositories: {{secret: git@host:x}}\n",
            "secret/registry.yaml": "format: 1\n",
        }
    )

    assert found == [
        "organization.yaml: repositories: 'secret' is a registry too",
        "secret/registry.yaml: 'secret' is the name of the mount",
    ]


@pytest.mark.usefixtures("linked")
def test_names_that_differ_in_case_alone(mistakes):
    found = mistakes({"model/Churn/collection.yaml": "format: 1\ntype: model\n"})

    assert "model/churn: some file systems take 'churn' and 'Churn' for the same name" in found


def test_names_are_looked_at_as_a_server_looks_at_them(desk, git, linked, mistakes):
    odd = {
        "docs/aux.md": "is a device name on Windows",
        "docs/cafe\u0301": "is not in the usual Unicode form",
    }
    for path in (*odd, "docs/a\tb", "docs/Read", "docs/READ"):
        (desk.path / path).parent.mkdir(exist_ok=True)
        (desk.path / path).write_text("x")
    git(desk.path, "add", "docs")
    staged = mistakes()
    git(desk.path, "commit", "-q", "-m", "By hand")

    for found in (
        staged,
        mistakes(),
        [*map(str, desk(check, "HEAD"))],
        [*map(str, desk(check, "HEAD~..HEAD"))],
    ):
        assert len(found) == 4
        assert [word for word in odd.values() if any(word in one for one in found)] == [*odd.values()]
        assert any("has a control or invisible character" in one for one in found)
        assert any("for the same name" in one for one in found)


RULES = [
    ("admins: []", "no person would be an organization admin any more"),
    ("admins: [team:gone]", "admins: there is no team:gone, so nobody gets what it is given"),
    (
        "admins: [user:ana]\nprojects:\n  churn: {team:gone: member}",
        "projects.churn: there is no team:gone, so nobody gets what it is given",
    ),
    (
        "admins: [user:ana]\nidentities:\n  user:a: {github: x}\n  user:b: {github: X}",
        "github X is claimed by user:a and user:b",
    ),
]


@pytest.mark.parametrize(("rules", "said"), RULES)
def test_what_a_server_refuses_of_an_organization_is_a_mistake(desk, git, mistakes, rules, said):
    text = (desk.path / "organization.yaml").read_text()
    assert mistakes() == []
    kept = "".join(f"{line}\n" for line in text.splitlines() if line.startswith(("format", "name", "store")))
    found = mistakes({"organization.yaml": f"{kept}{rules}\n"})
    git(desk.path, "commit", "-qam", "By hand")

    assert f"organization.yaml: {said}" in found
    assert any(str(one).endswith(f"organization.yaml: {said}") for one in desk(check, "HEAD~..HEAD"))


def test_every_mistake_is_named_not_just_the_first(linked, mistakes):
    found = mistakes(
        {
            COLLECTION: "format: 1\ntype: model\ntitel: Churn\ntags: [a/b]\n",
            ALIAS: "format: 1\nversion: 3\n",
            "model/registry.yaml": "format: 1\nfoo: 1\n",
        }
    )

    fields = [one.split(": ")[:2] for one in found]
    for expected in (
        ["model/churn/collection.yaml:3", "titel"],
        ["model/churn/collection.yaml:4", "tags[0]"],
        ["model/churn/aliases/production.yaml:2", "version"],
        ["model/registry.yaml:2", "foo"],
    ):
        assert fields.count(expected) == 1, found


@pytest.fixture
def manifest(desk, linked):
    return f"model/churn/versions/{linked}.yaml"


def edited(desk, path, old, new):
    text = (desk.path / path).read_text()
    assert old in text
    return {path: text.replace(old, new)}


def test_a_manifest_that_is_no_longer_its_digests(desk, linked, manifest, mistakes):
    digest = desk.document(manifest, linking.Manifest).files[0].digest.value
    found = mistakes(edited(desk, manifest, digest, "0" * 64))

    assert f"{manifest}:4: digest: the files listed have the digest sha256:" in "\n".join(found)
    assert f"{manifest}: the manifest of {linked[:8]} was rewritten; it never changes" in "\n".join(found)


def test_a_manifest_changed_anywhere_is_rewritten(desk, linked, manifest, mistakes):
    found = mistakes(edited(desk, manifest, "artifact: churn", "artifact: better"))

    assert [one for one in found if "rewritten" in one] == found
    assert len(found) == 1


def test_a_manifest_under_another_name(desk, linked, manifest, mistakes):
    found = mistakes({f"model/churn/versions/{MISSING}.yaml": (desk.path / manifest).read_text()})

    assert found == [
        f"model/churn/versions/{MISSING}.yaml: the file is not named by its digest, which begins {linked}"
    ]


@pytest.mark.parametrize("directory", ["unlinked", "versions/{0}", "unlinked/{0}"])
def test_a_version_in_two_places(desk, linked, manifest, mistakes, directory):
    other = f"model/churn/{directory.format(linked[:2])}/{linked}.yaml"

    found = mistakes({other: (desk.path / manifest).read_text()})

    assert f"{other}: the same version is at {manifest} too" in found


def test_a_manifest_of_another_type(desk, linked, manifest, mistakes):
    text = (desk.path / manifest).read_text().replace("type: model", "type: dataset")

    found = mistakes({manifest: None, f"model/churn/versions/{linked[:2]}/{linked}.yaml": text})

    assert any(one.endswith("type: the collection holds 'model', not 'dataset'") for one in found), found


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/etc/passwd", "is absolute"),
        ("../x", "has an empty, '.' or '..' part"),
        ("a//b", "has an empty, '.' or '..' part"),
    ],
)
def test_a_path_that_climbs_out_of_a_manifest(desk, linked, manifest, mistakes, path, problem):
    found = mistakes(edited(desk, manifest, "path: model.bin", f"path: {path}"))

    assert any(one.startswith(f"{manifest}:8: files[0].path: ") and problem in one for one in found), found


def test_versions_without_their_collection(desk, linked, manifest, mistakes):
    found = mistakes({COLLECTION: None})

    assert f"{manifest}: there is no collection.yaml for it" in found
    assert f"{COLLECTION}: there is something below it: model/churn/versions" in found


def test_collections_without_their_registry(linked, mistakes):
    found = mistakes({"model/registry.yaml": None})

    assert "model/registry.yaml: there is something below it: model/churn" in found


def test_notes_whose_version_went(desk, linked, manifest, mistakes):
    found = mistakes({manifest: None, ALIAS: None})

    notes = manifest.replace(".yaml", ".notes.yaml")
    assert f"{notes}: these are notes on {linked[:8]}, which is not beside them" in found


@pytest.mark.parametrize("kind", ["symlink", "executable"])
def test_only_plain_files_have_a_place(desk, linked, mistakes, kind):
    place = desk.path / COLLECTION
    if kind == "symlink":
        place.rename(desk.path / "elsewhere.yaml")
        place.symlink_to(desk.path / "elsewhere.yaml")
    else:
        place.chmod(0o755)

    mode = "120000" if kind == "symlink" else "100755"
    assert f"{COLLECTION}: expected a plain file (mode 100644), found mode {mode}" in mistakes()


def test_a_submodule_has_no_place(desk, linked, git):
    git(desk.path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{ALIAS}")
    git(desk.path, "commit", "-q", "-m", "A submodule")

    found = [str(problem) for problem in desk(check, "HEAD")]

    assert f"{ALIAS}: expected a plain file (mode 100644), found mode 160000" in found


def test_files_outside_the_format_are_nobodys_business(desk, mistakes):
    assert (
        mistakes({"README.md": "# Acme", ".github/workflows/x.yaml": "on: push", "model/logo.png": "x"}) == []
    )


OURS_IN_NO_WAY = [
    "deploy/base/collection.yaml",
    "deploy/base/versions/latest.yaml",
    "deploy/automations/on push.yaml",
    "deploy/access.yaml",
    "deploy/a/b/registry.yaml",
    "docs/guide/README.md",
    ".config/registry.yaml",
    "model/data/README.md",
]


@pytest.mark.usefixtures("linked")
def test_what_others_keep_in_the_repository_is_theirs(desk, git, mistakes):
    assert mistakes(dict.fromkeys(OURS_IN_NO_WAY, "kind: Kustomization\n")) == []

    (desk.path / "docs/guide/README.md").chmod(0o755)
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "By hand")

    assert mistakes() == desk(check, "HEAD") == desk(check, "HEAD~..HEAD") == []


@pytest.mark.usefixtures("linked")
def test_a_registry_may_not_be_called_as_the_format_calls_a_directory(mistakes):
    (found,) = mistakes({"versions/registry.yaml": "format: 1\n"})

    assert found == "versions/registry.yaml: a registry or collection may not be called that or lie there"


def test_a_rename_that_changes_case_alone_leaves_nothing_behind(desk, linked, git):
    (desk.path / "model/churn/Data.txt").write_text("x")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "By hand")
    git(desk.path, "mv", "model/churn/aliases/production.yaml", "model/churn/aliases/Production.yaml")
    git(desk.path, "commit", "-q", "-m", "By hand")

    assert desk(check, "HEAD~..HEAD") == []


def test_a_directory_is_looked_through_once_for_names_that_differ_in_case():
    names = [f"model/churn/aliases/a{number}.yaml" for number in range(200)]
    tree = MemoryTree(dict.fromkeys(names, "x"))

    assert list(Names().problems(tree.entries, tree.entries, [(name, None, FILE) for name in names])) == []
    assert set(tree.listed.values()) == {1}


def test_a_file_that_cannot_be_read_is_a_mistake_not_a_crash(desk, linked, mistakes):
    os.truncate(desk.path / COLLECTION, 300_000)

    assert any(one.startswith(COLLECTION) for one in mistakes())


def test_no_organization(desk, mistakes):
    assert "organization.yaml: there is no organization here" in mistakes({"organization.yaml": None})


RUN = 'format: 1\nstate: running\nstarted: "2026-11-22T19:02:11.000Z"\n'
PROJECT = {
    "fish/project.yaml": "format: 1\n",
    "fish/xgb/collection.yaml": "format: 1\ntype: anything\n",
    "fish/runs/k3j2h1.yaml": RUN,
    "fish/runs/k4/k4aaaa.yaml": RUN,
}


def test_a_project_with_artifacts_and_runs_is_well_formed(mistakes):
    assert mistakes(PROJECT) == []


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("fish/project.yaml", "format: 1\ndescripton: x\n", ":2: descripton: unknown field"),
        ("fish/runs/k3j2h1.yaml", RUN.replace("running", "done"), ":2: state: expected running, finished"),
        ("fish/runs/k3j2h1.yaml", RUN + "ended: 2026\n", ":4: ended: expected a UTC time"),
        ("fish/runs/k3/k3j2h1.yaml", RUN, ": the same run is at fish/runs/k3j2h1.yaml too"),
        ("fish/runs/zz/k5.yaml", RUN, ": a file of that name has no place in fish/runs/zz/"),
        ("model/runs/k3j2h1.yaml", RUN, ": there is no project.yaml above it"),
    ],
)
def test_a_mistake_in_a_project(mistakes, path, content, said):
    (mistake,) = mistakes(PROJECT | {path: content})

    assert mistake.startswith(path + said)


def test_notes_left_behind_by_a_step_are_refused(desk, linked):
    def leave(now):
        path = now.find("model/churn", linked)
        return {path: None, ALIAS: None}

    with pytest.raises(InvalidDocument, match="these are notes on"):
        desk(commit, Transaction(edits=[leave], message="Purge"))


def test_annotations_are_checked_like_the_rest(desk, linked, mistakes):
    desk(
        noting.annotate,
        ["model/churn:production"],
        Addition(metrics={"auc": float("nan")}, metadata={"a": {"b": [1]}}),
    )

    assert mistakes() == []


def test_nothing_in_a_registry_leads_elsewhere(desk, linked, mistakes):
    (desk.path / "model/other").symlink_to("/tmp")

    assert "model/other: a symlink or submodule in a registry (mode 120000)" in mistakes()


def test_a_file_where_a_directory_belongs(desk, linked, mistakes):
    found = mistakes({"model/fresh/collection.yaml": "format: 1\ntype: model\n", "model/fresh/aliases": "x"})

    assert "model/fresh/aliases: a file is where a directory belongs" in found
