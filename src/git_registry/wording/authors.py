"""Whose a step is, in words: who made it, and who had a part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_registry.index.events.steps import Step
    from git_registry.repository.identity import Signature
    from git_registry.repository.signatures import Signed
    from git_registry.sdk.crediting import Credit


def by(one: Step, credit: Credit | None = None) -> str:
    """Return whose step it is: its author's.

    And who committed it, and who proposed it, if that is somebody else; who approved it, and who had asked
    for changes of it.
    """
    author, proposer = one.author, credit.proposed_by if credit else None
    said = author.name if _are_same(author, one.committer) else f"{author.name} (by {one.committer.name})"
    if proposer and not _are_same(author, proposer):
        said += f", proposed by {proposer.name}"
    if credit and credit.approved_by:
        said += f", approved by {' and '.join(credit.approved_by)}"
    if credit and credit.objected_by:
        said += f", though {' and '.join(credit.objected_by)} asked for changes"
    return said


def signed_by(signed: Signed | None) -> str:
    """Return what is known of a commit's signature, and who signed; empty if it has none."""
    if signed is None:
        return ""
    return f"{signed.status}, {signed.signer}" if signed.signer else signed.status


def _are_same(one: Signature, other: Signature) -> bool:
    return (one.name, one.email) == (other.name, other.email)
