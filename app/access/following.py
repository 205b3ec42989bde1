"""What the resolver of a subscription has at hand."""

from dataclasses import dataclass, fields

from app.access.context import RequestContext
from app.db.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingContext(RequestContext):
    """`hub` tells of what happens from now on."""

    hub: Hub

    @classmethod
    def of(cls, context: RequestContext, hub: Hub) -> "FollowingContext":
        return cls(**{each.name: getattr(context, each.name) for each in fields(RequestContext)}, hub=hub)
