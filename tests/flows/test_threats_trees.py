"""Trees that no honest client makes, pushed to a server that does not check objects by itself."""

import pytest
from tests.flows.forging import DIRECTORY, FILE, LINK, MAIN, PROGRAM, PROJECT_BRANCH, SUBMODULE, Entry, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias

ALIASES = f"{CHURN}/aliases"
EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("trees")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        server.configure(receive_fsckObjects="false")
        yield made
        assert made.is_sound()


class TestWhatGitItselfMisreads:
    @pytest.mark.parametrize("second", ["registry.yaml", "new/collection.yaml"])
    def test_a_directory_twice_the_second_without_the_rules(self, second, at):
        tree = at.tree([Entry(FILE, b"collection.yaml", at.blob("format: 1\ntype: model\n"))])
        if second == "registry.yaml":
            entry = Entry(FILE, b"registry.yaml", at.blob(BASE["model/registry.yaml"]))
        else:
            entry = Entry(DIRECTORY, b"new", tree)
        other = Entry(DIRECTORY, b"model", at.tree([entry]))
        twice = at.step(at.tree(_next_to(at, at.base, b"model", other)), at.base)

        at.refused("bob", f"{twice}:{MAIN}", says=["a name twice"])

    @pytest.mark.parametrize("first", [True, False])
    def test_a_file_twice(self, first, at):
        other = Entry(FILE, b"production.yaml", at.blob(alias(SECOND)))
        twice = at.with_entries(at.base, ALIASES, other, first=first)

        at.refused("bob", f"{twice}:{MAIN}", says=["a name twice"])

    @pytest.mark.parametrize("name", [b"aaa.yaml", b"zzz.yaml"])
    def test_names_out_of_order(self, name, at):
        entry = Entry(FILE, name, at.blob(alias(FIRST)))
        disordered = at.with_entries(at.base, ALIASES, entry, first=name == b"zzz.yaml")

        at.refused("bob", f"{disordered}:{MAIN}", says=[ALIASES, "out of order"])

    def test_a_new_directory_out_of_order(self, at):
        names = [Entry(FILE, name, at.blob(alias(FIRST))) for name in (b"b.yaml", b"a.yaml")]
        made = at.with_entries(at.base, f"{CHURN}/automations/more", *names)

        at.refused("alice", f"{made}:{MAIN}", says=["out of order"])

    def test_a_file_and_a_directory_of_one_name(self, at):
        file = Entry(FILE, b"churn", at.blob("churn\n"))
        model = Entry(DIRECTORY, b"model", at.tree(_next_to(at, f"{at.base}:model", b"churn", file)))
        both = at.replacing(at.base, model)

        at.refused("ana", f"{both}:{MAIN}", says=["a name twice"])

    @pytest.mark.parametrize("path", ["organization.yaml", "model/access.yaml", f"{ALIASES}/production.yaml"])
    def test_a_mode_that_git_compares_as_equal(self, path, at):
        odd = _with_mode(at, at.base, path, b"100664")

        at.refused("carol", f"{at.step(odd, at.base)}:{MAIN}", says=["mode 100664"])

    @pytest.mark.parametrize("path", ["dataset/access.yaml", "model/empty/aliases/production.yaml", ".a"])
    def test_an_empty_directory_where_a_document_would_be(self, path, at):
        directory, _, name = path.rpartition("/")
        hollow = at.with_entries(at.base, directory, Entry(DIRECTORY, name.encode(), EMPTY), first=True)

        at.refused("carol", f"{hollow}:{MAIN}", says=["an empty directory"])

    def test_many_steps_of_which_one_is_odd(self, at):
        tip = at.base
        for number in range(30):
            described = {"model/README.md": f"# {number}\n"}
            tip = at.commit(described, tip)
        odd = at.step(_with_mode(at, tip, "organization.yaml", b"100664"), tip)
        after = at.commit({"model/README.md": "# Models\n"}, odd)

        at.refused("bob", f"{after}:{MAIN}", says=["mode 100664"])
        at.accepted("bob", f"{tip}:{MAIN}")

    def test_a_tree_that_is_cut_off(self, at):
        broken = at.store("tree", b"100644 a\0short")

        done = at.push("ana", f"{at.step(broken, at.base)}:{MAIN}")

        assert done.code != 0
        assert at.at(MAIN) == at.base


