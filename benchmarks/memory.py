"""`make bench-memory`: private memory of a web process after every page, and of an import of 10,000 products.

Bounds of the issue: the web process stays under 220 MB and never loads torch; the import's memory does not
grow with the number of rows.
"""

import argparse
import csv
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil

from benchmarks.installation import PASSWORD, ROOT, fresh_installation, write_results
from labelapp.home.children import Child, gunicorn_command

PORT = 8765
SITE = f"http://127.0.0.1:{PORT}"
PAGES_AT_MOST = 200
LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')


def main(products: int) -> None:
    with fresh_installation("memory") as folder:
        shop = draw(folder / "shop", products)
        imported = import_memory(shop)
        web = web_memory(folder)
    write_results("memory", {"unit": "MB private", "import": imported, "web": web})
    print(f"import of {products} products: {imported}")
    print(f"web process: {web}")


def draw(folder: Path, products: int) -> Path:
    """Write distinct pictures of 400 x 400 and their list."""
    from PIL import Image

    (folder / "pictures").mkdir(parents=True)
    with (folder / "products.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "title", "category"])
        for number in range(products):
            name = f"{number:06}.jpg"
            colour = (number % 256, number // 256 % 256, 40)
            Image.new("RGB", (400, 400), colour).save(folder / "pictures" / name, quality=90)
            rows.writerow([name, f"Product {number}", "chairs"])
    return folder


def import_memory(shop: Path) -> dict[str, float]:
    """Sample the importing process; compare the second quarter of the import with the last."""
    options = ["--images", str(shop / "pictures"), "--source", "bench", "--domain", "home_decor"]
    command = [sys.executable, "manage.py", "import_products", str(shop / "products.csv"), *options]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples = []
    while process.poll() is None:
        samples.append(private_megabytes(process.pid))
        time.sleep(0.25)
    if process.returncode:
        raise SystemExit(f"The import ended with {process.returncode}.")
    quarter = len(samples) // 4
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "second quarter, median": round(statistics.median(samples[quarter : 2 * quarter]), 1),
        "last quarter, median": round(statistics.median(samples[3 * quarter : -1]), 1),
        "peak": round(max(samples), 1),
    }


def web_memory(folder: Path) -> dict[str, float | bool]:
    """Open every page that a link leads to, as each persona, then look at the serving process."""
    server = Child("web server", gunicorn_command(PORT, workers=1), log=folder / "web.log", env={})
    try:
        server.wait_for_output("Booting worker with pid")
        pages = sum(crawl(person) for person in ("max", "ada", "eva", "lena"))
        (worker,) = psutil.Process(server.pid).children()
        loaded = Path(f"/proc/{worker.pid}/maps").read_text()
        return {"pages": pages, "private": private_megabytes(worker.pid), "torch": "libtorch" in loaded}
    finally:
        server.stop()


def crawl(person: str) -> int:
    """Follow links from the start page; returns how many pages answered."""
    browser = sign_in(person)
    waiting, seen = ["/"], set[str]()
    while waiting and len(seen) < PAGES_AT_MOST:
        path = waiting.pop(0)
        if path in seen or path.startswith(("/static/", "/sign-")):
            continue
        seen.add(path)
        waiting += links(browser, path)
    return len(seen)


def links(browser: OpenerDirector, path: str) -> Iterator[str]:
    try:
        answer = browser.open(SITE + path)
    except HTTPError as error:
        if error.code >= 500:
            raise
        return
    if "text/html" in answer.headers["Content-Type"]:
        yield from (link.replace("&amp;", "&") for link in LINK.findall(answer.read().decode()))


def sign_in(person: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{SITE}/sign-in/").read().decode()
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    token = found[1] if found else ""
    body = f"csrfmiddlewaretoken={token}&username={person}&password={PASSWORD.replace(' ', '+')}"
    browser.open(Request(f"{SITE}/sign-in/", body.encode(), {"Referer": f"{SITE}/sign-in/"}))  # noqa: S310  # ours
    return browser


def private_megabytes(pid: int) -> float:
    """Return memory that this process shares with no other, in MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return round(sum(int(kb) for kb in re.findall(r"Private_\w+:\s+(\d+)", text)) / 1024, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--products", type=int, default=10_000)
    main(parser.parse_args().products)
