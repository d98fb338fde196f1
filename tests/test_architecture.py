"""The folders are the layers: every import in the package points down, and heavy things stay where they are.

Imports inside functions and under TYPE_CHECKING count as any other. What each part is for is said in
`src/git_registry/README.md`.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = "git_registry"
SOURCE = Path(__file__).parent.parent / "src" / PACKAGE

LAYERS = (
    ("errors",),
    ("model",),
    ("codec", "repository", "store", "policy"),
    ("catalog",),
    ("index", "automation"),
    ("review",),
    ("sdk",),
    ("wording",),
    ("web",),
    ("cli", "hooks", "integrations", "automations"),
)
"""From the bottom up: a part may import those of the layers below it, and none of its own layer."""

FLOORS = {
    "index": (
        *("storage", "kinds", "chains", "moment", "batches", "contents"),
        *("opening", "numbers", "events", "lineage", "search"),
    )
}
"""What a part is made of, from the bottom up: each may import those before it."""

NARROWER = {
    "repository": {"errors"},
    "store": {"errors", "model.digest", "model.uri"},
    "hooks": {"catalog", "codec", "repository", "policy", "model", "errors"},
}
"""Parts that may import less than their layer would let them."""

WIDER = {"": {"sdk", "errors"}}
"""`import git_registry` is the SDK's own surface, fetched when it is first asked for."""

LIBRARIES = {
    "yaml": {"codec"},
    "anyio": {"web/app.py"},
    "jinja2": {"web/rendering.py"},
    "markdown_it": {"web/markdown.py"},
    "markupsafe": {"web/markdown.py", "web/rendering.py"},
    "nh3": {"web/markdown.py"},
    "starlette": {"web/app.py"},
    "uvicorn": {"web/serving.py"},
    "click": {"cli"},
    "fsspec": {"store", "integrations"},
    "aiohttp": {"store/filesystem.py"},
    "platformdirs": {"store"},
    "pygit2": {"repository/objectdb.py", "repository/refs.py", "repository/writing.py"},
    "pandas": {"sdk/surface/frames.py"},
    "sqlite3": {"index", "automation/database.py", "automation/deliveries.py"},
    "_sha2": {"model/sha256.py"},
    "_sha256": {"model/sha256.py"},
    "subprocess": {"repository/bulk.py", "repository/plumbing.py", "repository/process.py"}
    | {"automation/running.py", "cli/trial.py", "hooks/answering.py", "sdk/serving/interpreter.py"},
}
"""Who may import what is not ours: whole parts, or single files. A library without an entry, nobody."""

SPEAKING = {"cli", "hooks"}
"""A command answers its user, a hook the person who pushes. Everything else returns values."""

CLOCKS = ("sdk/clock.py", "hooks/clock.py")
"""The places that ask what time it is, a client's and a server's; whoever writes a date is given it."""

THERE_NOW = {"errors", "model", "codec", "repository", "store", "catalog", "index", "review"} | {
    "sdk",
    "wording",
    "cli",
    "hooks",
    "policy",
    "automation",
    "integrations",
    "web",
}
"""Parts that must be there: a check over a folder that isn't would hold in silence."""


@dataclass(frozen=True)
class Import:
    """Some file of the package imports something.

    Attributes:
        file: relative to the package, `model/names.py`.
        module: what it imports, `git_registry.errors`.
        name: what of it; empty for the module itself.
    """

    file: str
    line: int
    module: str
    name: str = ""

    @property
    def part(self) -> str:
        """Return the part the file belongs to; empty for the package's own `__init__.py`."""
        return _part(self.file)

    @property
    def target(self) -> str | None:
        """Return what is imported as seen from the package, `model.digest`; None if it is not ours."""
        if self.module.split(".")[0] != PACKAGE:
            return None
        return ".".join([*self.module.split(".")[1:], *([self.name] if self.name else [])])


