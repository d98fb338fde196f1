"""Numbers as people read them."""

import pytest

from git_registry.wording.sizes import counted, size


@pytest.mark.parametrize(
    ("bytes_", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_960, "10 kB"),
        (999_999, "1.0 MB"),
        (2 * 10**15, "2.0 PB"),
    ],
)
def test_sizes(bytes_, text):
    assert size(bytes_) == text
    assert counted(1, "file") == "1 file"
    assert counted(2000, "file") == "2,000 files"
