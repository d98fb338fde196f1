"""What the runs of the example organization learn: real models, small enough to train hundreds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
from sklearn import config_context
from sklearn.datasets import load_breast_cancer, load_digits, load_wine, make_classification
from sklearn.linear_model import SGDClassifier

LEARNED = 400


@dataclass(frozen=True, slots=True)
class Data:
    """Rows to learn from and rows to be judged by, with the names of the columns."""

    columns: tuple[str, ...]
    x: Any
    y: Any
    seen_x: Any
    seen_y: Any

    def first(self, rows: int) -> Data:
        """Return it as it was when there were only so many rows to learn from."""
        return replace(self, x=self.x[:rows], y=self.y[:rows])

    @property
    def table(self) -> str:
        """Return the rows to learn from as CSV."""
        lines = (
            ",".join([*(f"{value:.4g}" for value in row), str(label)])
            for row, label in zip(self.x, self.y, strict=True)
        )
        return "\n".join([",".join([*self.columns, "label"]), *lines, ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one model is trained.

    Attributes:
        rows: how many there were by then.
        steps: how many, each of a `batch` of them.
    """

    data: str
    rows: int = LEARNED
    alpha: float = 1e-4
    eta0: float = 0.01
    penalty: str = "l2"
    steps: int = 100
    batch: int = 64
    seed: int = 0

    @property
    def config(self) -> dict[str, Any]:
        """Return it as the config of a run."""
        return {
            "model": {"alpha": self.alpha, "penalty": self.penalty},
            "optimizer": {"eta0": self.eta0, "batch_size": self.batch, "steps": self.steps},
            "seed": self.seed,
            "framework": "scikit-learn",
        }


@dataclass(slots=True)
class Trained:
    """A model that was trained, and what was measured after each step."""

    curves: list[dict[str, float]] = field(default_factory=list)
    weights: str = ""
    confusion: str = ""

    @property
    def metrics(self) -> dict[str, float]:
        """Return what was measured at the end."""
        last = self.curves[-1]
        return {"accuracy": last["val.accuracy"], "loss": last["val.loss"], "f1": last["val.f1"]}


@cache
def data(name: str) -> Data:
    """Return the data set of this name; one that scikit-learn has not is made up, always the same."""
    if name == "digits":
        return _split(load_digits())
    if name == "tumours":
        return _split(load_breast_cancer())
    if name == "wines":
        return _split(load_wine())
    shape = {"n_informative": 6, "n_clusters_per_class": 1, "class_sep": 0.9, "flip_y": 0.06}
    x, y = make_classification(900, 14, **shape, random_state=sum(map(ord, name)))
    columns = tuple(f"feature_{number:02}" for number in range(x.shape[1]))
    return _parted(columns, x, y)


def _split(loaded: Any) -> Data:
    columns = tuple(str(name).replace(" ", "_") for name in loaded.feature_names)
    return _parted(columns, loaded.data, loaded.target)


def _parted(columns: tuple[str, ...], x: Any, y: Any) -> Data:
    order = np.random.default_rng(0).permutation(len(y))
    x = ((x - x.mean(0)) / (x.std(0) + 1e-9))[order]
    y = y[order]
    held = min(200, len(y) // 3)
    return Data(columns, x[held:][:LEARNED], y[held:][:LEARNED], x[:held], y[:held])


def train(recipe: Recipe) -> Trained:
    """Train a model step by step, and measure it after each one."""
    known, chance = data(recipe.data).first(recipe.rows), np.random.default_rng(recipe.seed)
    classes = np.unique(known.y)
    model = _untrained(recipe)
    trained = Trained()
    # Most of what a small step takes is scikit-learn's checks of what it is given.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for step in range(1, recipe.steps + 1):
            rows = chance.integers(0, len(known.y), recipe.batch)
            model.partial_fit(known.x[rows], known.y[rows], classes=classes)
            progress = {"epoch": step * recipe.batch / len(known.y), "learning_rate": recipe.eta0}
            trained.curves.append(_rounded({**progress, **_measured(model, known, rows)}))
    trained.weights = json.dumps({"classes": classes.tolist(), "coef": np.round(model.coef_, 5).tolist()})
    trained.confusion = _confusion(model, known, classes)
    return trained


def _untrained(recipe: Recipe) -> SGDClassifier:
    return SGDClassifier(
        loss="log_loss",
        alpha=recipe.alpha,
        penalty=recipe.penalty,
        learning_rate="constant",
        eta0=recipe.eta0,
        random_state=recipe.seed,
    )


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in values.items()}


def _measured(model: Any, known: Data, rows: Any) -> dict[str, float]:
    loss, accuracy, f1 = _judged(model, known.seen_x, known.seen_y)
    train_loss, train_accuracy, _ = _judged(model, known.x[rows], known.y[rows])
    return {
        "train.loss": train_loss,
        "train.accuracy": train_accuracy,
        "val.loss": loss,
        "val.accuracy": accuracy,
        "val.f1": f1,
    }


def _judged(model: Any, x: Any, y: Any) -> tuple[float, float, float]:
    scores = x @ model.coef_.T + model.intercept_
    if scores.shape[1] == 1:
        scores = np.hstack([-scores, scores]) / 2
    scores = scores - scores.max(1, keepdims=True)
    logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    at = np.searchsorted(model.classes_, y)
    guessed = logs.argmax(1)
    hit = guessed == at
    return -logs[np.arange(len(at)), at].mean(), hit.mean(), _f1(guessed, at, len(model.classes_))


def _f1(guessed: Any, at: Any, classes: int) -> float:
    both = np.bincount(at[guessed == at], minlength=classes)
    whole = np.bincount(at, minlength=classes) + np.bincount(guessed, minlength=classes)
    return float((2 * both / np.maximum(whole, 1)).mean())


def _confusion(model: Any, known: Data, classes: Any) -> str:
    guessed = model.predict(known.seen_x)
    counts = [[int(((known.seen_y == a) & (guessed == b)).sum()) for b in classes] for a in classes]
    lines = [f"{a}," + ",".join(map(str, row)) for a, row in zip(classes, counts, strict=True)]
    return "\n".join(["actual," + ",".join(f"predicted {b}" for b in classes), *lines, ""])
