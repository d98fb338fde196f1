"""`gh` and `glab` as they are called: whatever is not exactly that is an error. Run as either."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

TOKENS = ("GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "OAUTH_TOKEN")
STATE = Path(sys.argv[0]).parent / "state.json"


def options(words, *flags):
    """Return the words that are options, each with its value."""
    found, words = {}, list(words)
    while words:
        name = words.pop(0)
        assert name.startswith("--"), name
        assert name not in found, f"{name} twice"
        found[name] = True if name in flags else words.pop(0)
    return found


def fail(text, code=1):
    sys.stderr.write(f"{text}\n")
    sys.exit(code)


def hear(state):
    """Keep which tokens were there to be sent."""
    state["tokens"] = sorted({*state["tokens"], *(os.environ[name] for name in TOKENS if name in os.environ)})
    STATE.write_text(json.dumps(state))


class Requests:
    """What is open, kept in a file, and every call that changed something."""

    def __init__(self):
        self.state = json.loads(STATE.read_text())
        hear(self.state)
        if self.state["down"]:
            fail(f"error connecting: check your internet connection\n{self.state['down']}")

    def open(self, branch, base):
        here = {"head": branch, "base": base}
        return [one for one in self.state["requests"] if here.items() <= one.items()]

    def add(self, **request):
        if self.state["race"]:
            self.state["requests"].append(self.state.pop("race"))
            self.state["race"] = None
            self.keep()
        if any(not one["fork"] for one in self.open(request["head"], request["base"])):
            return None
        number = len(self.state["requests"]) + 1
        self.state["requests"].append({"number": number, "fork": False, **request})
        self.state["writes"] += 1
        self.keep()
        return number

    def rewrite(self, number, title, body):
        (one,) = [one for one in self.state["requests"] if str(one["number"]) == number]
        one |= {"title": title, "body": body}
        self.state["writes"] += 1
        self.keep()

    def keep(self):
        STATE.write_text(json.dumps(self.state))


def gh(words):
    match words:
        case ["auth", "status", "--hostname", host]:
            state = json.loads(STATE.read_text())
            state["logins"] += 1
            hear(state)
            if host not in state["hosts"]:
                fail("You are not logged into any accounts on that host")
            print(f"Logged in to {host}; Token: gho_****")
        case ["pr", "list", *rest]:
            asked = options(rest)
            assert asked.pop("--json") == "number,url,title,body,isCrossRepository"
            assert asked.pop("--state") == "open"
            assert asked.pop("--limit") == "20"
            page = "https://" + asked.pop("--repo")
            found = Requests().open(asked.pop("--head"), asked.pop("--base"))
            assert not asked
            print(Requests().state["says"] or json.dumps([_gh_row(page, one) for one in found]))
        case ["pr", "create", *rest]:
            asked = options(rest, "--draft")
            assert asked.pop("--body-file") == "-"
            page = "https://" + asked.pop("--repo")
            request = {"head": asked.pop("--head"), "base": asked.pop("--base"), "body": sys.stdin.read()}
            number = Requests().add(**request, title=asked.pop("--title"), draft=asked.pop("--draft", False))
            assert not asked
            if number is None:
                fail(f'a pull request for branch "{request["head"]}" into branch "main" already exists:')
            print(f"{page}/pull/{number}")
        case ["pr", "edit", number, "--repo", _, "--title", title, "--body-file", "-"]:
            Requests().rewrite(number, title, sys.stdin.read())
        case _:
            fail(f"unknown command {words}", 64)


def _gh_row(page, one):
    url = f"{page}/pull/{one['number']}"
    text = {"title": one["title"], "body": one["body"]}
    return {"number": one["number"], "url": url, **text, "isCrossRepository": one["fork"]}


def glab(words):
    match words:
        case ["mr", "list", *rest]:
            asked = options(rest)
            assert asked.pop("--output") == "json"
            page = asked.pop("--repo")
            found = Requests().open(asked.pop("--source-branch"), asked.pop("--target-branch"))
            assert not asked
            print(Requests().state["says"] or json.dumps([_glab_row(page, one) for one in found]))
        case ["mr", "create", *rest]:
            asked = options(rest, "--draft", "--yes")
            assert asked.pop("--yes")
            page = asked.pop("--repo")
            request = {"head": asked.pop("--source-branch"), "base": asked.pop("--target-branch")}
            text = {"title": asked.pop("--title"), "body": asked.pop("--description")}
            draft = asked.pop("--draft", False)
            text["title"] = f"{'Draft: ' if draft else ''}{text['title']}"
            number = Requests().add(**request, **text, draft=draft)
            assert not asked
            if number is None:
                fail(
                    "Failed to create merge request.\n\n409 {message: "
                    "[Another open merge request already exists for this source branch: !1]}"
                )
            print(f"!{number} {text['title']}\n {page}/-/merge_requests/{number}")
        case ["mr", "update", number, "--repo", _, "--title", title, "--description", body]:
            Requests().rewrite(number, title, body)
        case _:
            fail(f"unknown command {words}", 64)


def _glab_row(page, one):
    url = f"{page}/-/merge_requests/{one['number']}"
    text = {"title": one["title"], "description": one["body"]}
    project = {"source_project_id": 8 if one["fork"] else 7, "target_project_id": 7}
    return {"iid": one["number"], "web_url": url, **text, **project}


if __name__ == "__main__":
    {"gh": gh, "glab": glab}[Path(sys.argv[0]).name](sys.argv[1:])
