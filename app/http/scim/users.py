"""Calls about users."""

from app.errors import NotFound
from app.http.scim.calls import Answer, Call
from app.http.scim.lists import listed
from app.provisioning import user_actions, user_queries
from app.provisioning.newcomers import create_user
from app.provisioning.reading import created, merged, patched_user, replacing
from app.provisioning.rendering import user_resource
from app.provisioning.resources import Person
from app.provisioning.searching import search
from app.provisioning.user_queries import USER_ATTRIBUTES, KnownUser


async def find(call: Call) -> Answer:
    asked = call.searched(Person)
    total, users = await user_queries.users(call.session, call.actor, search(asked, Person, USER_ATTRIBUTES))
    return listed(asked, total, [user_resource(user, call.base) for user in users])


async def read(call: Call) -> Answer:
    user = await user_queries.user(call.session, call.actor, call.id)
    if user is None:
        raise NotFound
    return call.answer(user_resource(user, call.base))


async def create(call: Call) -> Answer:
    user = await create_user(call.session, call.actor, created(Person, call.body), call.letters)
    return call.answer(user_resource(user, call.base), 201)


async def replace(call: Call) -> Answer:
    user, present = await _locked(call)
    return await _change(call, user, present, merged(present, replacing(Person, call.body)))


async def patch(call: Call) -> Answer:
    user, present = await _locked(call)
    return await _change(call, user, present, patched_user(call.body, present))


async def delete(call: Call) -> Answer:
    user, _ = await _locked(call)
    await user_actions.delete_user(call.session, call.actor, user)
    return Answer(204)


async def _locked(call: Call) -> tuple[KnownUser, Person]:
    user = await user_actions.locked_user(call.session, call.actor, call.id)
    present = user_resource(user, call.base)
    call.expect(present)
    return user, present


async def _change(call: Call, user: KnownUser, present: Person, wanted: Person) -> Answer:
    changed = await user_actions.change_user(call.session, call.actor, user, present, wanted, call.letters)
    return call.answer(user_resource(changed, call.base))
