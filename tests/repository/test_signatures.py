"""Who signed a commit: real keys, of ssh and of OpenPGP, and what becomes of them."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from git_registry.errors import NotFound
from git_registry.repository.repository import Repository
from git_registry.repository.signatures import Signed, signatures
from git_registry.repository.signatures import ssh_key as ssh_key_of

UNVERIFIABLE = Signed("unverifiable")

needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg is not installed")


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"a": "1\n"})


@pytest.fixture
def save(repo, git):
    """Make an empty commit and return its id."""

    def run(message, *options, **env):
        git(repo, "commit", "-q", "--allow-empty", "-m", message, *options, env=env)
        return git(repo, "rev-parse", "HEAD")

    return run


@pytest.fixture
def forged(repo, git):
    """Write a commit whose headers are given, and return its id."""

    def run(*headers, message="Forged"):
        tree = git(repo, "rev-parse", "HEAD^{tree}")
        people = [f"{who} A <a@b> 1 +0000" for who in ("author", "committer")]
        raw = "\n".join([f"tree {tree}", *people, *headers, "", message])
        return git(repo, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", input=raw)

    return run


@pytest.fixture
def told(repo):
    return lambda *commits: dict(signatures(Repository.open(repo), commits))


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """Tell which of git's commands were run since the test began."""
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))

    def run():
        lines = trace.read_text().splitlines()
        return [line.partition("built-in: git ")[2].split()[0] for line in lines if "built-in: git" in line]

    return run


@dataclass
class SshKey:
    path: Path

    @property
    def public(self):
        return self.path.with_suffix(".pub").read_text().strip()

    @property
    def fingerprint(self):
        listed = subprocess.run(["ssh-keygen", "-lf", self.path], capture_output=True, text=True, check=True)
        return listed.stdout.split()[1]


@pytest.fixture
def ssh_key(tmp_path):
    def make(name):
        path = tmp_path / name
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return SshKey(path)

    return make


@pytest.fixture
def ada(repo, git, ssh_key, tmp_path):
    """Ada signs her commits with ssh; she is among the allowed signers."""
    key = ssh_key("ada")
    (tmp_path / "allowed").write_text(f"ada@example.org {key.public}\n")
    git(repo, "config", "gpg.format", "ssh")
    git(repo, "config", "user.signingKey", key.path)
    git(repo, "config", "gpg.ssh.allowedSignersFile", tmp_path / "allowed")
    return key


def tampered(repo, git, commit):
    """Write a commit again with another message under the same signature."""
    raw = git(repo, "cat-file", "commit", commit) + "\nand more\n"
    return git(repo, "hash-object", "-t", "commit", "-w", "--stdin", input=raw)


def test_no_signature_costs_one_child_and_no_commits_none(save, told, commands):
    first, second = save("One"), save("Two")
    before = commands()

    assert told() == {}
    assert commands() == before
    assert told(first, second) == {}
    assert commands() == [*before, "cat-file"]


@needs_ssh
def test_all_signed_commits_are_judged_by_one_child(ada, save, told, commands):
    plain, first, second = save("Plain"), save("One", "-S"), save("Two", "-S")
    before = len(commands())

    found = told(second, plain, first, second)

    good = Signed("good", "ada@example.org", ada.fingerprint, ada.fingerprint)
    assert found == {second: good, first: good}
    assert commands()[before:] == ["cat-file", "log"]


@needs_ssh
def test_a_good_signature_by_somebody_unknown_is_unknown(ada, repo, git, save, told, ssh_key):
    other = ssh_key("eve")
    git(repo, "config", "user.signingKey", other.path)
    commit = save("Eve's", "-S")

    assert told(commit)[commit] == Signed("unknown", None, other.fingerprint, other.fingerprint)


@needs_ssh
def test_a_changed_commit_is_bad(ada, repo, git, save, told):
    changed = tampered(repo, git, save("Signed", "-S"))

    assert told(changed)[changed].status == "bad"


@needs_ssh
def test_a_merge_is_judged_as_any_commit(ada, repo, git, save, told):
    git(repo, "switch", "-q", "-c", "side")
    save("Side")
    git(repo, "switch", "-q", "main")
    save("Main")
    git(repo, "merge", "-q", "--no-ff", "-S", "-m", "Merge", "side")
    merge = git(repo, "rev-parse", "HEAD")

    assert told(merge)[merge].status == "good"


@needs_ssh
def test_without_allowed_signers_nothing_can_be_said(ada, repo, git, save, told, tmp_path):
    commit = save("Signed", "-S")
    git(repo, "config", "gpg.ssh.allowedSignersFile", tmp_path / "gone")
    assert told(commit)[commit].status in ("unknown", "unverifiable")

    git(repo, "config", "--unset", "gpg.ssh.allowedSignersFile")
    assert told(commit) == {commit: UNVERIFIABLE}