def _part(file: str) -> str:
    first = file.split("/", maxsplit=1)[0].removesuffix(".py")
    return "" if first == "__init__" else first


def parsed(package: Path) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(package: Path) -> Iterator[Import]:
    for file, tree in parsed(package):
        for node in ast.walk(tree):
            match node:
                case ast.Import():
                    yield from (Import(file, node.lineno, alias.name) for alias in node.names)
                case ast.ImportFrom():
                    module = _absolute(file, node)
                    yield from (Import(file, node.lineno, module, alias.name) for alias in node.names)
                case ast.Call(
                    func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"),
                    args=[ast.Constant(value=str(module)), *_],
                ):
                    yield Import(file, node.lineno, module)


def _absolute(file: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = [PACKAGE, *file.split("/")[:-1]]
    return ".".join([*here[: len(here) - node.level + 1], *([node.module] if node.module else [])])


def allowed(part: str) -> set[str]:
    if part in NARROWER:
        return NARROWER[part]
    below: set[str] = set()
    for layer in LAYERS:
        if part in layer:
            return below
        below |= set(layer)
    return WIDER.get(part, set())


def stray_imports(package: Path) -> list[str]:
    """Return every import that points up, sideways, or at a library that belongs elsewhere."""
    return [
        f"{one.file}:{one.line}: {one.target or one.module}"
        for one in imports(package)
        if not (_points_down(one, package) if one.target is not None else _may_use(one))
    ]


def _points_down(one: Import, package: Path) -> bool:
    target = one.target or ""
    part = target.split(".")[0]
    if not (package / part).is_dir() and not (package / f"{part}.py").is_file():
        part = ""  # something that the package's own __init__.py defines: its version
    if part in ("", one.part):
        return True
    return any(f"{target}.".startswith(f"{way}.") for way in allowed(one.part))


def climbing(package: Path) -> list[str]:
    """Return every import inside a part that points up its floors."""
    return [
        f"{one.file}:{one.line}: {one.target}"
        for one in imports(package)
        if one.part in FLOORS and (one.target or "").startswith(f"{one.part}.") and not _goes_down(one)
    ]


def _goes_down(one: Import) -> bool:
    floors = FLOORS[one.part]
    here, there = one.file.split("/")[1].removesuffix(".py"), (one.target or "").split(".")[1]
    return here == there or floors.index(there) < floors.index(here)


def _may_use(one: Import) -> bool:
    library = one.module.split(".")[0]
    places = LIBRARIES.get(library, set())
    if library in sys.stdlib_module_names and library not in LIBRARIES:
        return True
    return one.part in places or one.file in places


def speaking(package: Path) -> list[str]:
    """Return where something is printed that should have been returned."""
    return [
        f"{file}:{node.lineno}"
        for file, tree in parsed(package)
        if _part(file) not in SPEAKING
        for node in ast.walk(tree)
        if _speaks(node)
    ]


def _speaks(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="print" | "input")):
            return True
        case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" | "__stdout__" | "__stderr__"):
            return True
        case ast.ImportFrom(module="sys", names=names):
            return any(name.name.strip("_") in ("stdout", "stderr") for name in names)
        case ast.Attribute(value=ast.Name(id="click"), attr="echo" | "secho"):
            return True
    return False


def shell(package: Path) -> list[str]:
    """Return where a process is started past `subprocess`."""
    return [
        f"{file}:{node.lineno}: os.{node.attr}"
        for file, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr.startswith(("system", "popen", "spawn", "posix_spawn", "exec"))
    ]


def telling_time(package: Path) -> list[str]:
    """Return where what is written gets its date from somewhere else than from who called."""
    return [
        f"{file}:{node.lineno}"
        for file, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")
        and file not in CLOCKS
    ]


def swallowing(package: Path) -> list[str]:
    """Return where every error is caught and none is told."""
    return [
        f"{file}:{node.lineno}"
        for file, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and _does_nothing(node.body)
    ]


