"""A signed push (`git push --signed`): the ssh key whose signature is good.

Git calls the signature of any ssh key good, whoever's it is, so this says which key it was, and `identities`
have to know it. The nonce has to be this server's, of this very push: without it a certificate could be sent
again.
"""

from __future__ import annotations

from git_registry.hooks.identity import fingerprint
from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told
from git_registry.policy.account import Account


def identify(told: Told) -> Pusher:
    """Return who pushes by the key that signed the push's certificate."""
    told.need("GIT_PUSH_CERT", "push with `git push --signed`")
    if told.text("GIT_PUSH_CERT_STATUS") != "G":
        raise told.refusal("the push certificate bears no good signature")
    if told.text("GIT_PUSH_CERT_NONCE_STATUS") != "OK":
        raise told.refusal(
            "the push certificate is not for this push",
            "the server needs receive.certNonceSeed, and over HTTP receive.certNonceSlop as well",
        )
    key = told.text("GIT_PUSH_CERT_KEY")
    if not fingerprint.is_one(key):
        raise told.refusal("the push certificate is not signed with an ssh key", "set gpg.format to ssh")
    return Pusher(account=Account(key=key))
