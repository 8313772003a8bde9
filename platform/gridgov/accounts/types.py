"""Words of accounts: rights, walls, and what a request knows about its sign-in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AccountRight(StrEnum):
    """What may be done to other people's accounts."""

    CREATE = "account.create"
    RESET = "account.reset"
    APPROVE_RESET = "account.approve_reset"


class Wall(StrEnum):
    """What must be done first. The value is the name of the only page that is open until then."""

    NONE = ""
    PASSWORD = "password"  # noqa: S105  (a page's name)
    ENROL = "second_factor"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The valid sign-in of a request. ``wall`` names what stands between it and everything else."""

    id: UUID
    account_id: UUID
    login: str
    has_second_factor: bool
    second_factor: bool
    wall: Wall


@dataclass(frozen=True, slots=True)
class Device:
    """One signed-in browser, for the list of devices."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """A new sign-in: ``secret`` goes into the cookie and is kept nowhere else."""

    id: UUID
    account_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody comes: the connection's address and a few words about the browser.

    ``known`` names a browser in which this very log-in has succeeded before, or is empty.
    """

    address: str
    device: str
    known: str = ""
