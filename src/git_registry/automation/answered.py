"""What came of one attempt to deliver."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a receiver answered, or why none did. It holds no secret, and may be kept and shown.

    Attributes:
        status: the answer's; None where there was none, and for a command.
        problem: why it is not delivered, `answered 503`; empty if it is.
        retry_after: for how many seconds the receiver asks us to wait; None if it does not say.
        body: how the answer begins, or what a command printed.
        seconds: how long it took.
        refused: did we not even ask? Then trying again is of no use before the server's settings, its
            secrets or the receiver's address are others.
        hopeless: can this one never be delivered, whatever becomes of those?
    """

    status: int | None = None
    problem: str = ""
    retry_after: float | None = None
    body: str = ""
    seconds: float = 0.0
    refused: bool = False
    hopeless: bool = False
