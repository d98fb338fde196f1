"""Values that people hand in: one typed on a command line, and whole files of metadata."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.codec import scalars
from git_registry.codec.decoding import Decoding
from git_registry.codec.reading import read_tree
from git_registry.codec.tree import Mapping as MappingNode
from git_registry.errors import InvalidDocument
from git_registry.model.documents.record import Value


def decode_value(text: str) -> Value:
    """Return the value typed as `text`: what stands behind the `=` in `auc=0.93`.

    Brackets, braces and quotes open a list, a mapping or a text as they do in YAML's flow style;
    anything else is one plain scalar, whatever it holds (`s3://a#b`, `why: because`).

    Raises:
        InvalidDocument: an opened bracket or quote is not closed, or what is inside is not strict YAML.
    """
    problem = scalars.text_problem(text)
    if problem:
        raise InvalidDocument(problem)
    if not text.startswith(("[", "{", '"', "'")):
        return scalars.value_of(text)
    tree = read_tree(text.encode(), "")
    decoding = Decoding("", strict=True)
    decoding.told(tree.mistakes)
    value = decoding.value(tree.root, None)
    decoding.problems.done()
    return value


def load_mapping(data: bytes, where: str = "") -> Mapping[str, Value]:
    """Return the mapping in a file of metadata or metrics, YAML or JSON.

    Raises:
        InvalidDocument: it is not a mapping, or breaks the strict rules every document follows.
    """
    tree = read_tree(data, where, json=True)
    decoding = Decoding(where, strict=True)
    decoding.told(tree.mistakes)
    if not isinstance(tree.root, MappingNode):
        decoding.problem(tree.root.line, None, f"expected a mapping, found {tree.root.what}")
    value = decoding.value(tree.root, None)
    decoding.problems.done()
    assert isinstance(value, Mapping)
    return value
