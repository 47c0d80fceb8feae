"""The card of a trained model: what it is, how it was made, how well it does; one page of Markdown."""

import argparse
import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from model_hooks.manifest_rules import MANIFEST
from model_hooks.registry import read_manifest, write_manifest
from model_hooks.training.drawn_shop.fingerprint import fingerprint
from model_hooks.training.loop import Progress, precision
from model_hooks.training.shop_files import described

CARD = "card.md"


def write_card(
    folder: Path,
    what: str,
    *,
    made: Mapping[str, object],
    figures: Mapping[str, object] | str,
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
        What was measured, and on what: a table, or text as it is.
    notes
        What a user should know, such as what it was not made for.
    """
    parts = [f"# {folder.parent.name}/{folder.name}", what, "## How it was made", _table(made)]
    if figures:
        parts += ["## How well it does", _fenced(figures) if isinstance(figures, str) else _table(figures)]
    if notes:
        parts += ["## Good to know", "\n".join(f"- {note}" for note in notes)]
    (folder / CARD).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def how_made(
    options: argparse.Namespace, command: str, progress: Progress, *, batch: str, device: str
) -> dict[str, object]:
    """Return what every card says of a training.

    Parameters
    ----------
    options
        The command's, with `data`, `validation` and `seed`.
    command
        As `shown_command` gives it.
    batch
        What a step sees, such as "16 pictures".
    """
    return {
        "command": f"`{command}`",
        "data": described(options.data),
        "validation": described(options.validation),
        "drawn by": f"sources with the SHA-256 {fingerprint()}",
        "seed": options.seed,
        "steps": f"{progress.step} of {batch}",
        "minutes": f"{progress.seconds / 60:.1f}",
        "device": f"{device}, {precision(device)}, one thread",
    }


def with_measures(folder: Path, data: str, *, command: str, figures: str) -> None:
    """Write the section "Measured on DATA" into the card of a finished folder, and its manifest anew.

    A section of that title is replaced. This is for a version that nobody has got yet: its digest changes,
    so a registered or published copy no longer counts as the same version.

    Raises
    ------
    ModelFolderError
        If the folder is not sound.
    """
    read_manifest(folder)
    document = json.loads((folder / MANIFEST).read_bytes())
    derived = ("format", "name", "version", "files")
    fields = {name: value for name, value in document.items() if name not in derived}
    path = folder / CARD
    card = path.read_text(encoding="utf-8") if path.exists() else f"# {folder.parent.name}/{folder.name}\n"
    section = f"## Measured on {data}\n\n`{command}`\n\n{_fenced(figures)}"
    (folder / MANIFEST).unlink()
    path.write_text(_with_section(card, section), encoding="utf-8")
    write_manifest(folder, fields)


def _with_section(card: str, section: str) -> str:
    """Put a section in the place of the one with its title, or at the end."""
    title = section.partition("\n")[0]
    parts = [part.strip() for part in re.split(r"^(?=## )", card, flags=re.MULTILINE)]
    titles = [part.partition("\n")[0] for part in parts]
    if title in titles:
        parts[titles.index(title)] = section
    else:
        parts.append(section)
    return "\n\n".join(parts) + "\n"


def shown_command(module: str, arguments: Sequence[str]) -> str:
    """Return a command as a card names it, `module` being that of `python -m`.

    A card travels and the folders of the machine that wrote it do not: of absolute paths two parts are left.
    """
    return shlex.join(["python", "-m", *module.split(), *map(shortened, arguments)])


def shortened(path: str | Path) -> str:
    """Return the last two parts of an absolute path; anything else as it is."""
    return str(Path(*Path(path).parts[-2:])) if Path(path).is_absolute() else str(path)


def _table(rows: Mapping[str, object]) -> str:
    lines = [f"| {name} | {_shown(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _fenced(text: str) -> str:
    return f"```\n{text.rstrip()}\n```"


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
