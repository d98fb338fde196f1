"""Which metrics get a column of their own."""

from git_registry.wording.metrics import metric_columns


def test_the_newest_ones_come_first_and_there_are_six_at_most():
    newest, older = {"f1": 0.9, "auc": 0.8}, dict.fromkeys(("auc", "a", "b", "c", "d", "e"), 1)

    assert metric_columns([newest, older]) == ["f1", "auc", "a", "b", "c", "d"]