@needs_ssh
def test_nobody_to_check_is_no_reason_to_call_it_bad(ada, repo, git, save, told):
    commit = save("Signed", "-S")
    git(repo, "config", "gpg.ssh.program", "not-installed")

    assert told(commit) == {commit: UNVERIFIABLE}


@needs_ssh
def test_a_signature_of_no_known_kind_stops_nobody_elses(ada, save, forged, told):
    commits = [
        forged("gpgsig nonsense"),
        save("One", "-S"),
        forged("gpgsig more", " of it"),
        save("Two", "-S"),
    ]

    statuses = [told(*commits)[commit].status for commit in commits]

    assert statuses == ["unverifiable", "good", "unverifiable", "good"]


def test_a_signature_for_other_ids_than_ours_is_one(forged, told):
    commit = forged("gpgsig-sha256 -----BEGIN PGP SIGNATURE-----", " x", " -----END PGP SIGNATURE-----")

    assert told(commit) == {commit: UNVERIFIABLE}


def test_text_of_a_commit_is_no_header_of_it(forged, told):
    message = forged(message="\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n")
    continued = forged("encoding UTF-8", " gpgsig -----BEGIN SSH SIGNATURE-----")

    assert told(message, continued) == {}


@needs_ssh
def test_a_commit_forges_no_fields(ada, repo, git, save, told, ssh_key, tmp_path):
    git(repo, "config", "user.signingKey", ssh_key("eve").path)
    body = "x\n" + "0" * 40 + "\\0G\\0ada@example.org\\0%x00%G?\n"
    commit = save(body, "-S", GIT_AUTHOR_NAME="%GS%x00G", GIT_COMMITTER_NAME="\ngood")

    assert told(commit)[commit].status == "unknown"
    assert told(commit)[commit].signer is None


@needs_ssh
def test_no_setting_of_the_user_changes_the_answer(ada, repo, git, save, told):
    commits = [save("One"), save("Two", "-S")]
    plain = told(*commits)
    git(repo, "notes", "add", "-m", "a note", "main")
    for key, value in {
        "log.showSignature": "true",
        "log.decorate": "full",
        "log.abbrevCommit": "true",
        "log.follow": "true",
        "log.diffMerges": "combined",
        "color.ui": "always",
        "format.pretty": "oneline",
        "i18n.logOutputEncoding": "utf-16",
        "notes.displayRef": "*",
        "core.pager": "false",
    }.items():
        git(repo, "config", key, value)

    assert told(*commits) == plain
    assert list(plain) == commits[1:]


@pytest.mark.parametrize("name", ["0" * 40, "main", "HEAD\n", "", "--all"])
def test_what_is_no_commit_is_not_found(told, name):
    with pytest.raises(NotFound):
        told(name)


def test_a_tree_is_no_commit(repo, git, told):
    with pytest.raises(NotFound, match="no commit"):
        told(git(repo, "rev-parse", "HEAD^{tree}"))


# OpenPGP


LONG_AGO = "20200101T000000"
AGES_AGO = "2020-01-01T01:00:00Z"


