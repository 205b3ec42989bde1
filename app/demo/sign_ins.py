"""Who can sign in to the demonstration organization: one account per role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.access.permissions import Role
from app.messages import Locale

PASSWORD = "a charged battery hums"  # noqa: S105 -- printed for all to read, and good in development alone
_DEPARTMENT = "department:"


@dataclass(frozen=True, slots=True)
class SignIn:
    """`stakeholder_key` is the key of a person, or "department:" and the key of a department.

    The roles of somebody from outside end when they have lasted for `lasts`.
    """

    email: str
    stakeholder_key: str
    roles: tuple[Role, ...]
    about: Mapping[Locale, str]
    lasts: timedelta | None = None

    @property
    def department(self) -> str | None:
        """The key of the department that the account acts for."""
        if not self.stakeholder_key.startswith(_DEPARTMENT):
            return None
        return self.stakeholder_key.removeprefix(_DEPARTMENT)


def _staff(name: str, key: str, en: str, zh: str, *own: Role) -> SignIn:
    return SignIn(_email(name), key, (Role.EMPLOYEE, *own), {Locale.EN: en, Locale.ZH_CN: zh})


def _external(name: str, key: str, en: str, zh: str, role: Role, days: int) -> SignIn:
    about = {Locale.EN: en, Locale.ZH_CN: zh}
    return SignIn(_email(name), key, (role,), about, lasts=timedelta(days=days))


def _email(name: str) -> str:
    return f"{name}@demo.example"


SIGN_INS = (
    _staff(
        "employee",
        "service-16",
        "A field service engineer: sees their own record and goals, and colleagues as the directory shows them.",
        "现场服务工程师：可查看本人档案和目标，以及通讯录中的同事信息。",
    ),
    _staff(
        "manager",
        "service-01",
        "The director of customer service: sees the records and goals of everybody below them, at any depth.",
        "客户服务总监：可查看其下属各级全部人员的档案和目标。",
        Role.MANAGER,
    ),
    _staff(
        "head",
        "commercial-01",
        "The chief commercial officer: sees the records of Sales and Service and of the departments in it.",
        "首席商务官：可查看销售与服务部及其下级部门全部人员的档案。",
        Role.DEPARTMENT_HEAD,
    ),
    _staff(
        "performance-admin",
        "people-07",
        "The performance and reward lead: sees the records of everybody, inside and outside, and changes none.",
        "绩效与薪酬主管：可查看组织内外全部人员的档案，但不能修改。",
        Role.PERFORMANCE_ADMIN,
    ),
    _staff(
        "executive",
        "company-01",
        "The chief executive: sees figures about the whole organization, and people as the directory shows them.",
        "首席执行官：可查看全组织的汇总数据，以及通讯录中的人员信息。",
        Role.EXECUTIVE,
    ),
    _staff(
        "calibrator",
        "battery-01",
        "The director of battery systems, who calibrates reviews: sees people as the directory shows them.",
        "电池系统总监，负责绩效校准：可查看通讯录中的人员信息。",
        Role.CALIBRATOR,
    ),
    _staff(
        "appeal-officer",
        "people-06",
        "The employee relations officer, who hears appeals: sees people as the directory shows them.",
        "员工关系专员，负责受理申诉：可查看通讯录中的人员信息。",
        Role.APPEAL_OFFICER,
    ),
    _staff(
        "service-agent",
        "service-31",
        "A customer care agent: sees colleagues, customers, partners and investors as the directory shows them.",
        "客户关怀专员：可查看通讯录中的同事、客户、合作伙伴与投资方信息。",
        Role.SERVICE_AGENT,
    ),
    _staff(
        "auditor",
        "finance-02",
        "The internal auditor, who examines what was changed: sees people as the directory shows them.",
        "内部审计师，负责审查变更：可查看通讯录中的人员信息。",
        Role.AUDITOR,
    ),
    _staff(
        "admin",
        "it-03",
        "A systems administrator: sees and changes the records of everybody, and the departments.",
        "系统管理员：可查看并修改全部人员档案与部门信息。",
        Role.ORGANIZATION_ADMIN,
    ),
    SignIn(
        _email("integration"),
        f"{_DEPARTMENT}it",
        (Role.INTEGRATION,),
        {
            Locale.EN: "A program that acts for the IT department: keeps people and departments up to date.",
            Locale.ZH_CN: "代表信息技术部运行的程序：负责同步人员与部门数据。",
        },
    ),
    _external(
        "partner",
        "partner-01",
        "A contact at an installation company that works with this one: sees their own record and the joint goal.",
        "合作安装公司的联系人：可查看本人档案和共同目标。",
        Role.PARTNER,
        days=365,
    ),
    _external(
        "investor",
        "investor-02",
        "A contact at a fund that holds shares: sees their own record and how many people there are, never who.",
        "持股基金的联系人：可查看本人档案和人数统计，但看不到具体人员。",
        Role.INVESTOR,
        days=180,
    ),
    _external(
        "customer",
        "customer-01",
        "A customer who runs wind farms: sees their own record.",
        "经营风电场的客户：可查看本人档案。",
        Role.CUSTOMER,
        days=365,
    ),
)
