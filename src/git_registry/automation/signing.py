"""What a receiver knows us by: signatures as Standard Webhooks has them, and as W&B has.

The first covers the id and the time, so that what was overheard can't be sent again later. W&B's covers the
body alone; who can check ours should.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from git_registry.automation.unsent import Unsent

_PREFIX = "whsec_"


def key(value: str) -> bytes:
    """Return the key that a secret's value is: of base64 after `whsec_` the bytes, else what is written.

    Raises:
        Unsent: what follows `whsec_` is no base64.
    """
    if not value.startswith(_PREFIX):
        return value.encode()
    text = value.removeprefix(_PREFIX).rstrip("=")
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Unsent(f"its secret begins with {_PREFIX} and does not go on in base64") from None


def signed(values: Sequence[str], delivery: str, now: float, body: bytes) -> Mapping[str, str]:
    """Return the headers of Standard Webhooks: one signature by each key, so that a receiver may have either.

    Args:
        values: of the secrets, the newest first.
        delivery: its id.
        now: the time of this attempt, in seconds; receivers refuse old ones.
        body: what is signed, to the byte.
    """
    content = f"{delivery}.{int(now)}.".encode() + body
    signatures = (b64encode(hmac.digest(key(value), content, sha256)).decode() for value in values)
    return {**named(delivery, now), "webhook-signature": " ".join(f"v1,{one}" for one in signatures)}


def named(delivery: str, now: float) -> Mapping[str, str]:
    """Return the headers that say which delivery it is, and when it was tried."""
    return {"webhook-id": delivery, "webhook-timestamp": str(int(now))}


def as_wandb(value: str, body: bytes, encoding: str) -> Mapping[str, str]:
    """Return the header that receivers of W&B's webhooks check; its key is the secret as it is written.

    Args:
        value: of the secret.
        body: what is signed.
        encoding: `hex` or `base64`; W&B's own examples have both.
    """
    digest = hmac.digest(value.encode(), body, sha256)
    return {"X-Wandb-Signature": digest.hex() if encoding == "hex" else b64encode(digest).decode()}