def _catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_catches_all, caught.elts))
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(line, ast.Pass | ast.Continue)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in body
    )


# What holds


def test_every_part_is_known_and_those_we_count_on_are_there():
    parts = {_part(file) for file, _ in parsed(SOURCE)} - {""}

    assert parts <= {part for layer in LAYERS for part in layer}
    assert parts >= THERE_NOW
    assert all((SOURCE / clock).is_file() for clock in CLOCKS)


@pytest.mark.parametrize(
    "check",
    [stray_imports, climbing, speaking, shell, telling_time, swallowing],
    ids=lambda check: check.__name__,
)
def test_nothing_is_out_of_place(check):
    assert check(SOURCE) == []


def test_the_places_named_here_are_there():
    files = {place for places in LIBRARIES.values() for place in places if place.endswith(".py")}

    assert {file for file in files if not (SOURCE / file).is_file()} == set()


HEAVY = {"click", "fsspec", "pygit2", "asyncio", "msgspec"}
"""What reading one alias must not wait for."""

ENFORCING = ("policy", "hooks")
"""Parts that must stay as light; they may not be there yet."""


def modules(part):
    for path in sorted((SOURCE / part).rglob("*.py")):
        yield ".".join([PACKAGE, *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__")


def imported_with(*names):
    """Return what a fresh process has imported after importing these."""
    code = "import importlib, sys; [importlib.import_module(n) for n in sys.argv[1:]]; print(*sys.modules)"
    command = [sys.executable, "-c", code, *names]
    # -c puts the current directory on the path: the checkout is found without being installed.
    done = subprocess.run(command, cwd=SOURCE.parent, capture_output=True, text=True, check=True)
    return {module.split(".")[0] for module in done.stdout.split()}


def test_a_reader_starts_light():
    names = [PACKAGE, *modules("model"), f"{PACKAGE}.codec", f"{PACKAGE}.repository"]

    assert len(names) > 20
    assert imported_with(*names) & HEAVY == set()


@pytest.mark.parametrize("part", ENFORCING)
def test_a_hook_starts_light(part):
    names = list(modules(part))
    if not names:
        pytest.skip(f"there is no {part} yet")

    assert imported_with(*names) & HEAVY == set()


def test_a_heavy_import_would_be_seen():
    assert "asyncio" in imported_with("asyncio")


# That it can fail


def stray(tmp_path, check, files):
    for file, text in files.items():
        path = tmp_path / PACKAGE / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return check(tmp_path / PACKAGE)


PARTS = {f"{part}/__init__.py": "" for layer in LAYERS[1:] for part in layer} | {
    "__init__.py": "__version__ = '1'",
    "errors.py": "",
}

STRAY = {
    "up": ("model/x.py", "import git_registry.codec", "git_registry.codec"),
    "up, from": ("model/x.py", "from git_registry.catalog.tree import Tree", "catalog.tree.Tree"),
    "up, from the package": ("codec/x.py", "from git_registry import sdk", "sdk"),
    "up, relative": ("catalog/x.py", "from ..sdk import verbs", "sdk.verbs"),
    "up, relative, bare": ("catalog/x.py", "from .. import sdk", "sdk"),
    "up, in a function": ("policy/x.py", "def f():\n    from git_registry.sdk import x", "sdk.x"),
    "up, for types": ("index/x.py", "if TYPE_CHECKING:\n    import git_registry.web", "git_registry.web"),
    "up, by name": ("index/x.py", "importlib.import_module('git_registry.sdk')", "git_registry.sdk"),
    "sideways": ("index/x.py", "from git_registry.automation import x", "automation.x"),
    "entrances": ("web/x.py", "import git_registry.cli", "git_registry.cli"),
    "errors know nobody": ("errors.py", "from git_registry.model import names", "model.names"),
    "repository knows no model": ("repository/x.py", "from git_registry.model import digest", "model.digest"),
    "store knows digests": ("store/x.py", "from git_registry.model.names import Uri", "model.names.Uri"),
    "store, a longer name": ("store/x.py", "import git_registry.model.digests", "git_registry.model.digests"),
    "hooks go past the sdk": ("hooks/x.py", "import git_registry.sdk", "git_registry.sdk"),
    "hooks go past the store": ("hooks/x.py", "import git_registry.store", "git_registry.store"),
    "yaml": ("catalog/x.py", "import yaml", "yaml"),
    "yaml's parts": ("catalog/x.py", "from yaml._yaml import CParser", "yaml._yaml"),
    "click": ("sdk/x.py", "def f():\n    import click", "click"),
    "fsspec": ("sdk/x.py", "from fsspec.core import url_to_fs", "fsspec.core"),
    "pygit2 elsewhere": ("catalog/x.py", "import pygit2", "pygit2"),
    "pygit2 in another file": ("repository/history.py", "import pygit2", "pygit2"),
    "subprocess": ("sdk/x.py", "import subprocess", "subprocess"),
    "a library nobody named": ("model/x.py", "import numpy", "numpy"),
}  # fmt: skip


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_import_is_found(name, tmp_path):
    file, text, target = STRAY[name]

    (found,) = stray(tmp_path, stray_imports, PARTS | {file: text})

    assert found.startswith(f"{file}:")
    assert found.endswith(f": {target.removeprefix(f'{PACKAGE}.')}")


RIGHT = {
    "model/x.py": "import re\nfrom git_registry.errors import NotFound\nfrom git_registry.model import names",
    "store/x.py": "from git_registry.model.digest import Digest\nimport fsspec",
    "store/y.py": "from git_registry.model import digest, uri",
    "hooks/x.py": "from git_registry.catalog import tree\nfrom git_registry.policy import rules",
    "cli/x.py": "import click\nfrom git_registry import __version__, sdk\nfrom . import y",
    "repository/process.py": "import subprocess",
    "__init__.py": "from git_registry.sdk import link",
}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("index/storage/x.py", "from git_registry.index.chains import chain"),
        ("index/moment.py", "def f():\n    from git_registry.index import opening"),
        ("index/events/x.py", "import git_registry.index.search.row"),
    ],
)
def test_an_import_up_the_floors_is_found(file, text, tmp_path):
    (found,) = stray(tmp_path, climbing, PARTS | {file: text})

    assert found.startswith(f"{file}:")


