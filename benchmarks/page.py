"""Draw `.github/report.png` and `.github/removal.png`: the page of a run over a small folder with the real article of `seeds/` in it.

    python benchmarks/page.py [--html page.html]

The folder holds the seed, the thirty articles of `benchmarks/quality` and copies of them that five sites changed a little:
words left out and exchanged, a paragraph dropped, a line put under. The same version gives the same page to the byte; the picture
also depends on the fonts and the Chromium that draw it (Debian's chromium, fonts-noto-core, fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / ".github" / "report.png", ROOT / ".github" / "removal.png"
OPENED = "Orchard growers"  # whose copy the second picture shows
SITES = ("www.example-news.com", "daily.example.org", "herald.example.net", "wire.example.com", "mirror.example.info")
WIDTH, HEIGHT = 1180, 800
COPIES = 240


def main() -> None:
    """The picture stands in its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--html", type=Path, help="keep the page there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "scraped")
        command = [str(Path(sys.executable).with_name("dedup")), "run", "scraped", "-o", "corpus", "--html", "page.html", "-q"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=folder, env=env, check=True)  # noqa: S603 - our own command
        if given.html:
            shutil.copyfile(folder / "page.html", given.html)
        draw(folder / "page.html")
    for picture in PICTURES:
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")


def fill(folder: Path) -> None:
    """The folder holds the articles, the first ones as files with their bodies twice, and a file of rows with the copies."""
    folder.mkdir()
    for seed in sorted((ROOT / "seeds").glob("*.txt")):
        shutil.copyfile(seed, folder / seed.name)
    lines = (ROOT / "benchmarks" / "quality" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    for article in articles[::5]:
        body = "\n".join(article["paragraphs"])
        text = f"Title: {article['title']}\nURL: https://{SITES[0]}/{article['id']}\n\n{' '.join(article['paragraphs'])}\n{body}\n"
        (folder / f"{article['id']}.txt").write_text(text, encoding="utf-8")
    draw_from = random.Random(7)
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for number in range(COPIES):
            article = articles[number % len(articles)]
            site = draw_from.choices(SITES[1:], (6, 4, 2, 1))[0]
            day = f"2024-03-{min(28, 1 + number % len(articles) // 3 + int(draw_from.expovariate(0.4))):02}"
            row = {"id": f"{number:03}", "title": article["title"], "date": day, "url": f"https://{site}/{number}"}
            file.write(json.dumps({**row, "body": changed(article["paragraphs"], draw_from)}, ensure_ascii=False) + "\n")


def changed(paragraphs: list[str], draw_from: random.Random) -> str:
    """What a site makes of an article."""
    rate = draw_from.choice((0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.32))
    texts = [_words(paragraph, rate, draw_from) for paragraph in paragraphs]
    if draw_from.random() < rate:
        del texts[draw_from.randrange(len(texts))]
    return "\n".join(texts)


def _words(text: str, rate: float, draw_from: random.Random) -> str:
    """The text with a share of its words, or of its letters where it has no spaces, left out or exchanged."""
    parts = text.split(" ") if text.count(" ") * 20 > len(text) else list(text)
    out = [draw_from.choice(["", draw_from.choice(parts)]) if draw_from.random() < rate else part for part in parts]
    return (" " if parts != list(text) else "").join(part for part in out if part or parts == list(text))


def draw(page: Path) -> None:
    """The pictures: how the page begins, and a removal beside the kept text."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        window.goto(page.as_uri())
        window.wait_for_selector("#table .open")
        window.screenshot(path=PICTURES[0])
        window.fill("#words", f"{OPENED} near")
        window.wait_for_selector(f"#table tr:nth-child(2) .open:has-text('{OPENED}')")
        window.click("#table tr:nth-child(2) .open")
        window.wait_for_selector("#left .eq")
        window.locator("#opened").screenshot(path=PICTURES[1])
        browser.close()


if __name__ == "__main__":
    main()
