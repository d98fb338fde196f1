"""What `gh` would answer: what a directory holds of each address, and nothing else; what is asked is kept."""

# ruff: noqa: PTH123 - a job starts this ten times, and pathlib takes as long to import as all it does
import json
import os
import sys

ANSWERS = os.environ["ANSWERS"]
FLAGS = ("--paginate", "--slurp", "--silent")
VALUES = ("--method", "--jq", "--input")


def main(words):
    assert os.environ["GH_TOKEN"] == "the job's token"
    if words == ["auth", "setup-git"]:
        return
    assert words[:1] == ["api"], words
    asked = options(words[1:])
    answer = answered(asked)
    if "--jq" in asked:
        import subprocess

        subprocess.run(["jq", "-r", asked["--jq"]], input=json.dumps(answer), text=True, check=True)
    elif "--silent" not in asked:
        print(json.dumps(answer))


def answered(asked):
    method, address = asked.get("--method", "GET"), asked["address"]
    body = read(asked["--input"]) if "--input" in asked else None
    with open(f"{ANSWERS}/asked.jsonl", "a") as log:
        log.write(json.dumps([method, address, body]) + "\n")
    known = read(f"{ANSWERS}/answers.json")
    key = f"{method} {address}"
    if key not in known:
        sys.exit(f"gh: nobody expects {key} (HTTP 404)")
    answers = known[key]
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    with open(f"{ANSWERS}/answers.json", "w") as file:
        json.dump(known, file)
    assert ("--slurp" in asked) is isinstance(answer, list), f"{key}: pages are slurped, one answer is not"
    assert ("--slurp" in asked) is ("--paginate" in asked)
    return answer


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
