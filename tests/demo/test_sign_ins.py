from app.access.password_policy import problems_of_password
from app.access.permissions import Role
from app.demo.history import DEPARTURES
from app.demo.loading import NAME, SLUG
from app.demo.sign_ins import PASSWORD, SIGN_INS, SignIn
from app.messages import Locale
from app.stakeholders.models import EXTERNAL, STAFF
from tests.demo.lines import ABOVE, MANAGERS, PEOPLE, ROSTER, way_up

NAMES = [
    *("employee", "manager", "head", "performance-admin", "executive", "calibrator", "appeal-officer"),
    *("service-agent", "auditor", "admin", "integration", "partner", "investor", "customer"),
]
EXTERNAL_ROLES = {Role.PARTNER, Role.INVESTOR, Role.CUSTOMER}


def sign_in(name: str) -> SignIn:
    return next(one for one in SIGN_INS if one.email == f"{name}@demo.example")


def below(key: str) -> set[str]:
    return {person for person in MANAGERS if key in way_up(person, MANAGERS)[1:]}


def test_there_is_one_for_each_role() -> None:
    assert [one.email for one in SIGN_INS] == [f"{name}@demo.example" for name in NAMES]
    assert [one.roles[-1] for one in SIGN_INS] == list(Role)


def test_staff_are_employees_beside_their_own_role() -> None:
    for one in SIGN_INS:
        if one.department is None and one.roles[-1] not in EXTERNAL_ROLES:
            assert one.roles == tuple(dict.fromkeys((Role.EMPLOYEE, one.roles[-1])))
            assert PEOPLE[one.stakeholder_key].kind in STAFF


def test_roles_of_externals_end_and_those_of_staff_do_not() -> None:
    for one in SIGN_INS:
        external = one.roles[-1] in EXTERNAL_ROLES
        assert (one.lasts is not None) is external
        assert one.lasts is None or one.lasts.days > 0


def test_an_external_has_the_role_of_their_kind_and_no_other() -> None:
    for one in SIGN_INS:
        if one.roles[-1] in EXTERNAL_ROLES:
            person = PEOPLE[one.stakeholder_key]
            assert person.kind in EXTERNAL
            assert [role.name for role in one.roles] == [person.kind.name]


def test_who_signs_in_has_the_same_address_as_a_stakeholder() -> None:
    for one in SIGN_INS:
        if one.department is None:
            assert PEOPLE[one.stakeholder_key].email == one.email


def test_nobody_signs_in_twice_or_after_leaving() -> None:
    keys = [one.stakeholder_key for one in SIGN_INS]

    assert len(set(keys)) == len(keys)
    assert not set(keys) & {departure.person for departure in DEPARTURES}


def test_the_integration_acts_for_the_department_of_information_technology_with_its_role_alone() -> None:
    integration = sign_in("integration")

    assert integration.department == "it"
    assert integration.department in ABOVE
    assert integration.roles == (Role.INTEGRATION,)


def test_the_manager_has_a_line_of_30_to_80_over_two_levels_and_the_employee_is_at_its_end() -> None:
    manager, employee = sign_in("manager").stakeholder_key, sign_in("employee").stakeholder_key
    way = way_up(employee, MANAGERS)

    assert 30 <= len(below(manager) - {departure.person for departure in DEPARTURES}) <= 80
    assert way.index(manager) == 2
    assert not below(employee)


def test_the_head_leads_a_division_with_departments_in_it() -> None:
    head = sign_in("head").stakeholder_key
    headed = [department.key for department in ROSTER.departments if department.head == head]

    assert len(headed) == 1
    assert len([key for key, above in ABOVE.items() if above == headed[0]]) >= 2


def test_the_executive_is_at_the_top_of_the_line() -> None:
    assert MANAGERS[sign_in("executive").stakeholder_key] is None


def test_each_says_who_it_is_in_both_languages() -> None:
    for one in SIGN_INS:
        assert one.about[Locale.EN].isascii()
        assert one.about[Locale.EN].endswith(".")
        assert one.about[Locale.ZH_CN].endswith("。")


def test_the_password_is_one_that_anybody_could_choose() -> None:
    for one in SIGN_INS:
        assert not problems_of_password(PASSWORD, (one.email, NAME, SLUG))
