"""SHA-256 of a few lines of text.

`hashlib` loads OpenSSL, which takes longer than all that resolving an alias hashes. Where the interpreter
has an implementation of its own, it is taken instead, as `random` in the standard library does. Whole files
are hashed by `hashlib`, which is faster once it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["sha256"]

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # since Python 3.12
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256
