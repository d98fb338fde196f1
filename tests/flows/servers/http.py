"""Smart HTTP: nginx with basic authentication, fcgiwrap and Git's own `git http-backend`."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tests.flows.servers.daemon import listening, program, running
from tests.flows.servers.server import USERS, Server

# AUTH_TYPE is set where a password was asked for and nowhere else: nginx takes $remote_user from what the
# client says even where it asked for nothing. A hook needs no password, so it does not get it.
SITE = """\
{user}
worker_processes 1;
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  fastcgi_temp_path {directory}/fcgi;
  proxy_temp_path {directory}/proxy;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  client_max_body_size 100m;
  server {{
    listen 127.0.0.1:{port};
    auth_basic "git";
    auth_basic_user_file {directory}/passwords;
    location / {{
      fastcgi_pass unix:{directory}/socket;
      fastcgi_param GATEWAY_INTERFACE CGI/1.1;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param SERVER_PROTOCOL $server_protocol;
      fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {home};
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param PATH_INFO $uri;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param AUTH_TYPE Basic;
      fastcgi_param HTTP_AUTHORIZATION "";
      fastcgi_param HTTP_PROXY "";
{surroundings}
    }}
  }}
}}
"""


@dataclass
class Http(Server):
    """nginx and fcgiwrap, which know the users by their passwords."""

    port: int = field(init=False, default=0)
    identity: ClassVar[str] = "http"

    @contextmanager
    def serving(self) -> Iterator[Http]:
        """Serve until the block ends."""
        nginx, wrapper = program("nginx"), program("fcgiwrap")
        self.home.mkdir(parents=True)
        hashed = [f"{user}:{{SHA}}{_sha(password(user))}\n" for user in USERS]
        (self.directory / "passwords").write_text("".join(hashed))
        with ExitStack() as until_the_end:
            waiting = until_the_end.enter_context(socket.socket(socket.AF_UNIX))
            waiting.bind(str(self.directory / "socket"))
            waiting.listen(16)
            # They take connections from their standard input, as FastCGI has it. Two, for two pushes at a
            # time; those that fcgiwrap would fork itself outlive it.
            for log in ("fcgiwrap-1.log", "fcgiwrap-2.log"):
                one = running([wrapper, "-f"], self.directory / log, stdin=waiting, env={})
                until_the_end.enter_context(one)
            errors = self.directory / "nginx.log"
            command = [nginx, "-e", str(errors), "-p", str(self.directory), "-c"]
            with listening(lambda port: [*command, self._site(port)], errors) as self.port:
                yield self

    def url(self, user: str) -> str:
        return f"http://{user}:{password(user)}@127.0.0.1:{self.port}/{self.repository.name}"

    def environment(self, user: str) -> dict[str, str]:
        return {}

    def knows(self, user: str) -> str:
        return f"REMOTE_USER={user}"

    def _site(self, port: int) -> str:
        surroundings = [f'      fastcgi_param {name} "{value}";' for name, value in self.surroundings.items()]
        backend = Path(self.run("git", "--exec-path").strip()) / "git-http-backend"
        place = self.directory / "nginx.conf"
        place.write_text(
            SITE.format(
                user="user root;" if os.geteuid() == 0 else "",
                directory=self.directory,
                home=self.home,
                port=port,
                backend=backend,
                surroundings="\n".join(surroundings),
            )
        )
        return str(place)


def password(user: str) -> str:
    return f"open-sesame-{user}"


def _sha(text: str) -> str:
    return base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()
