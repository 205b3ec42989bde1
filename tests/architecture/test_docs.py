"""What is printed from the code is today's, and nothing names a machine."""

import re
import subprocess

import pytest

from docs.generate import PAGES
from tests.architecture.sources import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_todays(name: str) -> None:
    assert (ROOT / name).read_text() == PAGES[name](), "run `make docs`"


def test_no_committed_file_names_a_machine_or_a_package_index() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert listed
    wrong = re.compile(
        r"(/(work|root|home/(?!allround))/\w|index-url +http|\"resolved\": *\"http|registry\.npmjs|pypi\.org/simple)"
    )
    found = []
    for name in listed:
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".lock", ".json", ".yaml", ".sh", ""}:
            text = path.read_text(errors="replace")
            found += [
                f"{name}: {match.group()}"
                for match in wrong.finditer(text)
                if name != "tests/architecture/test_docs.py"
            ]
    assert not found, "\n".join(found)
