"""A real spider on a web server of the test's own, whose pages have the seed's defect: the body in one piece, then in paragraphs.

It crawls twice: the second time the newspaper shows the same articles at other addresses, and one more.
"""

import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import newspaper
import pytest
from executable import SEED
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler
from texts import article, changed

import dedup
from dedup.integrations.scrapy import CleanPipeline, DropDuplicatesPipeline

LINES = dedup.clean(SEED.read_bytes()).paragraphs
ARTICLES = {
    "seed": LINES,
    "bridge": (article(1, 40), article(2, 40)),
    "bridge-again": (changed(article(1, 40), 0.01), article(2, 40)),
    "short": ("Rain is expected.",),
    "nothing": (),
}
LATER = {**ARTICLES, "more": (article(5, 60),)}


def page(lines):
    body = [] if not lines else ["".join(lines), *lines] if len(lines) > 1 else lines
    return f"<html><meta charset='utf-8'><body><article>{''.join(f'<p>{line}</p>' for line in body)}</article></body></html>"


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        edition, _, name = self.path.strip("/").partition("/")
        names = LATER if edition == "later" else ARTICLES
        links = "".join(f"<a href='/{edition}/{known}'>{known}</a>" for known in names)
        data = (page(names[name]) if name else f"<html><body>{links}</body></html>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def crawl(address, folder, kind="dict", **settings):
    """The items by the last part of their address, what was counted, and what was logged."""
    items = folder / f"{len(list(folder.glob('*.jsonl')))}.jsonl"
    command = [sys.executable, newspaper.__file__, address, items.as_uri(), json.dumps(settings), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    rows = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines()]
    return {row["url"].rpartition("/")[2]: row["text"] for row in rows}, json.loads(done.stdout), done.stderr


FIRST = {"seed": "\n".join(LINES), "bridge": "\n".join(ARTICLES["bridge"]), "short": "Rain is expected.", "nothing": None}


@pytest.mark.parametrize("kind", ["dict", "attrs"])
def test_two_crawls(site, tmp_path, kind):
    jobs = {"JOBDIR": str(tmp_path / "job")} if kind == "dict" else {"DEDUP_INDEX": str(tmp_path / "seen.index")}
    items, stats, told = crawl(f"{site}/first/", tmp_path, kind, **jobs)
    assert items == FIRST
    assert (stats["dedup/changed"], stats["dedup/no_text"], stats["dedup/dropped/near"]) == (3, 2, 1)
    assert stats["dedup/removed_characters"] == sum(len("".join(ARTICLES[name])) for name in ("seed", "bridge", "bridge-again"))
    assert stats["item_scraped_count"] == 4
    assert stats["item_dropped_count"] == 1
    score = dedup.deduplicate([items["bridge"], "\n".join(ARTICLES["bridge-again"])], keep="first").removed[0].score
    assert f"near duplicate of {site}/first/bridge, score {score:.2f}" in told

    items, stats, told = crawl(f"{site}/later/", tmp_path, kind, **jobs)
    assert items == {"more": LATER["more"][0], "nothing": None}
    assert (stats["dedup/dropped/exact"], stats["dedup/dropped/near"]) == (3, 1)
    assert f"exact duplicate of {site}/first/seed, score 1.00" in told
    assert len(dedup.Index.load(tmp_path / "seen.index" if kind != "dict" else tmp_path / "job" / "dedup.index")) == 4


def test_two_crawls_with_an_index_in_redis(site, tmp_path, redis_port):
    shared = {"DEDUP_REDIS_HOST": "127.0.0.1", "DEDUP_REDIS_PORT": redis_port, "DEDUP_REDIS_NAME": "crawls"}
    assert crawl(f"{site}/first/", tmp_path, **shared)[0] == FIRST
    items, stats, told = crawl(f"{site}/later/", tmp_path, **shared)
    assert items.keys() == {"more", "nothing"}
    assert (stats["dedup/dropped/exact"], stats["dedup/dropped/near"]) == (3, 1)
    assert f"exact duplicate of {site}/first/seed, score 1.00" in told


def opened(**settings):
    pipeline = DropDuplicatesPipeline.from_crawler(get_crawler(settings_dict=settings))
    pipeline.open_spider()
    return pipeline


@pytest.mark.parametrize("kind", newspaper.KINDS)
def test_an_item_stays_the_object_that_it_was(kind):
    item = newspaper.KINDS[kind](url="u", text="".join(LINES) + "\n" + "\n".join(LINES))
    assert CleanPipeline.from_crawler(get_crawler()).process_item(item) is item
    assert ItemAdapter(item).asdict() == {"url": "u", "text": "\n".join(LINES)}
    assert opened().process_item(item) is item


def test_a_page_that_says_something_else_later_is_another_text():
    pipeline = opened()
    for text in ("Rain.", "Snow.", "Hail."):
        assert pipeline.process_item({"url": "u", "text": text})
    for text in ("RAIN", "snow", "Hail!"):
        with pytest.raises(DropItem, match=r"exact duplicate of u"):
            pipeline.process_item({"url": "v", "text": text})


def test_items_without_a_name_or_a_letter_pass():
    pipeline = opened(DEDUP_FIELD="body")
    for body in ("One.", "Two.", "...", "...", "", "", None, 7):
        assert pipeline.process_item({"body": body}) == {"body": body}
    with pytest.raises(DropItem):
        pipeline.process_item({"body": "one"})
    assert pipeline.process_item({"text": "One."})
    assert pipeline.stats.get_stats() == {"dedup/no_text": 3, "dedup/dropped/exact": 1}


def test_the_settings_of_a_file_hold(tmp_path):
    (tmp_path / "dedup.toml").write_text("[near]\nnumbers = false\n[repeats]\nenabled = false\n")
    config = {"DEDUP_CONFIG": str(tmp_path / "dedup.toml")}
    double = "".join(LINES) + "\n" + "\n".join(LINES)
    cleaned = CleanPipeline.from_crawler(get_crawler(settings_dict=config)).process_item({"text": double})["text"]
    assert cleaned.startswith("".join(LINES))
    index = str(tmp_path / "seen.index")
    pipeline = opened(DEDUP_INDEX=index)
    pipeline.close_spider()
    (tmp_path / "dedup.toml").write_text("[near]\nseed = 7\n")
    with pytest.raises(dedup.IndexMismatchError, match="seed"):
        opened(DEDUP_INDEX=index, **config)


def test_the_page_lists_every_setting():
    used = set(re.findall(r'"(DEDUP_\w+)"', Path(sys.modules[CleanPipeline.__module__].__file__).read_text(encoding="utf-8")))
    page = (Path(__file__).parents[2] / "docs" / "integrations.md").read_text(encoding="utf-8")
    assert used == {name for line in page.splitlines() if line.startswith("| `DEDUP_") for name in re.findall(r"DEDUP_\w+", line)}
