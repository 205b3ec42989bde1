"""Problems are told in the viewer's language, or else in the browser's, or else in the organization's."""

from dataclasses import replace

import pytest

from app.access.permissions import Role
from app.messages import Locale
from tests.builders import Caller, World
from tests.stakeholders.amber import Amber
from tests.stakeholders.changes import CREATE, CREATE_BATCH, newcomer

ENGLISH, CHINESE = "This has to be given.", "此项必填。"


@pytest.fixture(scope="module")
async def admin(amber: Amber) -> Caller:
    return await amber.world.caller(Role.ORGANIZATION_ADMIN)


async def message(caller: Caller) -> str:
    (result,) = (await caller.ask(CREATE, input=newcomer(""))).values()
    (problem,) = result["problems"]
    return str(problem["message"])


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        (None, ENGLISH),
        ("", ENGLISH),
        ("zh-CN", CHINESE),
        ("zh", CHINESE),
        ("zh-TW;q=0.9, fr;q=1", CHINESE),
        ("de, zh;q=0.8, en;q=0.9", ENGLISH),
        ("EN-gb", ENGLISH),
        ("zh ; q = 0.2 , en ; q = 0.1", CHINESE),
        ("zh;q=0", ENGLISH),
        ("en;q=0, zh;q=0.1", CHINESE),
        ("de, fr", ENGLISH),
        ("*", ENGLISH),
        (";;;q=,,", ENGLISH),
        ("zh;q=nan, en;q=inf", ENGLISH),
        ("x" * 4000, ENGLISH),
    ],
)
async def test_the_browser_says_which_language(admin: Caller, languages: str | None, told: str) -> None:
    admin.languages = languages
    assert await message(admin) == told


@pytest.mark.parametrize(("locale", "told"), [(Locale.ZH_CN, CHINESE), (Locale.EN, ENGLISH)])
async def test_the_language_somebody_chose_comes_first(world: World, locale: Locale, told: str) -> None:
    caller = await world.sign_in(await world.person("Ada", locale=locale), Role.ORGANIZATION_ADMIN)
    for caller.languages in ("en", "zh-CN"):
        assert await message(caller) == told


async def test_figures_and_rows_are_told_in_the_same_language(world: World) -> None:
    caller = await world.sign_in(await world.person("李", locale=Locale.ZH_CN), Role.ORGANIZATION_ADMIN)
    rows = [newcomer("x" * 201), newcomer("Pat", joinedOn="0001-01-01")]
    batch = await caller.done(CREATE_BATCH, input={"rows": rows})
    assert [row["problems"][0]["message"] for row in batch["rows"]] == [
        "内容过长，最多 200 个字符。",
        "该值的格式不正确。",
    ]


async def test_who_may_not_is_told_so_in_their_language(world: World) -> None:
    caller = await world.sign_in(await world.person("李", locale=Locale.ZH_CN), Role.EMPLOYEE)
    assert await message(caller) == "此操作需要权限 stakeholders:manage，您在此处没有该权限。"


async def test_an_organization_has_a_language_for_those_who_ask_for_none_of_ours(world: World) -> None:
    await world.speaks(Locale.ZH_CN)
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    assert await message(admin) == CHINESE
    assert await message(replace(admin, languages="fr")) == CHINESE
    assert await message(replace(admin, languages="en")) == ENGLISH
