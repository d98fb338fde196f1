"""The REST APIs of GitHub, GitLab and Gitea, as far as they are called; whatever else is asked is an error.

Shapes are those of docs.github.com/rest/pulls/pulls, docs.gitlab.com/api/merge_requests and Gitea's swagger.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

PATH = "acme/registry"


@dataclass
class Forge:
    """A forge, its requests, and what it was asked.

    Attributes:
        answer: makes the answer to a call; see below.
        broken: what is answered instead, status, headers and body.
        race: what somebody else opens just before us.
        wrong: what was asked that nobody documented.
    """

    answer: object
    host: str = ""
    requests: list = field(default_factory=list)
    writes: int = 0
    broken: tuple | None = None
    race: dict | None = None
    wrong: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    @property
    def page(self):
        return f"http://{self.host}/{PATH}"

    def open(self, head, base):
        return [one for one in self.requests if (one["head"], one["base"]) == (head, base)]

    def add(self, **request):
        if self.race:
            self.requests.append(self.race)
            self.race = None
        if any(not one["fork"] and _is_open(one) for one in self.open(request["head"], request["base"])):
            return None
        self.writes += 1
        self.requests.append({"number": len(self.requests) + 1, "fork": False, **request})
        return self.requests[-1]

    def rewrite(self, number, title, body):
        (one,) = [one for one in self.requests if one["number"] == number]
        one |= {"title": title, "body": body}
        self.writes += 1
        return one


def _is_open(one):
    return one.get("state", "open") == "open"


@dataclass
class Call:
    method: str
    path: str
    query: dict
    headers: Message
    json: object


@contextmanager
def serving(answer):
    """Serve a forge on this machine, and yield it."""
    forge = Forge(answer)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {
                name: value
                for name, (value,) in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()
            }
            call = Call(self.command, parts.path, query, self.headers, json.loads(body) if body else None)
            forge.asked.append(call)
            if forge.broken:
                return self._send(*forge.broken)
            try:
                status, value = forge.answer(forge, call)
            except Exception as wrong:  # noqa: BLE001 - a test reads it
                forge.wrong.append(f"{call}: {wrong!r}")
                return self._send(400, {}, b'{"message": "not as documented"}')
            return self._send(status, {}, json.dumps(value).encode())

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815

        def _send(self, status, headers, body):
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _headers(call, **wanted):
    for name, value in wanted.items():
        assert call.headers[name.replace("_", "-")] == value, name
    assert call.headers["User-Agent"] == "git-registry"
    if call.json is not None:
        assert call.headers["Content-Type"] == "application/json"


def github(forge, call):
    _headers(
        call,
        Authorization="Bearer sesame",
        Accept="application/vnd.github+json",
        X_GitHub_Api_Version="2022-11-28",
    )
    pulls = f"/api/v3/repos/{PATH}/pulls"
    match call.method, call.path:
        case "GET", path if path == pulls:
            owner, _, branch = call.query.pop("head").partition(":")
            assert owner == "acme"
            assert call.query.pop("state") == "open"
            found = forge.open(branch, call.query.pop("base"))
            assert not call.query
            return 200, [_pull(forge, one) for one in found if not one["fork"]]
        case "POST", path if path == pulls:
            assert (
                {"title", "head", "base", "body"}
                <= set(call.json)
                <= {"title", "head", "base", "body", "draft"}
            )
            made = forge.add(**call.json)
            if made is None:
                errors = [{"resource": "PullRequest", "code": "custom", "message": _EXISTS}]
                return 422, {"message": "Validation Failed", "errors": errors}
            return 201, _pull(forge, made)
        case "PATCH", path if path.startswith(f"{pulls}/"):
            assert set(call.json) == {"title", "body"}
            return 200, _pull(forge, forge.rewrite(int(path.rpartition("/")[2]), **call.json))
    raise AssertionError


_EXISTS = "A pull request already exists for acme:it."


def _pull(forge, one):
    url = f"{forge.page}/pull/{one['number']}"
    return {
        "number": one["number"],
        "html_url": url,
        "state": "open",
        "body": one["body"],
        "title": one["title"],
    }


def gitlab(forge, call):
    _headers(call, Private_Token="sesame", Accept="application/json")
    requests = f"/api/v4/projects/{quote(PATH, safe='')}/merge_requests"
    match call.method, call.path:
        case "GET", path if path == requests:
            assert call.query.pop("state") == "opened"
            found = forge.open(call.query.pop("source_branch"), call.query.pop("target_branch"))
            assert not call.query
            return 200, [_merge_request(forge, one) for one in found]
        case "POST", path if path == requests:
            told = dict(call.json)
            names = {"head": told.pop("source_branch"), "base": told.pop("target_branch")}
            made = forge.add(**names, title=told.pop("title"), body=told.pop("description"))
            assert not told
            if made is None:
                return 409, {
                    "message": ["Another open merge request already exists for this source branch: !1"]
                }
            return 201, _merge_request(forge, made)
        case "PUT", path if path.startswith(f"{requests}/"):
            assert set(call.json) == {"title", "description"}
            made = forge.rewrite(int(path.rpartition("/")[2]), call.json["title"], call.json["description"])
            return 200, _merge_request(forge, made)
    raise AssertionError


def _merge_request(forge, one):
    text = {"title": one["title"], "description": one["body"]}
    project = {"source_project_id": 8 if one["fork"] else 7, "target_project_id": 7}
    url = f"{forge.page}/-/merge_requests/{one['number']}"
    return {"iid": one["number"], "web_url": url, **text, "state": "opened", **project}


def gitea(forge, call):
    _headers(call, Authorization="token sesame", Accept="application/json")
    pulls = f"/api/v1/repos/{PATH}/pulls"
    match call.method, call.path:
        case "GET", path if path == pulls:
            assert call.query == {"state": "open", "sort": "recentupdate", "limit": "50"}
            return 200, [_gitea_pull(forge, one) for one in forge.requests if _is_open(one)]
        case "GET", path if path.startswith(f"{pulls}/"):
            base, _, head = path.removeprefix(f"{pulls}/").partition("/")
            assert not call.query
            found = [one for one in forge.open(unquote(head), unquote(base)) if not one["fork"]]
            return (
                (200, _gitea_pull(forge, found[0]))
                if found
                else (404, {"message": "The target couldn't be found."})
            )
        case "POST", path if path == pulls:
            assert set(call.json) == {"title", "head", "base", "body"}
            made = forge.add(**call.json)
            if made is None:
                return 409, {"message": "pull request already exists for these targets"}
            return 201, _gitea_pull(forge, made)
        case "PATCH", path if path.startswith(f"{pulls}/"):
            assert set(call.json) == {"title", "body"}
            return 201, _gitea_pull(forge, forge.rewrite(int(path.rpartition("/")[2]), **call.json))
    raise AssertionError


def _gitea_pull(forge, one):
    url = f"{forge.page}/pulls/{one['number']}"
    state = {"state": one.get("state", "open"), "title": one["title"]}
    state["head"] = {"ref": one["head"], "repo_id": 8 if one["fork"] else 7}
    state["base"] = {"ref": one["base"], "repo_id": 7}
    return {"number": one["number"], "html_url": url, **state, "body": one["body"]}
