"""What the schema promises: words, guards, unions."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLSchema, is_enum_type, is_input_object_type, is_interface_type, is_object_type

from app.planner.catalog import Catalog
from app.planner.guard import Guarded
from schema.root import build


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(build())


def test_everything_is_described(catalog: Catalog) -> None:
    missing = list(_undescribed(catalog.graphql))
    assert not missing, "\n".join(missing)


def _undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        if not type_.description:
            yield name
        if is_enum_type(type_):
            yield from (f"{name}.{value}" for value, member in type_.values.items() if not member.description)
        if is_input_object_type(type_):
            yield from (f"{name}.{field}" for field, member in type_.fields.items() if not member.description)
        if is_object_type(type_) or is_interface_type(type_):
            for field, member in type_.fields.items():
                if not member.description:
                    yield f"{name}.{field}"
                yield from (f"{name}.{field}({key})" for key, arg in member.args.items() if not arg.description)


def test_every_root_field_has_a_guard_that_the_sdl_shows(catalog: Catalog) -> None:
    sdl = build().as_str()
    roots = [catalog.graphql.query_type, catalog.graphql.mutation_type]
    for root in filter(None, roots):
        for name in root.fields:
            member = catalog.member(root, name)
            assert member is not None, f"{root.name}.{name}"
            assert isinstance(member.guard, Guarded), f"{root.name}.{name} has no guard"
            assert f'@requires(permission: "{member.guard.permission.value}")' in sdl


def test_every_mutation_takes_one_input_and_answers_a_union_with_rejected(catalog: Catalog) -> None:
    mutation = catalog.graphql.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"], name
        result = catalog.graphql.get_type(f"{name[0].upper()}{name[1:]}Result")
        assert result is not None, name
        assert "Rejected" in {type_.name for type_ in catalog.graphql.get_possible_types(result)}, name  # type: ignore[arg-type] # a union, or the assertion fails


def test_every_lens_says_what_is_visible(catalog: Catalog) -> None:
    assert catalog.lenses()
    for name, lens in catalog.lenses().items():
        assert callable(lens.visible), name
