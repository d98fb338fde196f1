"""What Git would call some bytes, without writing them."""

from __future__ import annotations

import hashlib


def blob_id(content: bytes) -> str:
    """Return the id of the blob with this content (git-hash-object(1), SHA-1 repositories)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
