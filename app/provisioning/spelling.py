"""What directories write otherwise than RFC 7644 does, put as it does. Each peculiarity is one that is documented.

- Microsoft Entra ID names a manager by the bare id, or by a list of one, and asks for `manager` without its schema.
- Who is nobody's report any more has an empty manager there.
"""

from collections.abc import Mapping
from typing import Any

from scim2_models import ScimFilter
from scim2_models.path import (
    AttrPath,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    Not,
    Present,
    ValuePath,
)

from app.provisioning.resources import EnterpriseUser

ENTERPRISE = str(EnterpriseUser.__schema__)
UNQUALIFIED = {"manager", "department", "employeenumber"}


def spelled_filter(text: str) -> str:
    """Raises InvalidFilterException for what is no filter."""
    return str(_Spelling().visit(ScimFilter[Any](text).ast))


class _Spelling(FilterVisitor[FilterNode]):
    def visit_comparison(self, node: Comparison) -> FilterNode:
        path = _qualified(node.attr_path)
        if path.uri == ENTERPRISE and path.attr.lower() == "manager" and path.sub_attr is None:
            path = AttrPath(path.attr, "value", path.uri)
        return Comparison(path, node.op, node.value)

    def visit_present(self, node: Present) -> FilterNode:
        return Present(_qualified(node.attr_path))

    def visit_not(self, node: Not) -> FilterNode:
        return Not(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> FilterNode:
        return LogicalExpr(node.op, tuple(map(self.visit, node.terms)))

    def visit_value_path(self, node: ValuePath) -> FilterNode:
        return node


def _qualified(path: AttrPath) -> AttrPath:
    if path.uri is None and path.attr.lower() in UNQUALIFIED:
        return AttrPath(path.attr, path.sub_attr, ENTERPRISE)
    if path.uri is not None and path.uri.lower() == ENTERPRISE.lower():
        return AttrPath(path.attr, path.sub_attr, ENTERPRISE)
    return path


def spelled_operation(sent: Mapping[str, Any]) -> dict[str, Any]:
    """One operation of a PATCH for a user."""
    operation = {key.lower(): value for key, value in sent.items()}
    path, value = operation.get("path"), operation.get("value")
    if isinstance(path, str) and path:
        path = operation["path"] = _spelled_key(path)
        if _is_manager(path):
            return _of_manager(operation, value)
    elif isinstance(value, dict):
        operation["value"] = {_spelled_key(key): _spelled_value(key, item) for key, item in value.items()}
    return operation


def _of_manager(operation: dict[str, Any], sent: Any) -> dict[str, Any]:
    manager = _manager(sent)
    if manager is None and "op" in operation:
        return {"op": "remove", "path": operation["path"]}
    return {**operation, "value": manager}


def _spelled_key(key: str) -> str:
    return f"{ENTERPRISE}:{key}" if key.partition(".")[0].lower() in UNQUALIFIED else key


def _spelled_value(key: str, value: Any) -> Any:
    if _is_manager(_spelled_key(key)):
        return _manager(value)
    if key.lower() == ENTERPRISE.lower() and isinstance(value, dict):
        return {name: _manager(item) if name.lower() == "manager" else item for name, item in value.items()}
    return value


def _is_manager(path: str) -> bool:
    return path.lower() == f"{ENTERPRISE}:manager".lower()


def _manager(sent: Any) -> Any:
    """No more of a manager than who it is, which is all that can be changed; None if there is nobody."""
    if isinstance(sent, list):
        sent = next(iter(sent), None)
    if isinstance(sent, dict):
        sent = next((value for key, value in sent.items() if key.lower() == "value"), None)
    return {"value": sent} if sent else None
