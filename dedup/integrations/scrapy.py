"""Item pipelines of Scrapy: items with canonical texts, and none that says what an earlier one said, in this crawl or before.

    >>> from scrapy.utils.test import get_crawler
    >>> from dedup.integrations.scrapy import DropDuplicatesPipeline
    >>> settings = {"ITEM_PIPELINES": {"dedup.integrations.scrapy.CleanPipeline": 300, DropDuplicatesPipeline: 310}}
    >>> pipeline = DropDuplicatesPipeline.from_crawler(get_crawler(settings_dict=settings))
    >>> pipeline.open_spider()
    >>> pipeline.process_item({"url": "http://x.org/1", "text": "Snow is near."})
    {'url': 'http://x.org/1', 'text': 'Snow is near.'}
    >>> pipeline.process_item({"url": "http://x.org/2", "text": "SNOW is near"})
    Traceback (most recent call last):
    scrapy.exceptions.DropItem: exact duplicate of http://x.org/1, score 1.00

Settings: `DEDUP_FIELD` (text) holds the text, `DEDUP_ID_FIELD` (url) names an item, `DEDUP_CONFIG` is a TOML file. The index stands in
the file `DEDUP_INDEX`, else in `JOBDIR`, read at the start of a crawl and written at its end; with `DEDUP_REDIS_HOST` (`_PORT`
6379, `_NAME` dedup) in a Redis server, item by item, for crawls on several machines.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dedup

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
    from scrapy.utils.job import job_dir
except ImportError as error:
    raise dedup.MissingExtraError(package="scrapy", extra="scrapy") from error

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class CleanPipeline:
    """Each item's text is its canonical one."""

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings."""
        self.settings, self.stats = crawler.settings, crawler.stats
        self.field = self.settings.get("DEDUP_FIELD", "text")
        self.config = dedup.Config.load(path) if (path := self.settings.get("DEDUP_CONFIG")) else dedup.Config()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline of a crawl."""
        return cls(crawler)

    def _count(self, name: str, by: int = 1) -> None:
        if self.stats is not None:
            self.stats.inc_value(f"dedup/{name}", by)

    def _text(self, item: Any) -> str | None:  # noqa: ANN401 - a dict, a dataclass, an attrs class or an Item
        """The text of an item; None, which is counted, where it has none."""
        text = ItemAdapter(item).get(self.field)
        if not isinstance(text, str):
            self._count("no_text")
            return None
        return text

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - see above
        """The item."""
        if (text := self._text(item)) is not None:
            result = dedup.clean(text, self.config)
            self._count("changed", int(result.changed))
            self._count("removed_characters", sum(end - start for (start, end), *_ in result.removed))
            ItemAdapter(item)[self.field] = result.text
        return item


class DropDuplicatesPipeline(CleanPipeline):
    """Only the first item that says something; the reason of a DropItem names it."""

    index: dedup.Index | dedup.SharedIndex
    path: Path | None = None

    def open_spider(self) -> None:
        """Open the index. Raises IndexMismatchError when it was made under other settings."""
        if host := self.settings.get("DEDUP_REDIS_HOST"):
            name = self.settings.get("DEDUP_REDIS_NAME", "dedup")
            self.index = dedup.SharedIndex(host, self.settings.getint("DEDUP_REDIS_PORT", 6379), name=name, config=self.config)
            return
        folder = job_dir(self.settings)
        path = self.settings.get("DEDUP_INDEX") or (folder and Path(folder, "dedup.index"))
        self.path = Path(path) if path else None
        known = self.path is not None and self.path.exists()
        self.index = dedup.Index.load(self.path, self.config) if known and self.path else dedup.Index(self.config)

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - see above
        """The item. Raises DropItem when an earlier one says the same."""
        if (text := self._text(item)) is not None:
            if found := self.index.find(text):
                self._count(f"dropped/{found[0].kind}")
                message = f"{found[0].kind} duplicate of {found[0].id}, score {found[0].score:.2f}"
                raise DropItem(message)
            name = str(ItemAdapter(item).get(self.settings.get("DEDUP_ID_FIELD", "url")) or "")
            if not name or name in self.index:  # the page says something else than it did
                name += "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            if name not in self.index:  # else a text without a letter, seen before
                self.index.add(text, name)
        return item

    def close_spider(self) -> None:
        """Save the index, or close the connection."""
        if isinstance(self.index, dedup.SharedIndex):
            self.index.close()
        elif self.path is not None:
            self.index.save(self.path)
