"""A bounded cache that forgets what was not used for longest."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


def alike(_: object) -> int:
    return 1


class Kept(Generic[V]):
    """What it keeps weighs no more than `most` together; each thing weighs 1 unless `weigh` says it."""

    def __init__(self, most: int, weigh: Callable[[V], int] = alike) -> None:
        self._most, self._weigh = most, weigh
        self._weight = 0
        self._found: OrderedDict[Hashable, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable) -> V | None:
        value = self._found.get(key)
        if value is not None:
            self._found.move_to_end(key)
        return value

    def put(self, key: Hashable, value: V) -> None:
        self._weight += self._weigh(value)
        replaced = self._found.pop(key, None)
        if replaced is not None:
            self._weight -= self._weigh(replaced)
        self._found[key] = value
        while self._weight > self._most:
            _, forgotten = self._found.popitem(last=False)
            self._weight -= self._weigh(forgotten)
