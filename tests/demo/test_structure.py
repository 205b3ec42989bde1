from app.demo.history import moves
from app.demo.posts import posts
from app.demo.structure import firms, jobs, units
from app.messages import Locale
from app.stakeholders.models import EXTERNAL


def test_every_job_is_described_in_both_languages() -> None:
    for job in jobs().values():
        assert job.titles[Locale.EN].isascii()
        assert not job.titles[Locale.ZH_CN].isascii()
        assert job.duties.endswith(".")


def test_every_job_has_a_title_of_its_own() -> None:
    for locale in Locale:
        assert len({job.titles[locale] for job in jobs().values()}) == len(jobs())


def test_every_job_is_somebodys() -> None:
    held = {post.position for post in posts().values()} | {move.position for move in moves()}

    assert held == set(jobs())


def test_jobs_are_graded_from_1_to_7_and_the_chief_executive_is_alone_at_the_top() -> None:
    grades = {job.key: job.level for job in jobs().values()}

    assert set(grades.values()) == set(range(1, 8))
    assert [key for key, grade in grades.items() if grade == 7] == ["chief-executive"]


def test_a_leader_is_graded_above_everybody_who_reports_to_them() -> None:
    for post in posts().values():
        if post.manager:
            assert jobs()[posts()[post.manager].position].level > jobs()[post.position].level


def test_departments_stand_after_the_one_above_them() -> None:
    seen: set[str | None] = {None}
    for unit in units():
        assert unit.above in seen
        seen.add(unit.key)


def test_companies_of_externals_are_distinct_and_reached_at_reserved_domains() -> None:
    assert len({firm.name for firm in firms()}) == len(firms())
    assert len({firm.domain for firm in firms()}) == len(firms())
    assert all(firm.domain.endswith(".example") for firm in firms())
    assert {firm.kind for firm in firms()} == set(EXTERNAL)
