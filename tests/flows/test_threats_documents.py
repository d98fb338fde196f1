"""Documents that are hostile to who reads them, and changes that are not what they look like."""

import json

import pytest
from tests.flows.forging import MAIN, forged
from tests.flows.servers.local import Local
from tests.flows.steps import (
    ACCESS,
    BASE,
    CHURN,
    COLLECTION,
    FIRST,
    MOVING,
    ORGANIZATION,
    SECOND,
    THIRD,
    VERSIONS,
    alias,
    version,
)

UNLINKED = f"{CHURN}/unlinked"
CANDIDATE = f"{CHURN}/aliases/candidate.yaml"
PRODUCTION = f"{CHURN}/aliases/production.yaml"
CLAIMED_TWICE = "  user:ana: {github: acme}\n  user:bob: {github: ACME}\n"
GATED = "  production:\n    gates:\n      - {metrics: {auc: {$gte: 0.9}}}\n"
LAUGHS = "format: 1\na: &a [x]\nb: &b [*a, *a]\nmetadata: {c: [*b, *b]}\n"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("documents")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        yield made
        assert made.is_sound()


HOSTILE = {
    "anchors": LAUGHS,
    "a merge key": "format: 1\nmetadata: {<<: {a: 1}}\n",
    "a tag": "format: 1\ndescription: !!python/object/apply:os.system [id]\n",
    "100,000 brackets": "format: 1\nmetadata: " + "[" * 100_000 + "\n",
    "deep in blocks": "format: 1\nmetadata:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 60)) + "\n",
    "300 kB": "format: 1\ndescription: " + "x" * 300_000 + "\n",
    "NUL": 'format: 1\ndescription: "a\0b"\n',
    "a key twice": "format: 1\ndescription: a\ndescription: b\n",
    "two documents": "format: 1\n---\nformat: 1\n",
    "a wrong type": "format: 1\ntags: {a: b}\n",
    "a list for a document": "- format: 1\n",
    "no document": "",
    "a field that nobody knows": "format: 1\ndescripton: a\n",
    "a newer format": "format: 2\n",
    "an escape in a text": 'format: 1\ndescription: "\\e[31mred"\n',
    "a turned direction": "format: 1\ndescription: a\u202eb\n",
    "a number of 10,000 digits": "format: 1\nmetrics: {a: " + "9" * 10_000 + "}\n",
}


class TestHostileYaml:
    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_is_refused_by_the_file_and_in_a_moment(self, text, at):
        path = f"{VERSIONS}/{SECOND.id}.notes.yaml"

        at.refused("bob", f"{at.commit({path: text}, at.base)}:{MAIN}", says=[path])

    def test_that_is_not_utf_8(self, at):
        path = f"{VERSIONS}/{SECOND.id}.notes.yaml"
        notes = at.blob(b"format: 1\ndescription: \xff\xfe\n")
        at.git("read-tree", at.base)
        at.git("update-index", "--add", "--cacheinfo", f"100644,{notes},{path}")
        odd = at.step(at.git("write-tree"), at.base)

        at.refused("bob", f"{odd}:{MAIN}", says=[path])

    @pytest.mark.parametrize(
        ("path", "user", "text"),
        [
            ("model/access.yaml", "alice", ACCESS + "hidden: {user:mallory: admin}\n"),
            ("model/access.yaml", "alice", ACCESS + "members: {user:mallory: admin}\n"),
            ("model/access.yaml", "alice", ACCESS.replace("user:zoe: viewer", "user:zoe: owner")),
            ("model/access.yaml", "alice", ACCESS.replace("user:zoe", "zoe")),
            ("model/access.yaml", "alice", ACCESS + "  Production: {}\n"),
            ("organization.yaml", "ana", ORGANIZATION + "projects: {lab: {}, Lab: {user:bob: member}}\n"),
            ("organization.yaml", "ana", ORGANIZATION + "admin: [user:mallory]\n"),
            ("organization.yaml", "ana", ORGANIZATION.replace("admins: [user:ana, user:raj]\n", "")),
            ("organization.yaml", "ana", ORGANIZATION.replace("[user:ana, user:raj]", "[service:bot]")),
            ("organization.yaml", "ana", ORGANIZATION + CLAIMED_TWICE),
            ("organization.yaml", "ana", LAUGHS),
            ("organization.yaml", "ana", None),
        ],
    )
    def test_policy_that_nobody_could_go_by(self, path, user, text, at):
        at.refused(user, f"{at.commit({path: text}, at.base)}:{MAIN}", says=[path])


