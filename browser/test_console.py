import json

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.support.ui import Select

from browser.conftest import Site
from browser.console_page import ConsolePage

TWO_OPERATIONS = "query First { __typename }\n\nquery Second { second: __typename }"
STUB = """window.fetch = async (address, { signal }) => {
  if (arguments[0]) return new Response(...arguments);
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}"""


def test_everything_comes_from_the_own_origin(console: ConsolePage, site: Site) -> None:
    console.read_schema(site.token)
    console.run()
    resources = console.chrome.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    addresses = [request.url for request in console.sent()] + resources
    assert len(addresses) > 20
    assert [address for address in addresses if not address.startswith(f"{site.origin}/graphql")] == []


def test_neither_the_content_security_policy_nor_a_script_complains(console: ConsolePage, site: Site) -> None:
    console.read_schema(site.token)
    console.run()
    log = console.log("browser")
    assert [entry for entry in log if entry["source"] not in ("network", "recommendation")] == []


def test_the_example_runs_and_shows_its_answer(console: ConsolePage, site: Site) -> None:
    console.sign_in(site.token)
    console.run()
    viewer = console.data["viewer"]
    assert isinstance(viewer, dict)
    assert set(viewer["stakeholder"]) == {"id", "name", "kind"}
    assert viewer["roles"]
    assert console.status.startswith("200 OK · ")
    assert console.status.endswith(" B")


def test_control_and_enter_run_the_query(console: ConsolePage) -> None:
    console.write(console.query, "{ __typename }")
    console.press(Keys.CONTROL, Keys.ENTER)
    console.wait_for_answer()
    assert console.data == {"__typename": "Query"}


def test_the_request_is_the_one_that_the_protocol_asks_for(console: ConsolePage) -> None:
    console.sent()
    console.run("query Named { __typename }")
    request = console.sent()[-1]
    assert json.loads(request.body or "") == {
        "query": "query Named { __typename }",
        "variables": {},
        "operationName": "Named",
    }
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers["content-type"] == "application/json"
    assert headers["accept"] == "application/graphql-response+json, application/json"
    assert "authorization" not in headers


def test_the_token_is_sent_as_a_bearer_and_kept_in_the_tab_only(console: ConsolePage, site: Site) -> None:
    console.sign_in(f" Bearer {site.token}")
    console.run("{ __typename }")
    headers = {name.lower(): value for name, value in console.sent()[-1].headers.items()}
    assert headers["authorization"] == f"Bearer {site.token}"
    kept = console.chrome.execute_script("return [Object.values(sessionStorage), Object.values(localStorage)]")
    assert site.token in kept[0]
    assert site.token not in json.dumps(kept[1])
    console.open()
    assert console.find("#token").get_property("value") == site.token


def test_a_token_that_no_header_can_carry_is_told(console: ConsolePage) -> None:
    console.sign_in("令牌")
    assert "ASCII" in console.find("#schema-note").text
    assert console.find("#token").get_attribute("aria-invalid") == "true"


def test_without_a_token_the_schema_asks_to_sign_in_and_queries_run(console: ConsolePage) -> None:
    console.wait_for(lambda: console.find("#schema-note").text == "Sign in to read the schema: give an access token.")
    console.run("{ __typename }")
    assert console.data == {"__typename": "Query"}


def test_a_token_that_may_not_read_the_schema_is_told_why(console: ConsolePage) -> None:
    console.sign_in("unknown")
    console.wait_for(lambda: console.find("#schema-note").text.startswith("This token may not read the schema: "))


def test_variables_reach_the_query(console: ConsolePage) -> None:
    console.run("query Which($yes: Boolean!) { a: __typename @include(if: $yes) }", '{"yes": true}')
    assert console.data == {"a": "Query"}
    console.run(variables='{"yes": false}')
    assert console.data == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [('{"yes": ', "Not valid JSON: "), ("[1]", "Variables are a JSON object"), ("null", "Variables are a JSON object")],
)
def test_variables_that_are_no_object_are_told_and_not_sent(console: ConsolePage, text: str, problem: str) -> None:
    console.write(console.variables, text)
    assert console.find("#variables-problem").text.startswith(problem)
    console.wait_for(lambda: console.find("#schema-note").text)
    console.sent()
    console.run_button.click()
    assert console.sent() == []
    assert console.chrome.switch_to.active_element == console.variables
    console.write(console.variables, "{}")
    assert console.find("#variables-problem").text == ""


def test_of_several_operations_the_chosen_one_runs(console: ConsolePage) -> None:
    assert not console.find("#operation").is_displayed()
    console.write(console.query, f"|{TWO_OPERATIONS}")
    Select(console.find("#operation")).select_by_visible_text("Second")
    console.run()
    assert console.data == {"second": "Query"}


def test_the_caret_chooses_the_operation_that_it_moves_into(console: ConsolePage) -> None:
    console.write(console.query, f"|{TWO_OPERATIONS}")
    console.wait_for(lambda: console.find("#operation").get_property("value") == "First")
    console.press(Keys.CONTROL, Keys.END)
    console.wait_for(lambda: console.find("#operation").get_property("value") == "Second")


