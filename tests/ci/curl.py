"""What GitLab would answer to `curl`: what a directory holds of each address, and nothing else."""

# ruff: noqa: PTH123 - a job starts this ten times, and pathlib takes as long to import as all it does
import json
import os
import sys

ANSWERS = os.environ["ANSWERS"]
FLAGS = ("--fail", "--silent", "--show-error")
VALUES = ("--config", "--header", "--request", "--data-binary", "--output", "--write-out")
PAGE = "%header{x-next-page}"


def main(words):
    asked = options(words)
    assert set(FLAGS) <= set(asked)
    assert asked["--config"] == "-"
    assert asked.get("--write-out", PAGE) == PAGE
    method, address = asked.get("--request", "GET"), asked["address"]
    assert sys.stdin.read() == 'header = "PRIVATE-TOKEN: the project\'s token"\n'
    body = None
    if "--data-binary" in asked:
        assert asked["--header"] == "Content-Type: application/json"
        body = read(asked["--data-binary"].removeprefix("@"))
    with open(f"{ANSWERS}/asked.jsonl", "a") as log:
        log.write(json.dumps([method, address, body]) + "\n")
    known = read(f"{ANSWERS}/answers.json")
    key = f"{method} {address}"
    if key not in known:
        print(f"curl: (22) The requested URL returned error: 404: {key}", file=sys.stderr)
        sys.exit(22)
    if "--write-out" in asked:
        with open(asked["--output"], "w") as out:
            json.dump(known[key]["rows"], out)
        print(known[key]["next"], end="")
    elif "--output" not in asked:
        print(json.dumps(known[key]))


def read(place):
    with open(place) as file:
        return json.load(file)


def options(words):
    """Return what was asked for: options, each with its value, and the address; another is an error."""
    found, words = {}, iter(words)
    for word in words:
        name = word if word.startswith("--") else "address"
        assert name == "address" or name in FLAGS + VALUES, f"{word} is not known here"
        assert name not in found, f"{name} twice"
        found[name] = next(words) if name in VALUES else word
    return found


main(sys.argv[1:])
