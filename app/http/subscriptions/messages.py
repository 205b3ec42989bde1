"""The messages of graphql-transport-ws, as a client sends them: https://github.com/enisdenjo/graphql-ws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

PROTOCOL = "graphql-transport-ws"


class Fault(Exception):
    """What a socket is closed for: a code of the protocol, and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


GOING_AWAY = Fault(1001, "Going away")
FORBIDDEN = Fault(4403, "Forbidden")
UNAUTHORIZED = Fault(4401, "Unauthorized")
UNKNOWN_PROTOCOL = Fault(4406, "Subprotocol not acceptable")
TOO_LATE = Fault(4408, "Connection initialisation timeout")
TWICE = Fault(4429, "Too many initialisation requests")
INTERNAL = Fault(4500, "Internal server error")


def bad_message(why: str) -> Fault:
    return Fault(4400, f"Bad request: {why}")


def taken(id_: str) -> Fault:
    return Fault(4409, f"Subscriber for {id_[:40]} already exists")


@dataclass(frozen=True, slots=True)
class Init:
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`payload` is a GraphQL request, unread."""

    id: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Message = Init | Ping | Pong | Subscribe | Complete


def read_message(text: str | None) -> Message:
    """Raises Fault (4400) for whatever is no message; None stands for one that is not text."""
    message = _object(text)
    payload = message.get("payload")
    match message.get("type"):
        case "connection_init":
            return Init(_payload(payload) or {})
        case "ping":
            return Ping(_payload(payload))
        case "pong":
            _payload(payload)
            return Pong()
        case "subscribe":
            if not isinstance(payload, dict):
                raise bad_message("'subscribe' has a payload")
            return Subscribe(_id(message), payload)
        case "complete":
            return Complete(_id(message))
    raise bad_message("there is no message of this type")


def _object(text: str | None) -> Mapping[str, Any]:
    if text is None:
        raise bad_message("messages are text")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_message("messages are JSON") from error
    if not isinstance(message, dict):
        raise bad_message("messages are objects")
    return message


def _payload(payload: Any) -> Mapping[str, Any] | None:
    if not isinstance(payload, dict | None):
        raise bad_message("a payload is an object")
    return payload


def _id(message: Mapping[str, Any]) -> str:
    id_ = message.get("id")
    if not isinstance(id_, str) or not id_:
        raise bad_message("an operation has an id")
    return id_