NAMES = {
    ".git": (b".git", "is Git's own"),
    ".GIT": (b".GIT", "is Git's own"),
    "git~1": (b"git~1", "is Git's own"),
    "an invisible letter in .git": (b".g\xe2\x80\x8cit", "is Git's own"),
    ".git with what Windows drops": (b".git. ", "is Git's own"),
    ".git with a stream": (b".git::$INDEX_ALLOCATION", "is Git's own"),
    "..": (b"..", "is no name"),
    ".": (b".", "is no name"),
    "a line break": (b"x\ny", "control"),
    "an escape": (b"\x1b[31mred", "control"),
    "a carriage return": (b"x\ry", "control"),
    "a turned direction": ("x\u202efdp.y".encode(), "invisible"),
    "no UTF-8": (b"\xff\xfe", "is not UTF-8"),
    "a backslash": (b"a\\b", "backslash"),
    "NFD": (b"e\xcc\x81", "NFC"),
    "a device": (b"CON.txt", "device name"),
    "a trailing dot": (b"x.", "Windows drops"),
    "a trailing space": (b"x ", "Windows drops"),
}


class TestNames:
    """The same in a registry and outside: even an organization admin can't bring them in."""

    @pytest.mark.parametrize(("name", "says"), NAMES.values(), ids=NAMES)
    def test_that_some_file_system_or_tool_takes_for_another(self, name, says, at):
        entry = Entry(FILE, name, at.blob("hello\n"))
        inside = _sorted_in(at, at.base, CHURN, entry)
        both = _sorted_in(at, inside, "", entry)

        done = at.refused("ana", f"{both}:{MAIN}", says=[says])

        assert sum(says in line for line in done.remotely) == len(["outside", "in a collection"])

    @pytest.mark.parametrize(
        "paths",
        [
            ("README.md", "readme.md"),
            ("Model/notes.txt",),
            (f"{ALIASES}/Candidate.yaml",),
            ("\u00e9.txt", "E\u0301.txt".encode().decode()),
            ("ﬁle.txt", "file.txt"),
        ],
        ids=ascii,
    )
    def test_that_are_one_name_to_some_file_system(self, paths, at):
        text = alias(SECOND) if "aliases" in paths[0] else "hello\n"
        both = at.commit(dict.fromkeys(paths, text), at.base)

        at.refused("ana", f"{both}:{MAIN}", says=["name"])

    @pytest.mark.parametrize(
        "name",
        ["b" * 40 + " " + "a" * 40 + "\n:100644 100644 " + "c" * 40, ":100644 100644 " + "c" * 40 + " M\ty"],
        ids=["a pair", "a change"],
    )
    def test_that_look_like_what_git_says_to_the_hook(self, name, at):
        entry = Entry(FILE, name.encode(), at.blob("hello\n"))
        sneaking = at.commit({f"{ALIASES}/production.yaml": alias(SECOND)}, at.base)
        made = at.step(at.tree(sorted([*at.entries(sneaking), entry], key=lambda e: e.name)), at.base)

        at.refused("bob", f"{made}:{MAIN}", says=["alias-moved", "production", "file-changed"])

    def test_an_honest_name_of_another_script_is_fine(self, at):
        at.accepted("ana", f"{at.commit({'Приклад.md': 'x', 'café.txt': 'y'}, at.base)}:{MAIN}")


class TestModes:
    @pytest.mark.parametrize("mode", [LINK, PROGRAM, SUBMODULE], ids=["link", "program", "submodule"])
    @pytest.mark.parametrize("path", [f"{ALIASES}/candidate.yaml", "model/access.yaml", "organization.yaml"])
    def test_a_managed_file_is_plain(self, path, mode, at):
        target = at.base if mode == SUBMODULE else at.blob("../../../other\n")
        odd = at.step(_with_mode(at, at.base, path, mode, target), at.base)

        at.refused("ana", f"{odd}:{MAIN}", says=[path])

    @pytest.mark.parametrize("mode", [LINK, SUBMODULE], ids=["link", "submodule"])
    @pytest.mark.parametrize("path", ["model/other", f"{CHURN}/versions.old", f"{VERSIONS}/{THIRD.id}.yaml"])
    def test_nothing_in_a_registry_stands_for_something_else(self, path, mode, at):
        directory, _, name = path.rpartition("/")
        target = at.base if mode == SUBMODULE else at.blob("../churn\n")
        odd = _sorted_in(at, at.base, directory, Entry(mode, name.encode(), target))

        at.refused("ana", f"{odd}:{MAIN}", says=[path])

    @pytest.mark.parametrize("mode", [LINK, PROGRAM, SUBMODULE], ids=["link", "program", "submodule"])
    def test_outside_the_registries_only_organization_admins_do_that(self, mode, at):
        target = at.base if mode == SUBMODULE else at.blob("organization.yaml\n")
        odd = _sorted_in(at, at.base, "", Entry(mode, b"tool", target))

        at.refused("alice", f"{odd}:{MAIN}", says=["file-changed takes organization admin"])


