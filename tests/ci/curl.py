"""What GitLab would answer to `curl`: what a directory holds of each address, and nothing else."""

import argparse
import json
import os
import sys
from pathlib import Path

ANSWERS = Path(os.environ["ANSWERS"])


def main(words):
    parser = argparse.ArgumentParser(prog="curl")
    for option in ("--fail", "--silent", "--show-error"):
        parser.add_argument(option, action="store_true", required=True)
    parser.add_argument("--config", choices=["-"], required=True)
    parser.add_argument("--header")
    parser.add_argument("--request", default="GET")
    parser.add_argument("--data-binary")
    parser.add_argument("--output")
    parser.add_argument("--write-out", choices=["%header{x-next-page}"])
    parser.add_argument("address")
    asked = parser.parse_args(words)
    assert sys.stdin.read() == 'header = "PRIVATE-TOKEN: the project\'s token"\n'
    body = None
    if asked.data_binary:
        assert asked.header == "Content-Type: application/json"
        body = json.loads(Path(asked.data_binary.removeprefix("@")).read_text())
    with (ANSWERS / "asked.jsonl").open("a") as log:
        log.write(json.dumps([asked.request, asked.address, body]) + "\n")
    known = json.loads((ANSWERS / "answers.json").read_text())
    key = f"{asked.request} {asked.address}"
    if key not in known:
        print(f"curl: (22) The requested URL returned error: 404: {key}", file=sys.stderr)
        sys.exit(22)
    if asked.write_out:
        Path(asked.output).write_text(json.dumps(known[key]["rows"]))
        print(known[key]["next"], end="")
    elif asked.output is None:
        print(json.dumps(known[key]))


main(sys.argv[1:])
