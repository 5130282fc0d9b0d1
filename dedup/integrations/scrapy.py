"""Item pipelines of Scrapy: items with canonical texts, and none that says what an earlier one said, in this crawl or before.

    >>> from scrapy.utils.test import get_crawler
    >>> from dedup.integrations.scrapy import DropDuplicatesPipeline
    >>> pipeline = DropDuplicatesPipeline.from_crawler(get_crawler(settings_dict={"DEDUP_FIELD": "text"}))
    >>> pipeline.open_spider()
    >>> pipeline.process_item({"url": "http://x.org/1", "text": "Snow is near."})
    {'url': 'http://x.org/1', 'text': 'Snow is near.'}
    >>> pipeline.process_item({"url": "http://x.org/2", "text": "SNOW is near"})
    Traceback (most recent call last):
    scrapy.exceptions.DropItem: exact duplicate of http://x.org/1, score 1.00

In a project they stand in ITEM_PIPELINES; docs/integrations.md shows it and lists the settings.
"""

from __future__ import annotations

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

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - a dict, a dataclass, an attrs class or an Item
        """The item, after its text was looked at; one without a text is counted."""
        fields = ItemAdapter(item)
        if isinstance(text := fields.get(self.field), str):
            self._look_at(fields, text)
        else:
            self._count("no_text")
        return item

    def _look_at(self, fields: ItemAdapter, text: str) -> None:
        result = dedup.clean(text, self.config)
        if result.changed:
            self._count("changed")
            self._count("removed_characters", sum(end - start for (start, end), *_ in result.removed))
            fields[self.field] = result.text


class DropDuplicatesPipeline(CleanPipeline):
    """Only the first item that says something; the reason of a DropItem names it."""

    index: dedup.Index | dedup.SharedIndex
    path: str | Path | None = None

    def open_spider(self) -> None:
        """Open the index. Raises IndexMismatchError when it was made under other settings."""
        if host := self.settings.get("DEDUP_REDIS_HOST"):
            name = self.settings.get("DEDUP_REDIS_NAME", "dedup")
            self.index = dedup.SharedIndex(host, self.settings.getint("DEDUP_REDIS_PORT", 6379), name=name, config=self.config)
            return
        folder = job_dir(self.settings)
        self.path = self.settings.get("DEDUP_INDEX") or (Path(folder, "dedup.index") if folder else None)
        self.index = dedup.Index.load(self.path, self.config) if self.path and Path(self.path).exists() else dedup.Index(self.config)

    def _look_at(self, fields: ItemAdapter, text: str) -> None:
        name = fields.get(self.settings.get("DEDUP_ID_FIELD", "url"))
        if found := self.index.find_or_add(text, None if name is None else str(name)):
            self._count(f"dropped/{found[0].kind}")
            message = f"{found[0].kind} duplicate of {found[0].id}, score {found[0].score:.2f}"
            raise DropItem(message)

    def close_spider(self) -> None:
        """Save the index, or close the connection."""
        if isinstance(self.index, dedup.SharedIndex):
            self.index.close()
        elif self.path:
            self.index.save(self.path)
