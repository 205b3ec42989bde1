"""The difference between a member that was not given and one that was given as null."""

from enum import Enum
from typing import Final, Literal


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
Absent = Literal[_Absent.ABSENT]
