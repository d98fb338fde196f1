"""A model that was really fitted to a real data set: linked, promoted, and served by somebody else."""

from __future__ import annotations

import csv
import json
import pickle

import pytest
from tests.store.conftest import bucket, s3_endpoint, s3_environment

from .keyboard import published

__all__ = ["bucket", "s3_endpoint", "s3_environment"]

sklearn = pytest.importorskip("sklearn")


@pytest.fixture(params=["directory", "s3"])
def ada(request, tmp_path):
    if request.param == "directory":
        return published(tmp_path, "--store", tmp_path / "blobs")
    return published(tmp_path, "--store", request.getfixturevalue("bucket") + "/acme")


@pytest.fixture
def customers(tmp_path):
    """The data set as a CSV file."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    path = tmp_path / "tumours.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*data.feature_names, "benign"])
        table.writerows(
            [*map(repr, map(float, row)), int(target)] for row, target in zip(data.data, data.target)
        )
    return path


def rows(path):
    with path.open(newline="") as file:
        _, *lines = csv.reader(file)
    return [list(map(float, line[:-1])) for line in lines], [int(line[-1]) for line in lines]


def test_the_whole_story(ada, customers, tmp_path):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ada("link", customers, "dataset/tumours", "--metadata", "rows=569", "--alias", "current")
    features, benign = rows(customers)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, benign)
    accuracy = model.score(features, benign)
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "model.pickle").write_bytes(pickle.dumps(model))
    (directory / "features.json").write_text(json.dumps(len(features[0])))
    ada.write("../training.yaml", "framework: scikit-learn\nsolver: {name: lbfgs, rounds: 100}\n")
    ada(
        *("link", directory, "model/tumours", "--metric", f"accuracy={accuracy!r}"),
        *("--metadata", "../training.yaml", "--input", "dataset/tumours:current", "--tag", "linear"),
        *("--description", "Logistic regression on all features."),
    )
    ada("promote", "model/tumours:v0", "--to", "production", "--push")

    bob = ada.clone("bob")
    shown = bob.json("show", "model/tumours:production")
    assert shown["metrics"] == {"accuracy": accuracy}
    assert shown["metadata"] == {"framework": "scikit-learn", "solver": {"name": "lbfgs", "rounds": 100}}
    assert "dataset/tumours" in json.dumps(shown["inputs"])
    uris = bob("resolve", "model/tumours:production").splitlines()
    assert len(uris) == 2
    said = bob("download", "model/tumours:production", "../served")
    assert "Verified by sha256" in said
    assert "dataset/tumours:v0" in said
    bob("download", "dataset/tumours:v0", "../again.csv", "--path", customers.name)

    served = pickle.loads((tmp_path / "served/model.pickle").read_bytes())
    again, _ = rows(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == customers.read_bytes()
    assert served.predict_proba(again).tolist() == model.predict_proba(features).tolist()
    assert "was linked already" in bob("link", tmp_path / "served", "model/tumours")
    bob.require_sound()
