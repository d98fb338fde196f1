"""Which metrics get a column of their own."""

from git_registry.wording.metrics import metric_columns


def test_what_most_have_comes_first_then_the_newest_and_there_are_six_at_most():
    newest, older = {"f1": 0.9, "auc": 0.8}, dict.fromkeys(("auc", "a", "b", "c", "d", "e"), 1)

    assert metric_columns([newest, older]) == ["auc", "f1", "a", "b", "c", "d"]
    assert metric_columns([newest, older], 2) == ["auc", "f1"]


def test_what_a_run_counts_has_no_column_unless_there_is_nothing_else():
    counted = {"epoch": 9, "global_step": 70, "_runtime": 3.5, "learning_rate": 0.1}

    assert metric_columns([counted | {"train.loss": 0.1, "val.loss": 0.2}]) == ["val.loss", "train.loss"]
    assert metric_columns([counted]) == list(counted)
