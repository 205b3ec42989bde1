from pathlib import Path

import pytest
from pydantic import Field

from app.imports.mapping import MAX_BYTES, BadMapping, MappingProblem, StrictModel, Texts, load_mapping


class Cellar(StrictModel):
    wine: str
    years: Texts = ()
    bottles: int = Field(default=0, ge=0)


class House(StrictModel):
    title: str
    cellars: dict[str, Cellar] = {}  # noqa: RUF012 -- pydantic copies it


def load(folder: Path, text: str | bytes) -> House:
    path = folder / "house.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_mapping(path, House)


def problems(folder: Path, text: str | bytes) -> list[MappingProblem]:
    with pytest.raises(BadMapping) as refused:
        load(folder, text)
    assert refused.value.file == "house.yaml"
    return list(refused.value.problems)


def test_a_mapping_is_read(tmp_path: Path) -> None:
    house = load(tmp_path, "title: Home\ncellars:\n  deep: {wine: red, years: [1999, 2001], bottles: 12}\n")
    assert house.cellars["deep"] == Cellar(wine="red", years=("1999", "2001"), bottles=12)


def test_what_yaml_would_take_for_something_else_stays_text(tmp_path: Path) -> None:
    house = load(tmp_path, "title: No\ncellars: {010: {wine: 2011-03-31, years: null}}\n")
    assert house.title == "No"
    assert house.cellars["010"] == Cellar(wine="2011-03-31", years=("null",))


def test_every_wrong_key_is_named_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "titel: Home\ncellars:\n  deep: {bottles: -1, colour: x}\n  low: red\n")
    assert [str(problem) for problem in found] == [
        "title: is missing",
        "cellars.deep.wine: is missing",
        "cellars.deep.bottles: should be greater than or equal to 0",
        "cellars.deep.colour: unknown key here",
        "cellars.low: has keys of its own, so a plain value is not enough",
        "titel: unknown key; is “title” meant?",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [Home", "line 1"),
        ("title: Home\ntitle: House\n", "line 2, column 1: the key “title” is there twice"),
        ("title: &a Home\ncellars: *a\n", "line 2, column 10: aliases are not supported"),
        ("title: \x00", "not YAML"),
        ("? [a, b]\n: c\n", "unhashable"),
        (b"title: Hom\xe9", "line 1 is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), "larger than"),
        ("[" * 3_000, "nested too deeply"),
        ("", "has keys of its own"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    [problem] = problems(tmp_path, text)
    assert problem.key == ""
    assert message in problem.message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match=r"none\.yaml: cannot be read: No such file"):
        load_mapping(tmp_path / "none.yaml", House)