def test_an_import_that_points_down_is_none(tmp_path):
    assert stray(tmp_path, stray_imports, PARTS | RIGHT) == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (speaking, "def f():\n    print('x')"),
        (speaking, "import sys\nout = sys.stderr"),
        (speaking, "def f():\n    from sys import stdout"),
        (speaking, "click.echo('x')"),
        (shell, "import os\nos.system('ls')"),
        (shell, "import os\nos.execvp('ls', [])"),
        (telling_time, "from datetime import datetime\nmade = datetime.now()"),
        (telling_time, "def f(clock=date.today):\n    pass"),
        (swallowing, "try:\n    f()\nexcept Exception:\n    pass"),
        (swallowing, "try:\n    f()\nexcept:\n    ..."),
        (
            swallowing,
            "for x in y:\n    try:\n        f()\n    except (ValueError, Exception):\n        continue",
        ),
    ],
)
def test_what_does_not_belong_is_found(check, text, tmp_path):
    (found,) = stray(tmp_path, check, {"sdk/x.py": text})

    assert found.startswith("sdk/x.py:")


def test_a_command_may_speak_and_an_error_may_be_handled(tmp_path):
    files = {
        "cli/x.py": "print('x')",
        "sdk/x.py": "try:\n    f()\nexcept Exception as error:\n    raise StoreError(str(error)) from error",
    }

    assert [stray(tmp_path, check, files) for check in (speaking, swallowing, shell)] == [[], [], []]
