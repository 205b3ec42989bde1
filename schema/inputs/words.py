"""What inputs of every context are described with."""

VERSION = "The version that was read; if it is not the present one any more, nothing is changed."
KEY = "Makes the request safe to send again: the same key answers the same result. 1 to 200 characters."
ROW_KEY = "Makes the row safe to send again: the same key answers the same result. 1 to 200 characters."
DRY = "Try it only: every row is checked as if the ones before it had been done, and nothing is changed."
ATOMIC = "All rows or none: if one is refused, nothing is changed."
