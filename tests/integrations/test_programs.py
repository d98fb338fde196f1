"""What data scientists open files with reads the registry as it reads a bucket."""

import pickle

import fsspec
import pytest
from tests.sdk.once import once

from git_registry.sdk import linking
from git_registry.sdk.linking import Request

pandas = pytest.importorskip("pandas", reason="pandas is not installed")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

MONTHS = {"2026-01": [1, 2], "2026-02": [3, 4, 5], "2026-03": [6]}


@once
def customers(desk, tmp_path):
    """A data set of several Parquet files in directories, and a table that is none of them, linked twice."""
    for factor in (1, 10):
        for month, ids in MONTHS.items():
            place = tmp_path / f"data-{factor}" / f"month={month}"
            place.mkdir(parents=True)
            frame = pandas.DataFrame(
                {"id": [factor * one for one in ids], "name": [f"n{one}" for one in ids]}
            )
            frame.to_parquet(place / "part-0.parquet")
        (tmp_path / f"data-{factor}" / "_ids.csv").write_text(f"id\n{factor}\n")
        desk(linking.link_files, tmp_path / f"data-{factor}", "dataset/customers", Request(aliases=["gold"]))
    return desk


@pytest.fixture
def where(customers, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY", str(customers.path))


def ids(factor):
    return sorted(factor * one for month in MONTHS.values() for one in month)


@pytest.mark.usefixtures("where")
def test_pandas_reads_a_table():
    assert list(pandas.read_csv("registry://dataset/customers:v0/_ids.csv").id) == [1]
    assert list(pandas.read_csv("registry://dataset/customers:gold/_ids.csv").id) == [10]


@pytest.mark.usefixtures("where")
@pytest.mark.parametrize(("version", "factor"), [(":v0", 1), (":v1", 10), (":gold", 10), ("", 10)])
def test_pandas_reads_a_parquet_file_and_a_whole_version(version, factor):
    one = pandas.read_parquet(f"registry://dataset/customers{version}/month=2026-02/part-0.parquet")
    whole = pandas.read_parquet(
        f"registry://dataset/customers{version}",
        filters=[("month", "!=", "2026-03")],
        columns=["id", "month"],
    )

    assert list(one.id) == [factor * 3, factor * 4, factor * 5]
    assert sorted(whole.id) == [one for one in ids(factor) if one != factor * 6]
    assert set(whole.month) == {"2026-01", "2026-02"}


def test_pandas_is_told_where_by_storage_options(customers):
    options = {"repository": str(customers.path)}

    found = pandas.read_parquet(
        "registry://dataset/customers:v0/month=2026-03/part-0.parquet", storage_options=options
    )

    assert list(found.id) == [6]


def test_pandas_writes_nothing(customers):
    frame = pandas.DataFrame({"id": [1]})

    with pytest.raises(PermissionError, match="can't be written to as files"):
        frame.to_csv(
            "registry://dataset/customers/x.csv", storage_options={"repository": str(customers.path)}
        )


def test_pyarrow_reads_a_data_set_of_many_files(customers, opened):
    from pyarrow import dataset

    found = dataset.dataset("dataset/customers:v0", filesystem=opened(customers), partitioning="hive")

    assert len(found.files) == 3
    assert sorted(found.to_table()["id"].to_pylist()) == ids(1)
    assert found.to_table(filter=dataset.field("month") == "2026-02")["id"].to_pylist() == [3, 4, 5]


def test_pyarrow_sees_the_same_after_it_was_sent(customers, opened):
    from pyarrow.fs import FSSpecHandler, PyFileSystem

    fs = pickle.loads(pickle.dumps(PyFileSystem(FSSpecHandler(opened(customers)))))

    with fs.open_input_file("dataset/customers:v0/_ids.csv") as file:
        assert file.read_at(2, 3) == b"1\n"
    assert [one.base_name for one in fs.get_file_info(["dataset/customers:v0/_ids.csv"])] == ["_ids.csv"]


@pytest.mark.usefixtures("where")
@pytest.mark.filterwarnings("default")  # of Dask's own making
@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_dask_reads_one_version_though_the_alias_moves(scheduler, customers, tmp_path):
    frames = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    customers.promote("dataset/customers:v0", "gold")
    frame = frames.read_parquet("registry://dataset/customers:gold/*/*.parquet")
    assert frame.npartitions == 3

    customers.promote("dataset/customers:v1", "gold")

    assert sorted(frame.compute(scheduler=scheduler).id) == ids(1)
    again = frames.read_parquet("registry://dataset/customers:gold/*/*.parquet")
    assert sorted(again.compute(scheduler=scheduler).id) == ids(10)


@pytest.mark.usefixtures("where")
@pytest.mark.filterwarnings("default")
def test_dask_reads_text():
    frames = pytest.importorskip("dask.dataframe", reason="dask is not installed")

    frame = frames.read_csv("registry://dataset/customers:v0/*.csv")

    assert list(frame.compute(scheduler="threads").id) == [1]


@pytest.mark.usefixtures("where")
def test_files_are_opened_together():
    files = fsspec.open_files("registry://dataset/customers:v0/**/*.parquet")

    assert [file.path for file in files] == [
        f"dataset/customers:v0/month={month}/part-0.parquet" for month in MONTHS
    ]
    with files as opened:
        assert all(file.read(4) == b"PAR1" for file in opened)
