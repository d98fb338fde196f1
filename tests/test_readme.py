"""The README's `console` blocks are run as a reader would: in order, in one shell, at a terminal.

Its `python` blocks are scripts that those call: each is saved where it stands, as its first line says.
"""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from git_registry.cli.group import VERBS, cli
from git_registry.codec.reading import decode
from git_registry.model.documents.access import Access
from git_registry.model.documents.organization import Organization
from git_registry.model.filters import COLLECTION, EVENT, REGISTRY, VERSION, where
from git_registry.model.filters.clauses import SIGNS
from git_registry.model.filters.document import COMBINING
from git_registry.model.filters.operators import READERS
from git_registry.model.templates import VARIABLES
from git_registry.policy.gates import GATES, conditions
from git_registry.policy.needs import LEAST
from git_registry.policy.roles import NOBODY

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(
    r"(?ms)^(?:<!-- not run: (?P<why>[^\n]+) -->\n)?```(?P<kind>console|python)\n(?P<text>.*?)^```$"
)
SCRIPT = re.compile(r"# (?P<name>\w+\.py)\n")
VARYING = {
    r"(?m)^\w{8}(?= +\S+ +(?:running|finished|failed|crashed) )": "<run>",
    r"\b(?:\d+ ?[hm] )?\d+ ?[ms]\b": "<duration>",
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| ?[+-]\d\d:?\d\d)?)?": "<time>",
    r"\b[0-9a-f]{7,64}\b": "<digits>",
    r"\bmsg_[a-z2-7]{24}\b": "<delivery>",
    r"\bin \d+\.\d*": "in <seconds>",
    r" +": " ",
}


def examples(markdown):
    """Return (command, expected output) for every prompt that is to be run, and every script to be saved."""
    return [
        one for block in BLOCK.finditer(markdown) if not block["why"] for one in commands(**block.groupdict())
    ]


def commands(kind, text, why=None):
    if kind == "python":
        return [(f"cat > {SCRIPT.match(text)['name']} <<'END OF SCRIPT'\n{text}END OF SCRIPT", "")]
    _, *pieces = re.split(r"(?m)^\$ (.*)\n", text)
    return zip(pieces[0::2], pieces[1::2])


