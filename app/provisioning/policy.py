"""Who may provision, and with which rights it is done."""

from dataclasses import replace

from app.access.actor import Actor, Anonymous, Held, Rights
from app.access.permissions import Permission, Reach, Role
from app.errors import Forbidden, Unauthenticated

AS_ADMINISTRATOR, AS_INTEGRATION = Rights((Held(Role.ORGANIZATION_ADMIN),)), Rights((Held(Role.INTEGRATION),))


def provisioner(actor: Actor | Anonymous) -> Actor:
    """Somebody who may provision the whole organization, with the rights over its people that it takes: those of an
    integration, though a key may have no other permission; an administrator's if they manage its accounts.

    Raises Unauthenticated or Forbidden.
    """
    if isinstance(actor, Anonymous):
        raise Unauthenticated
    if actor.reach(Permission.PROVISIONING_USE) is not Reach.ORGANIZATION:
        raise Forbidden(Permission.PROVISIONING_USE.value)
    manages = actor.reach(Permission.ACCOUNTS_MANAGE) is Reach.ORGANIZATION
    return replace(actor, rights=AS_ADMINISTRATOR if manages else AS_INTEGRATION, roots=(((), ()),))
