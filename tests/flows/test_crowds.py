"""Several who expect the same of an alias at the same moment."""

from git_registry.index.numbers import numbers

from .workers import finished, start

PROMOTING = """
with catalog(sys.argv[1]) as here:
    try:
        aliasing.promote(here, [f"model/churn:{sys.argv[2]}"], "production", expect="v0")
        print("moved")
    except RegistryError as error:
        print(error.exit_code)
"""


def test_of_several_who_expect_the_same_one_wins(desk, tmp_path):
    for text in ("one", "two", "three", "four", "five"):
        desk.link(text)
    desk.promote("model/churn:v0", "production")

    people = [start(PROMOTING, desk.path, f"v{number}", cwd=tmp_path) for number in range(1, 5)]
    said = [out.strip() for out in finished(people)]

    assert sorted(said) == ["6", "6", "6", "moved"]
    winner = desk(numbers, ["model/churn"]).get("model/churn", desk.aliases()["production"])
    assert winner.number == said.index("moved") + 1
    assert len(desk.log()) == 8