def manifest(of, **fields):
    """Return a manifest with other fields than it should have."""
    text = of.manifest
    for name, value in fields.items():
        lines = [f"{name}: {value}" if line.startswith(f"{name}:") else line for line in text.split("\n")]
        text = "\n".join(lines)
    return text


class TestManifests:
    def test_are_not_rewritten_by_anybody(self, at):
        for text in (
            manifest(SECOND, artifact="other"),
            SECOND.manifest + "metrics: {auc: 0.99}\n",
            SECOND.manifest.replace("artifact: churn-xgb", 'artifact: "churn-xgb"'),
        ):
            rewritten = at.commit({f"{VERSIONS}/{SECOND.id}.yaml": text}, at.base)

            at.refused("ana", f"{rewritten}:{MAIN}", says=["was rewritten", "link corrected content"])

    def test_not_by_going_away_and_coming_back_either(self, at):
        path = f"{VERSIONS}/{SECOND.id}.yaml"
        gone = at.commit({path: None, f"{UNLINKED}/{SECOND.id}.yaml": SECOND.manifest}, at.base)
        other = manifest(SECOND, artifact="other")
        back = at.commit({path: other, f"{UNLINKED}/{SECOND.id}.yaml": None}, gone)
        kept = at.commit({f"{UNLINKED}/{SECOND.id}.yaml": other}, gone)

        for tip in (back, kept):
            at.refused("ana", f"{tip}:{MAIN}", says=["was rewritten"])

    @pytest.mark.parametrize(
        ("name", "text", "says"),
        [
            (SECOND.id[:-1] + "0", THIRD.manifest, "not named by its digest"),
            (THIRD.id, manifest(THIRD, digest=f"sha256:{'0' * 64}"), "digest"),
            (THIRD.id, manifest(THIRD, size=1), "size"),
            (THIRD.id, manifest(THIRD, type="dataset"), "type"),
            (THIRD.id, THIRD.manifest.replace("model.ubj", "../model.ubj"), "path"),
        ],
    )
    def test_say_what_they_are(self, name, text, says, at):
        linked = at.commit({f"{VERSIONS}/{name}.yaml": text}, at.base)

        at.refused("bob", f"{linked}:{MAIN}", says=[says])

    def test_are_in_one_place(self, at):
        spread = at.commit({f"{VERSIONS}/{SECOND.id[:2]}/{SECOND.id}.yaml": SECOND.manifest}, at.base)
        both = at.commit({f"{UNLINKED}/{SECOND.id}.yaml": SECOND.manifest}, at.base)

        for tip in (spread, both):
            at.refused("bob", f"{tip}:{MAIN}", says=["the same version is at"])

    def test_are_not_unlinked_before_they_were_linked(self, at):
        slipped = at.commit({f"{UNLINKED}/{THIRD.id}.yaml": THIRD.manifest}, at.base)

        at.refused("bob", f"{slipped}:{MAIN}", says=[f"{UNLINKED}/{THIRD.id}.yaml"])

    def test_do_not_vanish(self, at):
        gone = at.commit({f"{VERSIONS}/{SECOND.id}.yaml": None}, at.base)

        at.refused("alice", f"{gone}:{MAIN}", says=["version-purged takes organization admin"])

    def test_not_even_with_their_collection(self, at):
        files = [f"model/moving/{name}" for name in ("collection.yaml", f"versions/{MOVING.id}.yaml")]

        at.refused("bob", f"{at.commit(dict.fromkeys(files), at.base)}:{MAIN}", says=["version-purged"])


