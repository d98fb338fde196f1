"""The whole story by scripts: two models on real data, the better one promoted, found and used elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is in the extra `test`")

TRAIN = """
import pickle, sys
import git_registry as gr
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

kind = sys.argv[1]
with gr.init(project="tumors", job_type="train", config={"kind": kind}) as run:
    data = load_breast_cancer(as_frame=True)
    table = gr.Artifact("biopsies", type="dataset", description="569 biopsies, 30 measures each.")
    with table.new_file("biopsies.csv") as out:
        data.frame.to_csv(out, index=False)
    run.use_artifact(table, use_as="train")

    seen, unseen, answers, truth = train_test_split(data.data, data.target, random_state=0)
    model = {
        "forest": RandomForestClassifier(n_estimators=20, max_depth=1, max_features=1, random_state=0),
        "logistic": LogisticRegression(max_iter=10_000),
    }[kind]
    model.fit(seen, answers)
    run.log({"auc": roc_auc_score(truth, model.predict_proba(unseen)[:, 1])})

    trained = gr.Artifact("classifier", type="model", metadata={"kind": kind})
    with trained.new_file("model.pkl", mode="wb") as out:
        pickle.dump(model, out)
    run.log_artifact(trained)
    linked = run.link_artifact(trained, "wandb-registry-model/tumors", aliases=[kind])
    print(linked.qualified_name)
"""

PROMOTE = """
import git_registry as gr

versions = gr.Api().registries(filter={"name": "model"}).collections().versions(
    filter={"metrics.auc": {"$gte": 0.5}}
)
best = max(versions, key=lambda version: version.metrics["auc"])
best.aliases.append("production")
best.save()
print(best.name, best.metadata["kind"], round(best.metrics["auc"], 3))
"""

SERVE = """
import pickle
from pathlib import Path
import git_registry as gr
from sklearn.datasets import load_breast_cancer

with gr.init(project="tumors", job_type="serve") as run:
    version = run.use_artifact("wandb-registry-model/tumors:production", type="model")
    model = pickle.loads(Path(version.download("model"), "model.pkl").read_bytes())
    data = load_breast_cancer(as_frame=True)
    right = (model.predict(data.data) == data.target).mean()
    run.log({"accuracy": right})
    print(version.version, version.source_name, right > 0.9)
"""


def run(text, directory, clone, *args):
    done = subprocess.run(
        [sys.executable, "-c", text, *args],
        cwd=directory,
        env={**os.environ, "GIT_REGISTRY": str(clone)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def command(clone, *words):
    done = subprocess.run(
        [sys.executable, "-m", "git_registry.cli", "-C", str(clone), *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_two_models_one_is_promoted_and_used_and_its_data_are_known(clone, upstream, git, tmp_path):
    trainer, server = clone("trainer").path, clone("server").path

    assert run(TRAIN, tmp_path, trainer, "forest") == "acme/model/tumors:v0"
    assert run(TRAIN, tmp_path, trainer, "logistic") == "acme/model/tumors:v1"
    name, kind, auc = run(PROMOTE, tmp_path, trainer).split()
    git(server, "fetch", "-q")
    served = run(SERVE, tmp_path, server)

    versions = json.loads(command(trainer, "list", "model/tumors", "--json"))
    metrics = {version["version"]: version["metrics"]["auc"] for version in versions}
    assert name == f"tumors:{max(metrics, key=metrics.get)}"
    assert (kind, float(auc)) == ("logistic", round(max(metrics.values()), 3))
    assert served == "v1 classifier:v1 True"
    graph = command(trainer, "lineage", "model/tumors:production")
    assert "linked from projects/tumors/classifier:v1" in graph
    assert "projects/tumors/biopsies:v0" in graph
    git(trainer, "fetch", "-q")
    assert "used by run tumors/" in command(trainer, "lineage", "model/tumors:production")
    events = [json.loads(line) for line in command(trainer, "history", "model/tumors", "--json").splitlines()]
    assert [event["event"] for event in events].count("alias-added") == 3
