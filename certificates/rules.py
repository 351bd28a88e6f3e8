"""Expiry and status of certificates (rule 5 of the domain). Pure: days are passed in."""

from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class Status(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


def serial_of(administration_code: str, year: int, number: int) -> str:
    """The number for people to read out: administration, year, running number."""
    return f"{administration_code.upper()}-{year}-{number:06d}"


def expiry(issued_on: date, months: int) -> date:
    """The first day on which the certificate no longer holds: months later, clamped to the month's end.

    2025-03-01 and 12 months give 2026-03-01; 2024-08-31 and 6 months give 2025-02-28.
    """
    return issued_on + relativedelta(months=months)


def status_on(on: date, *, expires_on: date | None, revoked: bool, superseded: bool) -> Status:
    """The status on a day. What was taken back stays taken back, whatever else happened to it."""
    if revoked:
        return Status.REVOKED
    if superseded:
        return Status.SUPERSEDED
    if expires_on is not None and on >= expires_on:
        return Status.EXPIRED
    return Status.VALID
