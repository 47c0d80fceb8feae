"""`.env.example` is the list of all settings that the environment may change."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:environ\.get\(|environ\[|getenv\(|_flag\(|_words\()\s*"([A-Z_]+)\"""")
NOT_SETTINGS = {"PATH", "DJANGO_SETTINGS_MODULE"}


def test_every_variable_that_the_product_reads_is_listed_and_no_other() -> None:
    sources = [*ROOT.glob("labelapp/**/*.py"), *ROOT.glob("model_hooks/**/*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text())} - NOT_SETTINGS
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == read
