"""The demo's pages as somebody meets them who signs in and looks; needs no Django, only the running site."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TIMEOUT = 60
REPORT = "/report/"
SIMULATED = '<span class="badge simulated">Simulated</span>'


class Visitor:
    """A browser of a kind: it keeps its cookies and follows redirections; errors are an `OSError`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())

    def sign_in(self, username: str, password: str) -> None:
        token = TOKEN.search(self.read("/sign-in/"))
        form = {"username": username, "password": password}
        form["csrfmiddlewaretoken"] = token[1] if token else ""
        self.read("/sign-in/", urlencode(form).encode())

    def read(self, path: str, sent: bytes | None = None) -> str:
        with self._opener.open(self._address + path, sent, timeout=TIMEOUT) as response:
            return str(response.read().decode())


def visit(address: str, password: str, comparison: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Look at the pages as max, and yield whether each shows what the figures say."""
    visitor = Visitor(address)
    try:
        visitor.sign_in("max", password)
    except OSError as error:
        yield {"name": "sign in", "holds": False, "detail": f"{error}"}
        return
    wanted = {"the way to the report": f'href="{REPORT}"'}
    yield _looked_at(visitor, "start page", "/", wanted)
    yield _looked_at(visitor, "comparison page", REPORT, _figures_on_the_page(comparison))


def _figures_on_the_page(comparison: Mapping[str, Any]) -> dict[str, str]:
    values = {one["system"]: one["similar"]["value"] for one in comparison["systems"]}
    shown = {
        slug: f'<span class="value">{100 * value:.1f}\N{NARROW NO-BREAK SPACE}%</span>'
        for slug, value in values.items()
    }
    return {
        "the badge Simulated": SIMULATED,
        **{f"Similar P@5 of {slug}": text for slug, text in shown.items()},
    }


def _looked_at(visitor: Visitor, name: str, path: str, wanted: Mapping[str, str]) -> dict[str, Any]:
    try:
        page = visitor.read(path)
    except OSError as error:
        return {"name": name, "holds": False, "detail": f"{path}: {error}"}
    missing = [what for what, text in wanted.items() if text not in page]
    detail = f"without {', '.join(missing)}" if missing else f"shows {', '.join(wanted)}"
    return {"name": name, "holds": not missing, "detail": detail}
