import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 10  # seconds
ASYNCHRONOUS = "const [path, name, values, done] = arguments; import(path).then((it) => done(it[name](...values)))"


@dataclass(frozen=True)
class Sent:
    url: str
    headers: dict[str, str]
    body: str | None


class ConsolePage:
    """The console in a browser, by what a person does and sees there."""

    def __init__(self, chrome: Chrome, origin: str) -> None:
        self.chrome = chrome
        self.origin = origin

    def open(self) -> None:
        self.chrome.get(f"{self.origin}/graphql")
        self.wait_for(lambda: self.run_button.text != "")

    def forget(self) -> None:
        """Leaves nothing of an earlier visit behind, neither stored nor logged."""
        self.chrome.get(f"{self.origin}/graphql/console/icon.svg")
        self.chrome.execute_script("localStorage.clear(); sessionStorage.clear()")
        self.log("browser")
        self.log("performance")

    def log(self, kind: str) -> list[dict[str, Any]]:
        """The entries since this was last asked: "browser" or "performance"."""
        return list(self.chrome.get_log(kind))  # type: ignore[no-untyped-call] # selenium left it out

    def wait_for(self, condition: Callable[[], object]) -> None:
        WebDriverWait(self.chrome, PATIENCE, poll_frequency=0.05).until(lambda _: condition())

    def find(self, selector: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [found.text for found in self.chrome.find_elements(By.CSS_SELECTOR, selector)]

    def button(self, text: str) -> WebElement:
        return self.chrome.find_element(By.XPATH, f"//button[normalize-space()='{text}' and not(@hidden)]")

    def call(self, module: str, function: str, *values: object) -> object:
        """What a function of one of the console's modules answers."""
        path = f"/graphql/console/{module}.js"
        return self.chrome.execute_async_script(ASYNCHRONOUS, path, function, values)

    @property
    def run_button(self) -> WebElement:
        return self.find("#run")

    @property
    def query(self) -> WebElement:
        return self.find("#query textarea")

    @property
    def variables(self) -> WebElement:
        return self.find("#variables textarea")

    @property
    def query_text(self) -> str:
        return str(self.query.get_property("value"))

    def write(self, area: WebElement, text: str) -> None:
        """Puts a whole text in the place of what was there, as pasting does; `|` is where the caret ends."""
        before, _, after = text.partition("|")
        area.send_keys(Keys.CONTROL, "a")
        area.send_keys(Keys.DELETE)
        self.chrome.execute_cdp_cmd("Input.insertText", {"text": before + after})
        if "|" in text:
            place = "arguments[0].setSelectionRange(arguments[1], arguments[1])"
            self.chrome.execute_script(place, area, len(before))

    def press(self, *keys: str) -> None:
        self.chrome.switch_to.active_element.send_keys(*keys)

    def sign_in(self, token: str) -> None:
        self.find("#token").send_keys(token, Keys.TAB)

    def read_schema(self, token: str) -> None:
        self.sign_in(token)
        self.button("Schema").click()
        self.wait_for(lambda: self.texts("#explorer .names"))

    def run(self, query: str | None = None, variables: str | None = None) -> None:
        if query is not None:
            self.write(self.query, query)
        if variables is not None:
            self.write(self.variables, variables)
        self.run_button.click()
        self.wait_for_answer()

    def wait_for_answer(self) -> None:
        self.wait_for(lambda: self.run_button.text == "Run" and self.status not in ("", "Running…"))

    @property
    def status(self) -> str:
        return self.find("#status").text

    @property
    def body(self) -> str:
        return str(self.find("#body").get_property("textContent"))

    @property
    def data(self) -> dict[str, object]:
        return dict(json.loads(self.body)["data"])

    @property
    def problems(self) -> list[str]:
        return self.texts("#problems li")

    @property
    def suggestions(self) -> list[str]:
        return self.texts("#suggestions:not([hidden]) .name")

    def sent(self) -> list[Sent]:
        """The requests since this was last asked, as the browser sent them, oldest first."""
        entries = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        requests = [entry["params"] for entry in entries if entry["method"] == "Network.requestWillBeSent"]
        return [
            Sent(request["url"], request["headers"], request.get("postData"))
            for request in (entry["request"] for entry in requests)
        ]
