"""What the next version of a collection is made of."""

from __future__ import annotations

import json

from tests.web.story.tale import Growing, Made, Tale
from tests.web.story.training import LEARNED, Recipe, data, train


def prepared(tale: Tale, one: Growing) -> Made:
    """Return the next export of a data set, each larger than the one before."""
    known, number = data(one.use.data), one.made + 1
    header, *rows = known.table.splitlines()
    chosen = rows[: _rows(tale, one.use.data, coming=1)]
    readme = f"# {one.use.title}\n\n{one.use.about} Export {number}, **{len(chosen)} rows**.\n"
    return Made(
        files={"rows.csv": "\n".join([header, *chosen, ""]), "README.md": readme},
        job="prepare",
        metadata={"rows": len(chosen), "columns": len(known.columns) + 1, "export": number},
        config={"clip": 6.0, "deduplicate": True},
        origin=f"https://export.acme.example/{one.use.data}/{number}.csv",
    )


def trained(tale: Tale, one: Growing, *, stepwise: bool) -> Made:
    """Return a model that learned from the latest data; step by step, where somebody wants to see curves."""
    recipe = _recipe(tale, one.use.data, stepwise=stepwise)
    found = train(recipe)
    readme = f"# {one.use.title}\n\n{one.use.about}\n\nAccuracy **{found.metrics['accuracy']:.1%}**.\n"
    return Made(
        files={
            "model.json": found.weights,
            "confusion.csv": found.confusion,
            "config.json": json.dumps(recipe.config, indent=2) + "\n",
            "README.md": readme,
        },
        job="train",
        metadata={"framework": "scikit-learn", "penalty": recipe.penalty, "alpha": recipe.alpha},
        metrics=found.metrics,
        config=recipe.config,
        curves=found.curves,
        uses=_latest(tale, f"dataset/{one.use.data}"),
    )


def diverged(tale: Tale, one: Growing) -> Made:
    """Return a model whose steps were far too large."""
    found = train(Recipe(data=one.use.data, eta0=30.0, steps=40, seed=tale.chance.randrange(10_000)))
    curves = [*found.curves, {**found.curves[-1], "train.loss": float("nan"), "val.loss": float("inf")}]
    config = Recipe(data=one.use.data, eta0=30.0, steps=200).config
    used = _latest(tale, f"dataset/{one.use.data}")
    return Made(files={"model.json": found.weights}, job="train", config=config, curves=curves, uses=used)


def evaluated(tale: Tale, one: Growing) -> Made:
    """Return a report on the latest model of the same use, judged by the latest data."""
    of = tale.collections.get(f"model/{one.use.name}")
    known = of.measured[of.linked[-1]] if of and of.linked else {}
    now = {name: round(value * tale.chance.uniform(0.96, 1.0), 4) for name, value in known.items()}
    rows = [[name, value, round(now[name] - value, 4)] for name, value in known.items()]
    lines = [f"| {name} | {was} | {now[name]} |" for name, was, _ in rows]
    table = ["| metric | when trained | now |", "|---|---:|---:|", *lines]
    title = f"# {one.use.title}, report {one.made + 1}"
    return Made(
        files={
            "report.md": "\n".join([title, "", *table, ""]),
            "metrics.table.json": json.dumps({"columns": ["metric", "trained", "change"], "data": rows}),
        },
        job="evaluate",
        metadata={"report": one.made + 1},
        metrics=now,
        curves=(now,) if now else (),
        uses=(*(_latest(tale, of.path) if of else ()), *_latest(tale, f"dataset/{one.use.data}")),
    )


def _recipe(tale: Tale, name: str, *, stepwise: bool) -> Recipe:
    chance = tale.chance
    return Recipe(
        data=name,
        alpha=chance.choice((1e-5, 1e-4, 1e-3, 1e-2, 1e-1)),
        eta0=chance.choice((0.001, 0.003, 0.01, 0.03)),
        penalty=chance.choice(("l2", "l2", "l1", "elasticnet")),
        rows=_rows(tale, name),
        steps=chance.choice((50, 60, 80, 120, 300)) if stepwise else 4,
        batch=64 if stepwise else LEARNED,
        seed=chance.randrange(10_000),
    )


def _rows(tale: Tale, name: str, *, coming: int = 0) -> int:
    """Return how many rows the latest export of a data set has, or the one that is coming."""
    there = tale.collections.get(f"dataset/{name}")
    return min(30 + 25 * ((there.made if there else 0) + coming), LEARNED)


def _latest(tale: Tale, path: str) -> tuple[str, ...]:
    there = tale.collections.get(path)
    return (there.latest,) if there and there.linked else ()
