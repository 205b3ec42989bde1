import contextlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from browser import sample_api
from browser.console_page import ConsolePage

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name outside can be resolved: a page that needs one fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=1400,900",
]


@dataclass(frozen=True)
class Site:
    """A served console and a token whose owner may read the schema."""

    origin: str
    token: str


@contextlib.contextmanager
def _served(application: object) -> Iterator[str]:
    config = uvicorn.Config(application, log_level="warning", lifespan="off", ws="none")  # type: ignore[arg-type] # any ASGI application
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def sample() -> Iterator[Site]:
    with _served(sample_api.application) as origin:
        yield Site(origin, sample_api.TOKEN)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real service with the demonstration organization, as `allround` runs it."""
    folder = tmp_path_factory.mktemp("allround")
    for above in (folder, *folder.parents[:3]):
        above.chmod(0o755)  # the database runs as a user of its own if the tests run as root
    command = [sys.executable, "-m", "app.cli"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = subprocess.Popen([*command, "serve", "--demo", "--port", str(port), "--data-dir", str(folder)])
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/health/ready")
        token = subprocess.run(
            [*command, "token", "admin@demo.example", "--data-dir", str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        yield Site(f"http://127.0.0.1:{port}", token.stdout.strip())
    finally:
        serving.terminate()
        serving.wait(30)


def _wait_until_ready(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("The service was not ready within a minute.")


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.fail("These tests need Chromium and its driver: apt-get install chromium chromium-driver")
    options = _options(browser, tmp_path_factory.mktemp("profile"))
    started = Chrome(options=options, service=ChromeService(driver))
    yield started
    started.quit()


def _options(browser: str, profile: Path) -> ChromeOptions:
    options = ChromeOptions()
    options.binary_location = browser
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return options


@pytest.fixture
def console(chrome: Chrome, site: Site) -> Iterator[ConsolePage]:
    """The console as somebody sees it who opens it for the first time."""
    yield from _opened(chrome, site)


@pytest.fixture
def sample_console(chrome: Chrome, sample: Site) -> Iterator[ConsolePage]:
    yield from _opened(chrome, sample)


def _opened(chrome: Chrome, site: Site) -> Iterator[ConsolePage]:
    page = ConsolePage(chrome, site.origin)
    page.forget()
    page.open()
    yield page
    page.forget()
