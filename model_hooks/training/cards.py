"""The card of a trained model: what it is, how it was made, how well it does; one page of Markdown."""

from collections.abc import Mapping, Sequence
from pathlib import Path

CARD = "card.md"


def write_card(
    folder: Path,
    what: str,
    *,
    made: Mapping[str, object],
    figures: Mapping[str, object],
    notes: Sequence[str] = (),
) -> None:
    """Write `card.md` into a model folder NAME/VERSION.

    Parameters
    ----------
    what
        What the model does, in a sentence or two.
    made
        How it was made: data, seed, steps, time.
    figures
        What was measured, and on what.
    notes
        What a user should know, such as what it was not made for.
    """
    parts = [f"# {folder.parent.name}/{folder.name}", what, "## How it was made", _table(made)]
    if figures:
        parts += ["## How well it does", _table(figures)]
    if notes:
        parts += ["## Good to know", "\n".join(f"- {note}" for note in notes)]
    (folder / CARD).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _table(rows: Mapping[str, object]) -> str:
    lines = [f"| {name} | {_shown(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
