"""The application as a process serves it that does nothing else.

Python looks for garbage again and again while a hundred thousand classes and functions are made, of which none is: a
sixth of the time that a start takes. So it does not look until all is there, and never again at what is there then.
"""

import gc

gc.disable()

from starlette.applications import Starlette  # noqa: E402 -- after it was told not to look

from app.main import create_app  # noqa: E402 -- after it was told not to look


def served() -> Starlette:
    made = create_app()
    gc.freeze()
    gc.enable()
    return made
