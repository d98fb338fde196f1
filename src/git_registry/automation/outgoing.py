"""What is to be sent, with the names of its secrets in their places: it can be kept, and shown to anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request, or a command's input.

    Attributes:
        url: where it goes; empty where `url_secret` names the secret that is the URL, and for a command.
        secrets: the names of the keys it is signed by, the newest first; none for no signature.
        bearer: the name of the token that is sent as `Authorization: Bearer`; empty for none.
        form_token: the name of the one that is the form's field `token`, as GitLab has it; the body is a form
        wandb_signature: `hex` or `base64`, or empty: how W&B's signature of the body is written.
        command: the name of the server's command that reads the body; empty for a request.
        headers: those that hold no secret.
    """

    url: str = ""
    url_secret: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    bearer: str = ""
    form_token: str = ""
    wandb_signature: str = ""
    command: str = ""

    @property
    def receiver(self) -> str:
        """Return who is asked, as a person names them, and without what a URL's path or query may hold."""
        if self.command:
            return f"command {self.command}"
        return self.url_secret or host(self.url)


def host(url: str) -> str:
    """Return as much of a URL as anybody may see: what follows may hold a key."""
    scheme, apart, rest = url.partition("://")
    return scheme + apart + min((rest.partition(end)[0] for end in "/?#"), key=len)
