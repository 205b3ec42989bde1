"""Columns that not everybody sees: by role, known while planning, or by the relation to the row, known in SQL."""

from app.access.permissions import Role
from tests.builders import gid
from tests.planner.museum import Museum


async def test_a_column_redacted_by_role_is_null_for_the_others_and_not_even_read(museum: Museum) -> None:
    room = await museum.room("Hall", notes="the key is under the mat")
    query = "query ($id: ID!) { room(id: $id) { name notes again: notes } }"
    employee, admin = await museum.caller(), await museum.caller(Role.ORGANIZATION_ADMIN)
    museum.ways.sent.texts.clear()
    assert await employee.get(query, id=gid(room)) == {"name": "Hall", "notes": None, "again": None}
    assert not any("rooms.notes" in text for text in museum.ways.sent.texts)
    secret = "the key is under the mat"
    assert await admin.get(query, id=gid(room)) == {"name": "Hall", "notes": secret, "again": secret}


async def test_a_column_redacted_by_relation_is_null_row_by_row(museum: Museum) -> None:
    guard = await museum.world.person("Guard")
    await museum.room("Hers", alarm="1234", guard_id=guard.id)
    await museum.room("Nobodys", alarm="9999")
    asker = museum.ways.of(await museum.world.sign_in(guard, Role.EMPLOYEE))
    query = "{ rooms { nodes { name alarm } edges { node { alarm } } } }"
    answered = await asker.get(query)
    assert answered["nodes"] == [{"name": "Hers", "alarm": "1234"}, {"name": "Nobodys", "alarm": None}]
    assert answered["edges"] == [{"node": {"alarm": "1234"}}, {"node": {"alarm": None}}]
    somebody = await museum.caller()
    assert [node["alarm"] for node in (await somebody.get(query))["nodes"]] == [None, None]


async def test_columns_with_one_rule_ask_it_once_for_each_row(museum: Museum) -> None:
    guard = await museum.world.person("Guard")
    await museum.room("Hers", alarm="1234", cellar="5678", guard_id=guard.id)
    await museum.room("Nobodys", alarm="9999", cellar="0000")
    asker = museum.ways.of(await museum.world.sign_in(guard, Role.EMPLOYEE))
    await asker.get("{ number }")
    query = "{ rooms { nodes { alarm again: alarm cellar } edges { node { cellar next { cellar } } } } }"
    museum.ways.sent.texts.clear()
    answered = await asker.get(query)
    assert museum.ways.sent.texts[0].count("guard_id =") == 2  # of the rooms, and of the rooms next to them
    assert answered["nodes"] == [
        {"alarm": "1234", "again": "1234", "cellar": "5678"},
        {"alarm": None, "again": None, "cellar": None},
    ]
    assert answered["edges"] == [
        {"node": {"cellar": "5678", "next": None}},
        {"node": {"cellar": None, "next": None}},
    ]


async def test_a_rule_of_one_column_stands_at_the_column_and_one_of_several_places_beside_the_row(
    museum: Museum,
) -> None:
    await museum.exhibit("Vase", await museum.room("Hall", alarm="1234"))
    asker = await museum.caller()
    await asker.get("{ number }")
    for selected, beside in (
        ("alarm", 0),
        ("alarm cellar", 1),
        ("alarm guarded { title }", 1),
        ("guarded { title }", 1),
    ):
        museum.ways.sent.texts.clear()
        await asker.get(f"{{ rooms {{ nodes {{ {selected} }} }} }}")
        assert museum.ways.sent.texts[0].count(" AS holds") == beside


async def test_an_edge_asks_the_same_rule_of_its_parent_together_with_the_columns(museum: Museum) -> None:
    guard = await museum.world.person("Guard")
    for name, watch in (("Hers", guard.id), ("Nobodys", None)):
        await museum.exhibit("Vase", await museum.room(name, alarm="1234", guard_id=watch))
    asker = museum.ways.of(await museum.world.sign_in(guard, Role.EMPLOYEE))
    await asker.get("{ number }")
    museum.ways.sent.texts.clear()
    answered = await asker.get("{ rooms { nodes { alarm guarded { title } } } }")
    assert museum.ways.sent.texts[0].count("guard_id =") == 1
    assert answered["nodes"] == [{"alarm": "1234", "guarded": [{"title": "Vase"}]}, {"alarm": None, "guarded": []}]


async def test_what_is_redacted_stays_so_under_long_keys_and_through_edges(museum: Museum) -> None:
    last = await museum.room("Last", notes="secret", alarm="1234")
    await museum.room("First", next_room_id=last.id)
    asker = await museum.caller()
    key = "k" * 70
    query = f"{{ rooms {{ nodes {{ next {{ {key}n: notes {key}a: alarm }} }} }} }}"
    assert (await asker.get(query))["nodes"] == [{"next": {f"{key}n": None, f"{key}a": None}}, {"next": None}]


async def test_a_guarded_field_is_refused_to_who_lacks_the_permission(museum: Museum) -> None:
    await museum.room("Hall")
    query = "{ managedRooms { totalCount } rooms { totalCount } }"
    answered = await (await museum.caller()).answer(query)
    assert answered["data"] == {"managedRooms": None, "rooms": {"totalCount": 1}}
    (error,) = answered["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["managedRooms"], "FORBIDDEN")
    admin = await museum.caller(Role.ORGANIZATION_ADMIN)
    assert await admin.ask(query) == {"managedRooms": {"totalCount": 1}, "rooms": {"totalCount": 1}}


async def test_nobody_is_signed_in_for_a_guarded_field(museum: Museum) -> None:
    anonymous = museum.ways.of(museum.world.anonymous())
    answered = await anonymous.answer("{ managedRooms { totalCount } rooms { totalCount } }")
    assert answered["data"] == {"managedRooms": None, "rooms": {"totalCount": 0}}
    (error,) = answered["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["managedRooms"], "UNAUTHENTICATED")
