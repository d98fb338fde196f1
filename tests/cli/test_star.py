"""`git registry star`."""

from __future__ import annotations


def test_stars_are_listed_by_name(acme):
    assert acme("star") == ""
    assert acme("star", "model", "dataset") == "model is starred\ndataset is starred\n"
    assert acme("star") == "dataset\nmodel\n"
    assert acme("star", "--remove", "dataset") == "dataset is no longer starred\n"
    assert acme.json("star") == acme.json("star", "model") == ["model"]


def test_what_is_no_registry_is_refused(acme):
    assert acme.error("star", "modle", code=5)["hint"] == "did you mean model?"
    assert acme.error("star", "--remove", code=2)["message"] == "no registry is named"


def test_on_a_terminal_a_header_says_what_it_is(acme, terminal):
    acme("star", "model")

    assert acme("star") == "REGISTRY\nmodel\n"