class TestAliases:
    def test_name_a_version_that_is_there(self, at):
        dangling = at.commit({CANDIDATE: alias(THIRD)}, at.base)

        at.refused("bob", f"{dangling}:{MAIN}", says=[CANDIDATE, "is not linked"])

    def test_and_keep_it(self, at):
        moved = {
            f"{VERSIONS}/{FIRST.id}.yaml": None,
            f"{VERSIONS}/{FIRST.id}.notes.yaml": None,
            f"{UNLINKED}/{FIRST.id}.yaml": FIRST.manifest,
            f"{UNLINKED}/{FIRST.id}.notes.yaml": BASE[f"{VERSIONS}/{FIRST.id}.notes.yaml"],
        }

        at.refused("ana", f"{at.commit(moved, at.base)}:{MAIN}", says=["production.yaml", "is not linked"])

    def test_of_a_version_that_is_unlinked_take_what_moving_them_takes(self, at):
        moved = {
            f"{VERSIONS}/{FIRST.id}.yaml": None,
            f"{VERSIONS}/{FIRST.id}.notes.yaml": None,
            f"{UNLINKED}/{FIRST.id}.yaml": FIRST.manifest,
            f"{UNLINKED}/{FIRST.id}.notes.yaml": BASE[f"{VERSIONS}/{FIRST.id}.notes.yaml"],
            CANDIDATE: None,
            PRODUCTION: None,
        }
        unlinked = at.commit(moved, at.base)

        at.refused("bob", f"{unlinked}:{MAIN}", says=["alias-removed takes admin of model"])
        at.accepted("alice", f"{unlinked}:{MAIN}")

    def test_of_a_collection_that_is_deleted_too(self, at):
        there = [path for path in BASE if path.startswith(f"{CHURN}/")]
        kept = {
            path.replace("/versions/", "/unlinked/"): BASE[path] for path in there if "/versions/" in path
        }
        deleted = at.commit({**dict.fromkeys(there), **kept}, at.base)

        at.refused("bob", f"{deleted}:{MAIN}", says=["alias-removed takes admin", "automation-deleted"])

    @pytest.mark.parametrize("name", ["Production", "PRODUCTION"])
    def test_of_another_case_are_protected_as_well(self, name, at):
        beside = at.commit({f"{CHURN}/aliases/{name}.yaml": alias(SECOND)}, at.base)
        instead = at.commit({PRODUCTION: None, f"{CHURN}/aliases/{name}.yaml": alias(SECOND)}, at.base)

        for tip in (beside, instead):
            at.refused("bob", f"{tip}:{MAIN}", says=[f"the alias {name} is protected"])

    @pytest.mark.parametrize("name", ["latest", "v12", "V3", "a..b", "x.lock", "-x", "nul"])
    def test_have_names_that_are_no_others(self, name, at):
        odd = at.commit({f"{CHURN}/aliases/{name}.yaml": alias(FIRST)}, at.base)

        at.refused("ana", f"{odd}:{MAIN}", says=[f"{CHURN}/aliases/{name}.yaml"])