class Keyring:
    """A home directory of gpg."""

    def __init__(self, home):
        self.home = home

    def __call__(self, *args, text=None):
        command = ["gpg", "--homedir", self.home, "--batch", "--no-tty", "--quiet", "--passphrase", ""]
        done = subprocess.run([*command, *args], input=text, capture_output=True, text=True, check=True)
        return done.stdout

    def make(self, name, *options, expires="never"):
        """Make a key and return its fingerprint."""
        self(*options, "--quick-generate-key", f"{name} <{name}@example.org>", "ed25519", "sign", expires)
        listed = self("--with-colons", "--list-keys", f"<{name}@example.org>")
        return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))

    def revoke(self, fingerprint):
        written = (self.home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
        self("--import", text=written.replace(":-----BEGIN", "-----BEGIN"))

    def distrust(self, fingerprint):
        self("--import-ownertrust", text=f"{fingerprint}:2:\n")


@pytest.fixture(scope="session")
def gpg_home():
    """Not below pytest's directory: the agent's socket must have a short name."""
    home = Path(tempfile.mkdtemp(prefix="gpg-"))
    yield home
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def gpg(gpg_home, repo, git, monkeypatch):
    """Commits are signed with OpenPGP, by keys in a ring of the tests' own."""
    monkeypatch.setenv("GNUPGHOME", str(gpg_home))
    git(repo, "config", "gpg.format", "openpgp")
    return Keyring(gpg_home)


def program(tmp_path, *options):
    """Return gpg with more options, as git can call it."""
    script = tmp_path / "gpg-then"
    script.write_text(f'#!/bin/sh\nexec gpg {" ".join(options)} "$@"\n')
    script.chmod(0o755)
    return script


@needs_gpg
def test_openpgp_good_bad_unknown_revoked(gpg, repo, git, save, told):
    key = gpg.make("grace")
    good = save("Signed", f"-S{key}")
    bad = tampered(repo, git, good)

    found = told(good, bad)

    assert found[good] == Signed("good", "grace <grace@example.org>", key[-16:], key)
    assert (found[bad].status, found[bad].key) == ("bad", key[-16:])
    gpg.distrust(key)
    assert told(good)[good].status == "unknown"
    gpg.revoke(key)
    assert told(good)[good].status == "revoked"


@needs_gpg
def test_openpgp_expired_key_and_expired_signature(gpg, repo, git, save, told, tmp_path):
    short = gpg.make("short", f"--faked-system-time={LONG_AGO}", expires="2d")
    long = gpg.make("long", f"--faked-system-time={LONG_AGO}")
    then = f"--faked-system-time={LONG_AGO}"
    git(repo, "config", "gpg.program", program(tmp_path, then))
    by_short = save("Short", f"-S{short}", GIT_COMMITTER_DATE=AGES_AGO)
    git(repo, "config", "gpg.program", program(tmp_path, then, "--default-sig-expire", "2d"))
    by_long = save("Long", f"-S{long}", GIT_COMMITTER_DATE=AGES_AGO)
    git(repo, "config", "--unset", "gpg.program")

    found = told(by_short, by_long)

    assert (found[by_short].status, found[by_short].fingerprint) == ("expired-key", short)
    assert (found[by_long].status, found[by_long].fingerprint) == ("expired", long)


@needs_gpg
def test_openpgp_without_the_key_or_without_gpg(gpg, repo, git, save, told, monkeypatch, tmp_path):
    key = gpg.make("alan")
    commit = save("Signed", f"-S{key}")
    empty = Path(tempfile.mkdtemp(prefix="gpg-"))
    monkeypatch.setenv("GNUPGHOME", str(empty))

    missing = told(commit)[commit]

    shutil.rmtree(empty)
    assert (missing.status, missing.signer, missing.key) == ("unverifiable", None, key[-16:])
    git(repo, "config", "gpg.program", tmp_path / "not-installed")
    assert told(commit) == {commit: UNVERIFIABLE}


@needs_ssh
@needs_gpg
def test_both_kinds_at_once(gpg, ada, repo, git, save, told):
    by_ssh = save("By ssh", "-S")
    git(repo, "config", "gpg.format", "openpgp")
    git(repo, "config", "--unset", "user.signingKey")
    by_gpg = save("By gpg", f"-S{gpg.make('both')}")

    assert [one.signer for one in told(by_gpg, by_ssh).values()] == [
        "both <both@example.org>",
        "ada@example.org",
    ]


def test_without_any_program_there_is_an_answer(repo, forged, told, monkeypatch, tmp_path):
    commit = forged("gpgsig -----BEGIN PGP SIGNATURE-----", " x", " -----END PGP SIGNATURE-----")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert told(commit) == {commit: UNVERIFIABLE}


def stored(repo, git, commit):
    return git(repo, "cat-file", "commit", commit).encode("utf-8", "surrogateescape") + b"\n"


@needs_ssh
def test_a_good_signature_tells_its_key_whoever_is_known(ada, repo, git, save, tmp_path):
    (tmp_path / "allowed").unlink()

    assert ssh_key_of(stored(repo, git, save("Signed", "-S"))) == ada.fingerprint


@needs_ssh
def test_what_is_not_signed_well_tells_no_key(ada, repo, git, save):
    plain, signed = save("Plain"), save("Signed", "-S")
    text = stored(repo, git, signed)

    assert ssh_key_of(stored(repo, git, plain)) is None
    assert ssh_key_of(stored(repo, git, tampered(repo, git, signed))) is None
    assert ssh_key_of(text.replace(b"author Ada", b"author Eve")) is None
    assert ssh_key_of(text.replace(b"BEGIN SSH", b"BEGIN PGP")) is None
    assert ssh_key_of(b"") is None
    assert ssh_key_of(b"tree x\ngpgsig -----BEGIN SSH SIGNATURE-----\n \xff\n\n") is None


@needs_ssh
def test_a_signature_in_a_message_is_none(ada, repo, git, save):
    signed = stored(repo, git, save("Signed", "-S"))
    headers = signed.partition(b"\n\n")[0]
    plain = b"\n".join(row for row in headers.split(b"\n")[:4])

    assert ssh_key_of(plain + b"\n\n" + headers[headers.index(b"gpgsig") :] + b"\n") is None


@needs_ssh
def test_a_signature_for_something_else_than_git_is_none(ada, repo, git, save, tmp_path):
    payload = stored(repo, git, save("Plain"))
    command = ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", ada.path]
    signature = subprocess.run(command, input=payload, capture_output=True, check=True).stdout
    header = b"gpgsig " + signature.strip().replace(b"\n", b"\n ")
    head, _, message = payload.partition(b"\n\n")

    assert ssh_key_of(head + b"\n" + header + b"\n\n" + message) is None
