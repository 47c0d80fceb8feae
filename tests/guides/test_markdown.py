"""Guides as HTML."""

import pytest

from labelapp.guides.markdown import to_html


def test_markdown_with_tables_becomes_html() -> None:
    html = to_html("# Grades\n\n| Key | Grade |\n|---|---|\n| 1 | **Similar** |\n")
    assert "<h1>Grades</h1>" in html
    assert "<td><strong>Similar</strong></td>" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x'>b</b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '[x](https://example.org "<script>")',
    ],
)
def test_no_script_gets_through(hostile: str) -> None:
    html = to_html(hostile)
    assert "<script" not in html
    assert "<b " not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html
    assert 'href="data:text' not in html
    assert 'src="javascript' not in html
