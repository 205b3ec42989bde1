"""Modules that are loaded when something in them is first used: a start takes most of its time for loading.

A name is bound to one in the place of an import, which stays for the checks of types and of the architecture:

    if TYPE_CHECKING:
        from app.demo import loading
    else:
        loading = Seldom("app.demo.loading")
"""

from importlib import import_module
from typing import Any


class Seldom:
    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
