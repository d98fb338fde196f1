"""What people install: the wheel and the sdist hold what they should, and Git finds the command."""

import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

import git_registry

ROOT = Path(__file__).parents[1]


def run(*command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build both distributions with the backend that pip would call, and return their directory."""
    pytest.importorskip("hatchling", reason="the build backend is in the extra `test`")
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", str(directory), cwd=ROOT)
    return directory


@pytest.fixture(scope="module")
def wheel(built):
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel beside everything else, and return the environment in which it is found first."""
    directory = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile")
    run(*pip, "--target", str(directory), str(wheel))
    return {
        **os.environ,
        "PATH": f"{directory / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(directory),
    }


def files_below(directory):
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / directory).rglob("*") if path.is_file()}


def test_the_wheel_holds_the_package_its_types_the_hooks_and_the_schemas(wheel):
    names = set(ZipFile(wheel).namelist())

    assert "git_registry/py.typed" in names
    assert "git_registry/cli/__init__.py" in names
    for directory in ("hooks", "schemas"):
        shipped = files_below(directory)
        assert shipped
        assert {f"git_registry/_shipped/{path}" for path in shipped} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "src/"))]


def test_the_sdist_can_be_built_and_tested_by_whoever_repackages_it(built):
    (sdist,) = built.glob("*.tar.gz")

    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pyproject.toml", "README.md", ".ci/run", "tests/conftest.py", "tests/test_package.py"} <= names
    assert files_below("schemas") | files_below("hooks") <= names


def test_the_version_stands_in_one_place(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert "version" not in project
    assert "version" in project["dynamic"]
    assert wheel.name.startswith(f"git_registry-{git_registry.__version__}-")


def test_git_finds_the_command(installed, tmp_path):
    said = run("git", "registry", "--version", cwd=tmp_path, env=installed)

    assert git_registry.__version__ in said


def test_the_installed_package_brings_its_hooks_and_schemas(installed, tmp_path):
    asked = "import git_registry; print(git_registry.__path__[0])"
    shipped = Path(run(sys.executable, "-c", asked, cwd=tmp_path, env=installed).strip()) / "_shipped"

    there = {"cwd": tmp_path, "env": installed}
    run("git", "registry", "init", "acme", **there)

    assert shipped.is_relative_to(installed["PYTHONPATH"])
    assert (shipped / "hooks" / "README.md").is_file()
    assert (shipped / "schemas" / "manifest.v1.json").is_file()
    assert "request:" in run(
        "git", "registry", "-C", "acme", "ci", "github", "--version", "1", "--output", "-", **there
    )


@pytest.mark.parametrize("extra", ["s3", "gcs", "azure", "test", "lint", "dev"])
def test_every_extra_is_there(extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["optional-dependencies"][extra]
