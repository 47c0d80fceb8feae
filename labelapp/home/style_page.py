"""Generated content of the style page, so that every component can be looked at in all its states."""

import datetime as dt
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

LONG_TITLE = (
    "Three-seater sofa in a woven wool blend with loose cushions, oak legs and a matching footstool, "
    "delivered in two parcels"
)
STATES = ("pending", "running", "done", "failed", "warning", "cancelled", "paused", "simulated")
GREYS = ("#f2f2f2", "#d9cfc2", "#b7c4bd", "#c9b8ae")


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="Short and unique; it stands in tables and file names.")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    domain = forms.ChoiceField(choices=[("fashion", "Fashion"), ("home_decor", "Home decor")])
    engine = forms.ChoiceField(
        choices=[("postgres", "PostgreSQL, exact"), ("snapshot", "Snapshot on disk")],
        widget=forms.RadioSelect,
        initial="postgres",
    )
    pictures = forms.FileField(required=False)
    wait = forms.BooleanField(label="Tell me when it is done", required=False)


def style_context() -> dict[str, Any]:
    now = timezone.now()
    return {
        "crumbs": [("Evaluations", "#"), ("Runs", "#"), ("Run 14", "")],
        "form": ExampleForm(initial={"name": "living-rooms-2026"}),
        "wrong_form": ExampleForm({"name": "", "domain": "garden", "engine": "postgres"}),
        "states": STATES,
        "systems": _systems(),
        "runs": _runs(now),
        "page": Paginator(range(1_000), 20).page(3),
        "pictures": _pictures(),
        "categories": range(1, 13),
        "grades": (4, 3, 2, 1, 0),
        "times": (now - dt.timedelta(minutes=3), now - dt.timedelta(days=2)),
        "key_rows": _key_rows(),
    }


def _systems() -> list[dict[str, Any]]:
    return [
        _system("yolox-nano + mobilenet 1.0", (210, 480), gain=None, mix=(96, 114, 120, 138, 12)),
        _system("yolox-nano + mobilenet 1.1", (273, 480), gain=0.3, mix=(141, 132, 99, 105, 3)),
        _system("restricted to the predicted category", (278, 480), gain=0.018, mix=(146, 132, 98, 101, 3)),
        _system(LONG_TITLE, (0, 0), gain=None, mix=(0, 0, 0, 0, 0)),
    ]


def _system(name: str, hits: tuple[int, int], *, gain: float | None, mix: tuple[int, ...]) -> dict[str, Any]:
    found, of = hits
    share = found / of if of else None
    return {
        "name": name,
        "share": share,
        "hits": found if of else None,
        "of": of if of else None,
        "low": None if share is None else share - 0.045,
        "high": None if share is None else share + 0.044,
        "gain": gain,
        "unreal": gain is not None and gain < 0.05,
        "mix": dict(zip((4, 3, 2, 1, 0), mix, strict=True)),
    }


def _runs(now: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "name": f"run {number}",
            "state": state,
            "done": done,
            "total": 1_200,
            "at": now - dt.timedelta(hours=5 * index),
            "rate": rate,
        }
        for index, (number, state, done, rate) in enumerate(
            (
                (14, "running", 431, 3.4),
                (13, "done", 1_200, 3.6),
                (12, "failed", 1_186, 3.5),
                (11, "cancelled", 12, 0.9),
            )
        )
    ]


def _pictures() -> list[dict[str, Any]]:
    shapes = ((300, 300), (200, 300), (400, 240), (300, 300))
    pictures = [
        {"url": _picture(w, h, colour), "caption": caption, "note": note}
        for (w, h), colour, caption, note in zip(
            shapes,
            GREYS,
            ("Wool sofa, three seats", "Floor lamp", LONG_TITLE, "Side table"),
            ("distance 31", "distance 34", "distance 40", "distance 41"),
            strict=True,
        )
    ]
    return [*pictures, {"url": "/no-such-picture.jpg", "caption": "A broken picture", "note": "distance 52"}]


def _picture(width: int, height: int, colour: str) -> str:
    """A drawn stand-in for a product picture."""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<ellipse cx="50%" cy="56%" rx="34%" ry="26%" fill="{colour}"/>'
        f'<rect x="24%" y="34%" width="52%" height="20%" rx="12" fill="{colour}" stroke="#8c8c8c"/></svg>'
    )
    return f"data:image/svg+xml,{quote(drawing)}"


def _key_rows() -> list[tuple[list[str], str]]:
    return [
        (["1", "…", "5"], "Grade the candidate in focus and move on"),
        (["←", "→"], "Move between candidates"),
        (["Enter"], "Send"),
        (["Ctrl", "Z"], "Undo the last grade"),
        (["?"], "Show the keys"),
    ]
