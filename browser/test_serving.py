import httpx

from browser.conftest import Site


def test_the_page_allows_nothing_from_elsewhere_and_is_not_stored(site: Site) -> None:
    page = httpx.get(f"{site.origin}/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


def test_an_asset_is_asked_for_anew_but_sent_once(site: Site) -> None:
    address = f"{site.origin}/graphql/console/console.js"
    first = httpx.get(address)
    again = httpx.get(address, headers={"if-none-match": first.headers["etag"]})
    changed = httpx.get(address, headers={"if-none-match": '"other"'})
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.content == first.content


def test_only_the_assets_are_served(site: Site) -> None:
    for name in ("console.html", "__init__.py", "..%2f__init__.py", "nothing.js"):
        assert httpx.get(f"{site.origin}/graphql/console/{name}").status_code == 404, name
