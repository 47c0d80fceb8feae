"""Guides as HTML. Raw HTML in a guide is shown as text, and only harmless link targets become links."""

from functools import lru_cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=32)
def to_html(text: str) -> SafeString:
    """Render Markdown; published versions never change, so the last few are remembered."""
    return SafeString(_markdown.render(text))  # the renderer escapes all HTML of the text