SPECIAL = [".gitattributes", ".gitmodules", ".gitignore", ".mailmap", ".lfsconfig", "CODEOWNERS"]
SPECIAL += [".github/workflows/x.yml", ".gitlab-ci.yml", ".github/CODEOWNERS"]


class TestSpecialFiles:
    @pytest.mark.parametrize("directory", ["", "model/", "model/churn/", "model/churn/aliases/"])
    def test_take_an_organization_admin_at_any_depth(self, directory, at):
        made = at.commit({directory + name: "* -diff\n" for name in SPECIAL}, at.base)

        at.refused(
            "alice",
            f"{made}:{MAIN}",
            says=[f"{directory}{name}: file-changed takes organization admin" for name in SPECIAL],
        )

    def test_in_a_project_too(self, at):
        made = at.commit({"churn/.gitattributes": "* -diff\n"}, at.project)

        at.refused("bob", f"{made}:{PROJECT_BRANCH}", says=["churn/.gitattributes: file-changed"])


class TestRenamesAreADeletionAndMore:
    @pytest.mark.parametrize(
        ("old", "new", "kind"),
        [
            ("model/access.yaml", "model/access-old.yaml", "member-removed"),
            ("model/access.yaml", "dataset/access.yaml", "member-added takes admin of dataset"),
            (f"{ALIASES}/production.yaml", f"{ALIASES}/canary.yaml", "alias-removed takes admin of model"),
            (f"{VERSIONS}/{SECOND.id}.yaml", "model/kept.yaml", "version-purged"),
            ("organization.yaml", "organization.old.yaml", "organization"),
            (".gitattributes", "model/churn/.gitattributes", "file-changed"),
        ],
    )
    def test_of_what_may_not_go(self, old, new, kind, at):
        renamed = at.commit({old: None, new: BASE[old]}, at.base)

        at.refused("bob", f"{renamed}:{MAIN}", says=[kind])

    def test_a_name_that_git_would_quote_hides_nothing(self, at):
        made = at.commit({"model/café.txt": "x\n"}, at.base)

        at.refused("alice", f"{made}:{MAIN}", says=["model/café.txt: file-changed takes organization admin"])


def _next_to(at, tree, name, other):
    """Return the lines of a tree with another beside the one of a name: a file before a directory."""
    for one in at.entries(tree):
        if one.name == name and other.mode == FILE:
            yield other
        yield one
        if one.name == name and other.mode == DIRECTORY:
            yield other


def _with_mode(at, tree, path, mode, target=None):
    """Return a tree in which the file at a path has another mode, and perhaps stands for something else."""
    name, _, rest = path.partition("/")
    lines = []
    for one in at.entries(tree):
        found = one
        if one.name == name.encode():
            inner = _with_mode(at, one.id, rest, mode, target) if rest else target or one.id
            found = one._replace(mode=one.mode if rest else mode, id=inner)
        lines.append(found)
    return at.tree(lines)


def _sorted_in(at, commit, directory, entry):
    """Return a commit with one more line in a directory, where Git would have it."""
    here = at.entries(f"{commit}:{directory}")
    later = [one for one in here if _key(one) > _key(entry)]
    tree = at.tree([*here[: len(here) - len(later)], entry, *later])
    return at.step(_with_mode(at, commit, directory, DIRECTORY, tree) if directory else tree, at.base)


def _key(entry):
    return entry.name + b"/" if entry.mode == DIRECTORY else entry.name