def outputs(commands, home):
    """Run the commands in one shell at a terminal, and return (output, exit code) of each."""
    place = home / ".bin"
    place.mkdir(parents=True)
    executable(place / "git-registry", f"#!{sys.executable}\nfrom git_registry.cli import main\nmain()\n")
    executable(place / "python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    env = os.environ | {"PATH": f"{place}:{os.environ['PATH']}", "HOME": str(home), "COLUMNS": "110"}
    env |= {"TERM": "dumb", "GIT_PAGER": "cat", "LC_ALL": "C.UTF-8"}
    script = "".join(f"{one}\nended=$?; printf '\\0%d\\0' $ended; (exit $ended)\n" for one in commands)
    terminal, inside = pty.openpty()
    with subprocess.Popen(
        ["bash", "-c", script], cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=inside, stderr=inside
    ):
        os.close(inside)
        printed = b"".join(iter(lambda: _read(terminal), b"")).decode()
    os.close(terminal)
    printed = re.sub(r"\r[^\n]*?\x1b\[K", "", printed).replace("\r\n", "\n").replace(str(home), "/home/ada")
    pieces = printed.split("\0")
    return list(zip(pieces[0::2], map(int, pieces[1::2])))


def executable(place, text):
    place.write_text(text)
    place.chmod(0o755)


def _read(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # everybody who could write to it has ended
        return b""


def fits(expected, found):
    """Compare but for times, digests and the width of columns; `…` stands for the rest of a word or line."""
    for pattern, name in VARYING.items():
        expected, found = (re.sub(pattern, name, text) for text in (expected, found))
    return re.fullmatch(re.escape(expected.rstrip()).replace("…", ".*"), found.rstrip())


def verify(markdown, home):
    written = examples(markdown)
    ran = outputs([command for command, _ in written], home)
    assert len(ran) == len(written)
    for (command, expected), (found, code), (following, _) in zip(written, ran, [*written[1:], ("", "")]):
        assert fits(expected, found), f"$ {command}\n{found}--- but the README says\n{expected}"
        assert code == 0 or following == "echo $?", f"$ {command}\nended with exit code {code}, unsaid"


@pytest.mark.slow
def test_the_readme_is_what_happens(tmp_path):
    verify(README.read_text(), tmp_path)


def test_only_what_needs_an_account_is_not_run():
    left_out = {block["why"] for block in BLOCK.finditer(README.read_text())}

    assert left_out <= {None, "it needs a bucket and its credentials"}


def test_every_script_that_is_shown_is_run():
    blocks = BLOCK.finditer(README.read_text())
    shown = [SCRIPT.match(block["text"])["name"] for block in blocks if block["kind"] == "python"]
    typed = "\n".join(command for command, _ in examples(README.read_text()))

    assert shown
    assert [name for name in shown if not re.search(rf"python (\.\./)?{name}\b", typed)] == []


def test_every_file_that_the_readme_links_to_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text())

    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


def test_every_verb_and_what_it_takes_is_in_the_table():
    markdown = README.read_text()
    table = markdown.partition("## Verbs")[2].partition("All but")[0]
    rows = dict(re.findall(r"(?m)^\| `([\w-]+)(.*)$", table))
    common = {"--json", "--at", "--push", "--no-push", "--rewrite", "--trust-uri"}
    common |= {"--propose", "--proposal", "--request", "--no-request", "--message", "-m"}

    assert set(rows) == set(VERBS)
    assert all(option in markdown for option in common)
    for verb, row in rows.items():
        command = cli.get_command(click.Context(cli), verb)
        options = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
        if "the options of `check" in row:
            options -= {
                name for one in cli.get_command(click.Context(cli), "check").params for name in one.opts
            }
        assert [name for name in options - common if name not in row] == [], verb


def test_every_variable_of_the_environment_is_told():
    sources = (README.parent / "src").rglob("*.py")
    read = {
        name for file in sources for name in re.findall(r"\bGIT_REGISTRY(?:_[A-Z]+)*\b", file.read_text())
    }

    assert read >= {"GIT_REGISTRY", "GIT_REGISTRY_CACHE"}
    assert read == set(
        re.findall(r"(?m)`(GIT_REGISTRY(?:_[A-Z]+)*)`", section("Verbs").partition("| variable")[2])
    )


def test_verbs_that_read_are_those_that_look_back():
    commands = {verb: cli.get_command(click.Context(cli), verb) for verb in VERBS}
    options = {
        verb: {name for one in command.params for name in one.opts} for verb, command in commands.items()
    }
    writing = {
        verb for verb, names in options.items() if "--push" in names or hasattr(commands[verb], "commands")
    }
    others = {"init", "clone", "demo", "sync", "bisect", "check", "gc", "star", "web"}
    others |= {"propose", "proposals", "review", "approve", "request-changes", "merge"}

    assert {verb for verb, names in options.items() if "--at" in names} == set(VERBS) - writing - others


def section(name):
    return README.read_text().partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def test_the_least_role_of_every_event_is_told():
    rows = dict(
        re.findall(
            r"(?m)^\| `?([a-z ]+)`? \| (.*)$", section("Who may do what").partition("### What it takes")[2]
        )
    )
    told = {
        event: role for role in {*LEAST.values()} for event in re.findall(r"`([a-z]+-[a-z]+)`", rows[role])
    }

    assert told == dict(LEAST)
    assert NOBODY in rows


def test_every_gate_is_shown_in_a_document_that_can_be_read():
    shown = re.findall(r"(?ms)^```yaml\n# (\S+\.yaml)\n(.*?)^```", section("Who may do what"))
    kinds = {"organization.yaml": Organization, "model/access.yaml": Access}
    read = {path: decode(kinds[path], text.encode(), where=path, strict=True) for path, text in shown}
    gates = read["model/access.yaml"].protected_aliases["production"].gates

    assert set(read) == set(kinds)
    assert {name for name in GATES for gate in gates if getattr(gate, name)} == set(GATES)
    for gate in gates:
        conditions(gate)


def test_every_operator_and_field_of_a_filter_is_told():
    told = section("Filters")
    fields = {
        of: {word.removesuffix(".…") for word in re.findall(r"`([a-z_]+(?:\.…)?)`", row.split("|")[0])}
        for of, row in re.findall(r"(?m)^\| (registry|collection|version|event)(?:, [^|]*)? \| (.*)$", told)
    }

    assert set(re.findall(r"\$[a-z]+", told)) == {*READERS, *COMBINING, "$options"}
    assert {sign for sign in SIGNS if f"`{sign}`" in told} == set(SIGNS)
    assert fields["registry"] == set(REGISTRY.kinds)
    assert fields["collection"] == set(COLLECTION.kinds)
    assert fields["version"] - {"latest"} == set(VERSION.kinds)
    assert fields["event"] == set(EVENT.kinds)


def test_every_variable_of_a_template_is_told():
    (table,) = re.findall(r"(?ms)^\| variable \| what it gives \|$(.*?)^$", README.read_text())
    told = set(re.findall(r"\$\{(\w+)", table))

    assert told - EVENT.kinds.keys() == (VARIABLES.kinds.keys() | VARIABLES.spellings) - EVENT.kinds.keys()


def test_every_clause_that_is_shown_can_be_read():
    (clauses,) = re.findall(r"(?s)```text\n(.*?)```", section("Filters"))

    assert [where(one, VERSION) for one in clauses.splitlines()]


def test_the_line_for_bash_completes(tmp_path):
    eval_ = next(one for one in README.read_text().splitlines() if "=bash_source" in one)
    executable(tmp_path / "git-registry", f'#!/bin/sh\nexec {sys.executable} -m git_registry.cli "$@"\n')
    typed = (
        "COMP_WORDS=(git-registry pro) COMP_CWORD=1; _git_registry_completion git-registry; echo $COMPREPLY"
    )
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", f"{eval_}\n{typed}"], capture_output=True, text=True, env=env)

    assert done.stdout == "promote\n", done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        "echo 1\n2",
        "echo 1",
        "echo 1\n1\n2",
        "true\n1",
        "false",
        "date +%Y-%m-%d\nnow",
        "echo 12 files\n13 files",
    ],
)
def test_a_readme_that_is_wrong_is_noticed(wrong, tmp_path):
    right = "echo at 2001-02-03 04:05 0123abcdef\nat 2026-11-22T20:00:01.5Z fedcba9876"
    verify(f"```console\n$ {right}\n$ (exit 3)\n$ echo $?\n3\n```\n", tmp_path / "right")

    with pytest.raises(AssertionError):
        verify(f"```console\n$ {wrong}\n```\n", tmp_path / "wrong")


@pytest.mark.parametrize("wrong", ["print('two')", "print(1", "print('one', end='')\nraise SystemExit(1)"])
def test_a_script_that_does_something_else_is_noticed(wrong, tmp_path):
    ran = "```console\n$ python one.py\none\n```\n"
    verify(f"```python\n# one.py\nprint('one')\n```\n{ran}", tmp_path / "right")

    with pytest.raises(AssertionError):
        verify(f"```python\n# one.py\n{wrong}\n```\n{ran}", tmp_path / "wrong")
