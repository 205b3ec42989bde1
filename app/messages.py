"""Problems in words, in the languages of the API. `{…}` are the problem's params."""

from collections.abc import Mapping
from enum import Enum

from app.errors import Problem, ProblemCode


class Locale(Enum):
    """The languages of messages, labels and notifications; stored by name, sent as a BCP 47 tag."""

    EN = "en"
    ZH_CN = "zh-CN"


P = ProblemCode

ENGLISH: Mapping[ProblemCode, str] = {
    P.ALREADY_ACTIVE: "They are active already.",
    P.ALREADY_CLOSED: "The department is closed already.",
    P.ALREADY_DEACTIVATED: "They are deactivated already.",
    P.CONFLICT: "This was changed in the meantime: its version is {version} now. Read it again.",
    P.CYCLE: "That would make a circle: what is to stand above stands below.",
    P.DATE_NOT_AFTER_START: "The day has to be {start} or later.",
    P.DEPARTMENT_CLOSED: "The department is closed, or is going to be.",
    P.DEPARTMENT_NOT_EMPTY: "The department still has {members} members and {departments} departments below it.",
    P.EXTERNAL_IN_REPORTING_LINE: "Only staff can stand in a reporting line.",
    P.FORBIDDEN: "This takes the permission {permission}.",
    P.HAS_REPORTS: "{count} people report to them: let those report to somebody else first.",
    P.HEADS_DEPARTMENT: "They are head of {department}: appoint another head first.",
    P.HEAD_FROM_ELSEWHERE: "The head has to work in the department, or in one below it.",
    P.IDEMPOTENCY_KEY_REUSED: "This idempotency key was used with another input.",
    P.INVALID_VALUE: "The value does not have the form it needs.",
    P.KIND_FIXED: "This kind does not allow it: what stands for a department follows the department, and nobody "
    "changes between inside and outside.",
    P.NOT_ACTIVE: "They are not active on that day.",
    P.NOT_FOUND: "There is nothing here that you may see.",
    P.NOT_FOR_EXTERNALS: "This is for staff only.",
    P.NOT_FOR_STAFF: "This is for people from outside only.",
    P.NOT_STAFF: "Only staff can do this.",
    P.REQUIRED: "This has to be given.",
    P.SECOND_CURRENT_MEMBERSHIP: "They have a current membership already; move them instead.",
    P.TAKEN: "This is in use already.",
    P.TOO_LONG: "This is too long: {longest} characters at most.",
    P.TOO_MANY_ROWS: "Too many rows: {most} a call.",
}

CHINESE: Mapping[ProblemCode, str] = {
    P.ALREADY_ACTIVE: "该人员已处于启用状态。",
    P.ALREADY_CLOSED: "该部门已关闭。",
    P.ALREADY_DEACTIVATED: "该人员已停用。",
    P.CONFLICT: "数据已被他人修改，当前版本为 {version}，请重新读取。",
    P.CYCLE: "这样会形成循环：上级目前位于其下级之中。",
    P.DATE_NOT_AFTER_START: "日期不得早于 {start}。",
    P.DEPARTMENT_CLOSED: "该部门已关闭，或即将关闭。",
    P.DEPARTMENT_NOT_EMPTY: "该部门仍有 {members} 名成员和 {departments} 个下级部门。",
    P.EXTERNAL_IN_REPORTING_LINE: "只有员工才能进入汇报关系。",
    P.FORBIDDEN: "此操作需要权限 {permission}。",
    P.HAS_REPORTS: "仍有 {count} 人向其汇报，请先为他们指定新的上级。",
    P.HEADS_DEPARTMENT: "该人员是 {department} 的负责人，请先任命新的负责人。",
    P.HEAD_FROM_ELSEWHERE: "负责人必须在本部门或其下级部门任职。",
    P.IDEMPOTENCY_KEY_REUSED: "该幂等键已用于另一份输入。",
    P.INVALID_VALUE: "该值的格式不正确。",
    P.KIND_FIXED: "此类别不允许该操作：代表部门的相关方随部门而变，内部与外部人员之间不能互换。",
    P.NOT_ACTIVE: "该人员在当日未启用。",
    P.NOT_FOUND: "没有您可以查看的内容。",
    P.NOT_FOR_EXTERNALS: "此项仅适用于员工。",
    P.NOT_FOR_STAFF: "此项仅适用于外部人员。",
    P.NOT_STAFF: "只有员工可以进行此操作。",
    P.REQUIRED: "此项必填。",
    P.SECOND_CURRENT_MEMBERSHIP: "该人员已有当前任职，请改用调动。",
    P.TAKEN: "已被占用。",
    P.TOO_LONG: "内容过长，最多 {longest} 个字符。",
    P.TOO_MANY_ROWS: "行数过多，每次最多 {most} 行。",
}

CATALOGS: Mapping[str, Mapping[ProblemCode, str]] = {Locale.EN.value: ENGLISH, Locale.ZH_CN.value: CHINESE}


def message(problem: Problem, locale: str) -> str:
    return CATALOGS[locale][problem.code].format_map(problem.params)
