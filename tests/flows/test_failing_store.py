"""A store that fails while scripts log: what they and others see of it; the next run finishes the job."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager

import pytest
from tests.sdk.conftest import s3_endpoint
from tests.sdk.desk import found
from tests.store.conftest import KEYS, new_bucket

from .crashing import STORY, Scripts, numbered, require_whole, runs
from .faulty import Faulty, broken, told

__all__ = ["s3_endpoint"]

SECRET = "very-secret-value"  # pragma: allowlist secret


@pytest.fixture
def proxy(s3_endpoint, monkeypatch):
    """A proxy in front of the server; it passes on what it is asked."""
    import s3fs

    for name, value in {**KEYS, "AWS_ENDPOINT_URL": s3_endpoint, "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    with contextmanager(Faulty.serve)(Faulty(s3_endpoint)) as proxy:
        yield proxy
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def desk(tmp_path, proxy, s3_endpoint):
    """An organization whose store is an empty bucket."""
    return found(tmp_path / "acme", store=f"s3://{new_bucket(s3_endpoint)}/blobs")


@pytest.fixture
def scripts(clone, proxy):
    """Scripts that reach the store through the proxy."""
    return Scripts(clone("desk").path, {"AWS_ENDPOINT_URL": proxy.endpoint, "AWS_SECRET_ACCESS_KEY": SECRET})


def is_body(request):
    return request.method in ("PUT", "POST") and "sha256" in request.path


def slow_down(request):
    return told("503 Slow Down", "SlowDown")


def internal(request):
    return told("500 Internal Server Error", "InternalError") if is_body(request) else None


def denied(request):
    return told("403 Forbidden", "SignatureDoesNotMatch")


def denied_to_write(request):
    return told("403 Forbidden", "InvalidAccessKeyId") if is_body(request) else None


def breaking(request):
    return broken(request) if is_body(request) else None


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (slow_down, "it asks to slow down"),
        (internal, "it had an internal error"),
        (denied, "permission denied"),
        (denied_to_write, "permission denied"),
        (breaking, "it could not be reached"),
    ],
)
def test_a_store_that_fails_is_told_and_the_next_run_finishes(scripts, clone, git, proxy, failure, message):
    proxy.fault = failure
    scripts.run(STORY, 1, "weights", codes=[1])

    assert scripts.error.startswith("git_registry.errors.StoreError: s3://bucket-")
    assert scripts.error.endswith(f": {message}")
    assert SECRET not in scripts.said
    there = clone("reader")
    require_whole(there, git)
    assert numbered(there) == {}
    assert runs(there)["1"].state == "failed"
    proxy.fault = lambda _: None
    again = scripts.run(STORY, 2, "weights")
    assert again[-1].startswith("v0 ")
    there = clone("another")
    require_whole(there, git)
    ended = runs(there)
    assert [(ended[one].state, ended[one].history.rows) for one in "12"] == [("failed", 2), ("finished", 2)]


def test_nobody_answers_there(scripts, proxy):
    scripts.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"

    scripts.run(STORY, 1, "weights", codes=[1])

    said = scripts.error
    assert said.startswith("git_registry.errors.StoreError: s3://bucket-")
    assert said.endswith(": it could not be reached")


@pytest.mark.parametrize("failure", [internal, slow_down, breaking])
def test_a_failure_that_passes_is_nobodys_business(scripts, proxy, failure):
    scripts.environ["AWS_MAX_ATTEMPTS"] = "3"
    proxy.fault = lambda request: failure(request) if len(proxy.seen) % 2 else None

    assert scripts.run(STORY, 1, "weights")[-1].startswith("v0 ")
    assert scripts.said == ""


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_a_store_that_hangs_is_given_up(scripts, proxy):
    proxy.fault = lambda request: proxy.hang() if is_body(request) else None
    began = time.monotonic()

    scripts.run(STORY, 1, "weights", codes=[1])

    assert "it did not answer in time" in scripts.error
    assert time.monotonic() - began < 300


LARGE = STORY.replace("out.write(sys.argv[2])", "out.write(sys.argv[2] * (5 << 20))")


@pytest.mark.parametrize(("story", "method"), [(STORY, "PUT"), (LARGE, "POST"), (LARGE, "PUT")])
def test_killed_in_the_middle_of_an_upload(scripts, clone, git, proxy, story, method):
    process = scripts.started(story, 1, "weights")

    def killing(request):
        if is_body(request) and request.method == method:
            os.killpg(process.pid, signal.SIGKILL)

    proxy.fault = killing
    scripts.ended(process, -signal.SIGKILL)

    proxy.fault = lambda _: None
    there = clone("reader")
    require_whole(there, git)
    assert numbered(there) == {}
    assert runs(there)["1"].state == "running"
    assert scripts.run(story, 2, "weights")[-1].startswith("v0 ")
    there = clone("another")
    require_whole(there, git)
    ended = runs(there)
    assert [(ended[one].state, ended[one].history.rows) for one in "12"] == [("crashed", 2), ("finished", 2)]