class TestRenaming:
    """Renamed across registries, a collection takes its aliases along, and its past."""

    def renamed(self, at, registry="dataset", **more):
        there = {path: BASE[path] for path in BASE if path.startswith(f"{CHURN}/")}
        moved = {path.replace(CHURN, f"{registry}/churn"): text for path, text in there.items()}
        moved[f"{registry}/churn/collection.yaml"] = f"{COLLECTION}renamed_from: {CHURN}\n"
        return at.commit({**dict.fromkeys(there), **moved, **more}, at.base)

    def test_takes_admin_in_both(self, at):
        at.refused(
            "alice",
            f"{self.renamed(at)}:{MAIN}",
            says=["collection-renamed takes admin of model and dataset"],
        )
        at.accepted("ana", f"{self.renamed(at)}:{MAIN}")

    def test_is_held_to_the_gates_where_it_comes_to(self, at):
        gated = f"format: 1\nprotected_aliases:\n{GATED}"
        before = at.at(MAIN)
        at.base = at.commit({"dataset/access.yaml": gated}, before)
        at.put(MAIN, at.base)
        try:
            at.refused("ana", f"{self.renamed(at)}:{MAIN}", says=["production may point at", "metrics"])
        finally:
            at.base = before
            at.put(MAIN, before)

    def test_in_which_a_protected_alias_moves_is_a_move(self, at):
        there = {path: BASE[path] for path in BASE if path.startswith(f"{CHURN}/")}
        moved = {path.replace(CHURN, "model/left"): text for path, text in there.items()}
        moved["model/left/collection.yaml"] = f"{COLLECTION}renamed_from: {CHURN}\n"
        moved["model/left/aliases/production.yaml"] = alias(SECOND)
        tip = at.commit({**dict.fromkeys(there), **moved}, at.base)

        at.refused("bob", f"{tip}:{MAIN}", says=["alias-moved takes admin", "collection-renamed takes admin"])

    def test_claimed_for_what_did_not_come_along_is_none(self, at):
        other = version("other")
        claimed = at.commit(
            {
                "model/other/collection.yaml": f"format: 1\ntype: model\nrenamed_from: {CHURN}\n",
                f"model/other/versions/{other.id}.yaml": other.manifest,
            },
            at.base,
        )

        done = at.push("bob", f"{claimed}:{MAIN}")
        at.put(MAIN, at.base)

        # Nothing was taken from model/churn: it is a collection like another.
        assert done.code == 0, done.said


class TestMetrics:
    """A gate on metrics is passed by numbers."""

    @pytest.mark.parametrize("value", [".nan", ".inf", '"1"', "true", "[1]", "{$gte: 1}", "null"])
    def test_by_nothing_else(self, value, at):
        at.put(MAIN, at.commit({"model/access.yaml": ACCESS.replace("  production: {}\n", GATED)}, at.base))
        try:
            notes = f"format: 1\nmetrics: {{auc: {value}}}\n"
            moved = {f"{VERSIONS}/{SECOND.id}.notes.yaml": notes, PRODUCTION: alias(SECOND)}
            at.refused("alice", f"{at.commit(moved, at.at(MAIN))}:{MAIN}", says=["auc"])
        finally:
            at.put(MAIN, at.base)


class TestWords:
    """What is pushed may hold commands for a terminal; nothing of it is said as it is (`refused` looks)."""

    def test_of_values_and_names(self, at):
        text = json.dumps("\x1b]0;owned\x07")
        for files in (
            {"model/access.yaml": ACCESS.replace("user:zoe", f"{text}")},
            {PRODUCTION: f"format: 1\nversion: {text}\n"},
            {f"{VERSIONS}/{THIRD.id}.yaml": manifest(THIRD, type=text)},
            {"organization.yaml": ORGANIZATION.replace("name: acme", f"name: {text}")},
            {"model/churn/aliases/\u00ad\u2066x.yaml": alias(FIRST)},
        ):
            at.refused("ana", f"{at.commit(files, at.base)}:{MAIN}", says=["\\"])

    def test_of_messages(self, at):
        tree = at.git("rev-parse", f"{at.commit({PRODUCTION: alias(SECOND)}, at.base)}^{{tree}}")
        odd = at.step(tree, at.base, message=b"\x1b[2J\xff\nCo-authored-by: \x07\n")

        at.refused("bob", f"{odd}:{MAIN}", says=["alias-moved takes admin"])

    def test_of_which_there_are_many(self, at):
        files = {f"{CHURN}/aliases/a{number}.yaml": alias(THIRD) for number in range(100)}

        done = at.refused("bob", f"{at.commit(files, at.base)}:{MAIN}", says=["more"])

        assert len(done.remotely) < 60
