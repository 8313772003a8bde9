"""One place against a standard: what its pages have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gridgov.context import Context
from gridgov.contract.standards import Standard
from gridgov.grid.queries.nodes import line_of
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid, TooLarge
from gridgov.standards.queries import marks_of, site_seen
from gridgov.standards.rules import confirms, standard_of
from gridgov.standards.types import Mark, Site, StandardRight
from gridgov.standards.web.asking import STATES
from gridgov.web.forms import faults_of
from gridgov.web.urls import AnyRequest, url_of

Fault = Invalid | Conflict | TooLarge
Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A place against a standard, and what the actor may do about it."""

    ctx: Context
    request: AnyRequest
    standard: Standard
    site: Site
    line: tuple[NodeRow, ...]
    marks: dict[str, Mark]
    may_claim: bool
    may_confirm: bool

    @property
    def shown(self) -> dict[str, Any]:
        """For the pages."""
        levels = self.ctx.policy.levels
        return {
            "standard": self.standard,
            "site": self.site,
            "line": self.line,
            "level": levels[self.site.level],
            "above": levels[confirms(self.standard, self.site.level)],
            "marks": self.marks,
            "states": STATES,
            "may_claim": self.may_claim,
            "may_confirm": self.may_confirm,
        }

    def url(self, name: str, **params: Any) -> str:
        """The address of one of the place's pages."""
        return url_of(
            self.ctx,
            self.request,
            name,
            node_id=self.site.id,
            **params,
            standard=self.standard.code,
        )


def standard_asked(ctx: Context, request: AnyRequest) -> Standard:
    """The standard of the address, or the county's first."""
    return standard_of(ctx.policy.ever, request.query_params.get("standard", ""))


async def held_of(ctx: Context, request: AnyRequest, node_id: UUID) -> Held:
    """The place, if the actor may see it."""
    standard = standard_asked(ctx, request)
    site = await site_seen(ctx, standard, node_id)
    line = await line_of(ctx, site.path)
    level = confirms(standard, site.level)
    above = next((node.path for node in line if node.level == level), None)
    return Held(
        ctx,
        request,
        standard,
        site,
        tuple(line),
        await marks_of(ctx, standard, site.id),
        standard in ctx.policy.county.standards
        and ctx.actor.may(StandardRight.CLAIM, path=site.path),
        above is not None and ctx.actor.may(StandardRight.CONFIRM, path=above),
    )


def errors_of(fault: Fault | None, otherwise: str) -> dict[str, str]:
    """Beside its field; what belongs to none stands with the likeliest question."""
    return faults_of(fault, otherwise="photos" if isinstance(fault, TooLarge) else otherwise)
