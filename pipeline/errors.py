"""Errors a user can meet, each with its exit code (docs/operations.md lists what to do on each)."""

from __future__ import annotations


class ClaimAuditError(Exception):
    """A cause in one sentence and a remedy in one sentence; never a traceback for the user.

    `exit_code` is what the command line returns: see the subclasses.
    """

    exit_code = 70

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(f"{cause} {remedy}".strip())
        self.cause = cause
        self.remedy = remedy


class UsageError(ClaimAuditError):
    """Bad arguments or settings."""

    exit_code = 2


class InputError(ClaimAuditError):
    """The input broke its contract; nothing was audited."""

    exit_code = 3


class IncompleteError(ClaimAuditError):
    """The run went through, but some check could not run."""

    exit_code = 4


class LockedError(ClaimAuditError):
    """Another run holds the lock."""

    exit_code = 5


class DefinitionError(ClaimAuditError):
    """A SQL or cases file of the product itself is not well formed (file and line in the cause)."""

    exit_code = 70