def test_errors_of_the_query_are_listed_and_lead_to_their_place(console: ConsolePage) -> None:
    console.run("{\n  __typename\n  nowhere\n}")
    assert console.status.endswith(" · 1 error")
    assert len(console.problems) == 1
    console.button("line 3, column 3").click()
    assert console.chrome.execute_script("return arguments[0].selectionStart", console.query) == 17


def test_an_unreachable_server_is_told(console: ConsolePage) -> None:
    console.chrome.execute_cdp_cmd("Network.enable", {})
    console.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*"]})
    try:
        console.run("{ __typename }")
    finally:
        console.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    assert console.problems == ["The server cannot be reached: Failed to fetch"]
    assert console.status == "No answer"


def test_an_answer_that_is_not_json_is_shown_as_it_is(console: ConsolePage) -> None:
    answer = {"status": 502, "headers": {"content-type": "text/html", "retry-after": "7"}}
    console.chrome.execute_script(STUB, "<h1>Bad gateway</h1>", answer)
    console.run("{ __typename }")
    assert console.problems == ["The answer is not JSON (text/html).", "Try again in 7 s."]
    assert console.body == "<h1>Bad gateway</h1>"
    assert console.status.startswith("502 · ")


def test_a_long_query_can_be_stopped(console: ConsolePage) -> None:
    console.chrome.execute_script(STUB)
    console.run_button.click()
    console.wait_for(lambda: console.run_button.text == "Stop")
    console.run_button.click()
    console.wait_for(lambda: console.status == "Stopped.")
    assert console.run_button.text == "Run"


def test_numbers_keep_all_their_digits(console: ConsolePage) -> None:
    console.chrome.execute_script(STUB, '{"data":{"exact":1.10,"long":12345678901234567890,"none":[],"no":{}}}', {})
    console.run()
    assert console.body.split() == [
        *("{", '"data":', "{", '"exact":', "1.10,", '"long":', "12345678901234567890,"),
        *('"none":', "[],", '"no":', "{}", "}", "}"),
    ]


def test_the_history_keeps_the_last_twenty_queries_and_takes_one_up_again(console: ConsolePage) -> None:
    for number in range(21):
        console.run(f"query Number{number} {{ __typename }}")
    console.run("query Number5 { __typename }")
    console.button("History").click()
    names = [entry.splitlines()[0] for entry in console.texts("#history .entry")]
    assert len(names) == 20
    assert names[:3] == ["Number5", "Number20", "Number19"]
    assert names[-1] == "Number1"
    console.find("#history li:nth-child(2) button").click()
    assert console.query_text == "query Number20 { __typename }"
    console.button("Clear history").click()
    assert console.texts("#history .entry") == []


def test_what_is_being_written_survives_a_reload(console: ConsolePage) -> None:
    console.write(console.query, "{ half")
    console.write(console.variables, '{"a": 1}')
    console.open()
    assert console.query_text == "{ half"
    assert console.variables.get_property("value") == '{"a": 1}'


def test_labels_are_chinese_for_a_chinese_browser(console: ConsolePage) -> None:
    agent = console.chrome.execute_script("return navigator.userAgent")
    speak = {"userAgent": agent, "acceptLanguage": "zh-CN"}
    console.chrome.execute_cdp_cmd("Network.setUserAgentOverride", speak)
    try:
        console.open()
        assert console.run_button.text == "运行"
        assert console.query.get_attribute("aria-label") == "查询"
        assert console.find("html").get_attribute("lang") == "zh-CN"
    finally:
        console.chrome.execute_cdp_cmd("Network.setUserAgentOverride", speak | {"acceptLanguage": "en"})


def test_both_languages_have_the_same_words(console: ConsolePage) -> None:
    script = "const done = arguments[0]; import('/graphql/console/words.js').then((it) => done(it.dictionaries))"
    dictionaries = console.chrome.execute_async_script(script)
    assert list(dictionaries["en"]) == list(dictionaries["zh"])
    assert all(dictionaries["zh"].values())


def test_a_phone_shows_all_without_scrolling_sideways(console: ConsolePage, site: Site) -> None:
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    console.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        console.open()
        console.sign_in(site.token)
        console.run()
        assert console.chrome.execute_script("return document.documentElement.scrollWidth") == 360
        console.button("Schema").click()
        assert console.find("#side").size["width"] == 360
        console.button("Close").click()
        assert console.chrome.switch_to.active_element == console.button("Schema")
    finally:
        console.chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_control_has_a_name(console: ConsolePage) -> None:
    unnamed = console.chrome.execute_script(
        "return [...document.querySelectorAll('button, input, textarea, select')].filter("
        "(it) => !it.textContent.trim() && !it.ariaLabel && !it.labels?.length).map((it) => it.outerHTML)"
    )
    assert unnamed == []
    assert console.find("#status").get_attribute("aria-live") == "polite"
