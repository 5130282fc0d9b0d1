"""A newspaper's crawl: a spider of Scrapy, run by `python newspaper.py ADDRESS ITEMS SETTINGS KIND`; it prints what was counted."""

import dataclasses
import json
import sys

import attrs
import scrapy
from scrapy.crawler import CrawlerProcess


class ArticleItem(scrapy.Item):
    url = scrapy.Field()
    text = scrapy.Field()


@dataclasses.dataclass
class ArticleData:
    url: str
    text: str | None


@attrs.define
class ArticleAttrs:
    url: str
    text: str | None


KINDS = {"dict": dict, "item": ArticleItem, "dataclass": ArticleData, "attrs": ArticleAttrs}


class Newspaper(scrapy.Spider):
    name = "newspaper"
    kind = "dict"

    def parse(self, response):
        for number, link in enumerate(response.css("a::attr(href)").getall()):
            yield response.follow(link, self.article, priority=-number)

    def article(self, response):
        lines = response.css("article p::text").getall()
        yield KINDS[self.kind](url=response.url, text="\n".join(lines) if lines else None)


def main():
    address, items, settings, kind = sys.argv[1:]
    process = CrawlerProcess(
        {
            "ITEM_PIPELINES": {"dedup.integrations.scrapy.CleanPipeline": 300, "dedup.integrations.scrapy.DropDuplicatesPipeline": 310},
            "FEEDS": {items: {"format": "jsonlines"}},
            "CONCURRENT_REQUESTS": 1,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "WARNING",
            **json.loads(settings),
        }
    )
    crawler = process.create_crawler(Newspaper)
    process.crawl(crawler, start_urls=[address], kind=kind)
    process.start()
    sys.stdout.write(json.dumps({name: value for name, value in crawler.stats.get_stats().items() if isinstance(value, int)}))


if __name__ == "__main__":
    main()
