from pathlib import Path

import pytest

from app.imports.mapping import BadMapping
from app.rosters.reading import open_files


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ("{key: Id, name: Name, count: Posts}", "with count, key needs {#}"),
        ("{key: Id, name: {template: '{Name} {#}'}}", "takes count"),
        ("{key: Id, name: Name, manager: {column: Boss, by: grade}}", "sources.staff.people.manager.by"),
        ("{key: Id, name: Name, contacts: [{kind: FAX, value: Fax}]}", "sources.staff.people.contacts.0.kind"),
        ("{key: Id, name: Name, salary: Pay}", "sources.staff.people.salary: unknown key"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path: Path, people: str, message: str) -> None:
    mapping = tmp_path / "staff.yaml"
    mapping.write_text(f"title: Staff\nsources:\n  staff:\n    people: {people}\n")
    with pytest.raises(BadMapping) as refused:
        open_files(mapping, ["staff.csv"])
    assert message in str(refused.value)
