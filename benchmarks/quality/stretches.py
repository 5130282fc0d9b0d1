"""Boilerplate planted on real news for 40 hosts: what learning finds of it, and whether it takes any news for it.

python -m benchmarks.quality.stretches [--articles news-zh.jsonl.gz] [--hosts 40] [--natural] [--show HOST]

Each host says its own lines: labels with names and dates before and after the body, words before the first sentence and after
the last, an advertisement amid the text, invitations and a notice of rights; each in half of its articles or more, in another
case, width or spacing now and then. `--natural` plants nothing and lists what is found in the articles as they are.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import dedup
from benchmarks.quality.articles import DEFAULT, UNSPACED, Article, fold, read_articles

_TOLD = 20
_NAMES = {
    "zh": "王 李 张 刘 陈 杨 赵 黄 周 吴".split(),
    "en": "Smith Jones Taylor Brown Wilson Evans Walker Wright Green Hall".split(),
}
_GIVEN = {"zh": "伟 芳 娜 敏 静 丽华 建国 晓明 志强 秀英".split(), "en": "Anna John Mary Peter Susan David Linda Karen Paul Ruth".split()}
_PLACES = {"zh": "北京 上海 广州 武汉 成都 西安".split(), "en": "LONDON|NEW YORK|TOKYO|PARIS|WASHINGTON|HONG KONG".split("|")}
_SITES = {
    "zh": ["东南西北江海山云", "方都州岛川湖", ["日报", "网", "新闻", "晚报"]],
    "en": [["North ", "South ", "River ", "Harbor ", "Hill ", "Lake "], ["Daily", "Post", "Herald", "Times", "Wire"]],
}
_TEMPLATES = {
    "zh": {
        "top": ["{date} 来源：{site}", "{site} 记者 {name}", "时间：{date}", "字号：大 中 小", "点击上方蓝字关注{site}"],
        "start": ["{site}讯：", "{site}{place}{day}电（记者{name}）", "【{site}】", "本报记者 {name} 报道："],
        "amid": ["广告", "[[相关阅读]]", "点击查看更多{site}视频"],
        "end": ["（完）", "（责任编辑：{name}）", "（记者{name}）"],
        "bottom": [
            "责任编辑：{name}",
            "（编辑：{name} 审核：{name}）",
            "扫描二维码关注{site}微信公众号",
            "版权所有 {site} 未经书面授权不得转载使用",
            "{site}热线电话 新闻爆料请联系我们",
            "【免责声明】本文仅代表作者本人观点，与{site}无关。请读者仅作参考，并自行核实相关内容。",
            "发布时间：{date} 浏览次数：{count}",
        ],
    },
    "en": {
        "top": ["By {name}, {site}", "Published {date}", "Updated {date} | {site}", "{site} staff reporter {name}", "Share this article"],
        "start": ["{place} ({site}) -", "{site}:", "{place}, {day} ({site}) --", "[{site} exclusive]"],
        "amid": ["Advertisement", "Story continues below", "READ MORE ON {site}"],
        "end": ["(Reporting by {name}; Editing by {name})", "({site})", "[{site} newsroom]"],
        "bottom": [
            "Reporting by {name}; Editing by {name}",
            "Sign up for our {site} newsletter and get the best of our journalism in your inbox.",
            "Copyright {site}. All rights reserved.",
            "Follow {site} on Facebook and Twitter",
            "Contact the writer at {name} at the {site} newsroom",
            "The views expressed in this article are those of the author and do not reflect the policy of {site}.",
            "Posted on {date}",
        ],
    },
}


class Planted(NamedTuple):
    """An article with what was put into it: the row, and the planted words in their order."""

    row: dict[str, str]
    said: list[str]


def plant(articles: list[Article], hosts: int, seed: int = 9) -> list[Planted]:
    """The articles, dealt out to the hosts, each with its host's lines."""
    rng = random.Random(seed)
    rows = []
    for number in range(hosts):
        own = articles[number::hosts]
        language = "zh" if own and own[0].language in UNSPACED else "en"
        site = "".join(rng.choice(words) for words in _SITES[language])
        chosen = {
            place: [(text, rng.uniform(0.5, 1)) for text in rng.sample(texts, {"bottom": 3, "top": 2}.get(place, 1))]
            for place, texts in _TEMPLATES[language].items()
        }
        rows += [_planted(article, f"site{number}.example", site, language, chosen, rng) for article in own]
    return rows


def _planted(
    article: Article, host: str, site: str, language: str, chosen: dict[str, list[tuple[str, float]]], rng: random.Random
) -> Planted:
    """One article with its host's lines."""
    said = {place: [_filled(text, site, language, rng) for text, share in texts if rng.random() < share] for place, texts in chosen.items()}
    body = list(article.paragraphs)
    if len(body) < 2:
        said["amid"] = []
    glue = article.glue
    for text in said["amid"]:
        body.insert(rng.randint(1, len(body) - 1), text)
    for text in said["start"]:
        body[0] = f"{text}{'' if language == 'zh' else ' '}{body[0]}"
    for text in said["end"]:
        body[-1] = f"{body[-1]}{glue}{text}"
    lines = [*said["top"], *body, *said["bottom"]]
    row = {"id": f"{host}/{article.id}", "url": f"https://www.{host}/{article.id}.html", "title": article.title, "text": "\n".join(lines)}
    return Planted(row, [text for place in ("top", "start", "amid", "end", "bottom") for text in said[place]])


def _filled(template: str, site: str, language: str, rng: random.Random) -> str:
    """The template with names and dates, varied as pages vary."""
    name = lambda: (  # noqa: E731 - once for each slot
        rng.choice(_NAMES["zh"]) + rng.choice(_GIVEN["zh"])
        if language == "zh"
        else f"{rng.choice(_GIVEN['en'])} {rng.choice(_NAMES['en'])}"
    )
    text = template
    while "{name}" in text:
        text = text.replace("{name}", name(), 1)
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    date = f"2023年{month}月{day}日" if language == "zh" else f"2023-{month:02}-{day:02}"
    values = {
        "site": site,
        "date": date,
        "place": rng.choice(_PLACES[language]),
        "day": f"{month}月{day}日" if language == "zh" else f"May {day}",
    }
    for key, value in {**values, "count": str(rng.randint(3, 99_999))}.items():
        text = text.replace(f"{{{key}}}", value)
    change = rng.random()
    if change < 0.05:
        return text.upper()
    if change < 0.1:
        return text.replace("：", ": ").replace("（", "(").replace("）", ")")
    return f"{text} " if change < 0.15 else text


def measure(planted: list[Planted], boilerplate: dedup.Boilerplate) -> dict[str, float]:
    """Letters planted, struck, and struck of the news; articles whose news was touched; lines missed."""
    totals: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for case, result in zip(planted, dedup.clean_all((case.row for case in planted), boilerplate=boilerplate), strict=True):
        struck = Counter(fold(result.repaired[slice(*gone.span)]) for gone in result.removed if gone.kind == "boilerplate")
        wanted = Counter(map(fold, case.said))
        totals["planted"] += sum(map(len, wanted.elements()))
        totals["struck"] += sum(map(len, struck.elements()))
        totals["right"] += sum(map(len, (struck & wanted).elements()))
        totals["articles touched"] += bool(struck - wanted)
        missed.update(wanted - struck)
        for text in (struck - wanted).elements():
            if totals["told"] >= _TOLD:
                break
            totals["told"] += 1
            print(f"  struck and not planted: {case.row['id']}: {text[:100]}")
    for text, count in missed.most_common(12):
        print(f"  missed {count}: {text[:90]}")
    return {
        "articles": len(planted),
        "planted letters": totals["planted"],
        "precision": totals["right"] / max(1, totals["struck"]),
        "recall": totals["right"] / max(1, totals["planted"]),
        "articles whose news was touched": totals["articles touched"],
    }


def main() -> int:
    """Zero when the floors hold: precision 0.99, recall 0.97, no news touched."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.stretches", description=__doc__)
    parser.add_argument("--articles", type=Path, action="append")
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--natural", action="store_true")
    parser.add_argument("--show", help="print what was learned of this host")
    options = parser.parse_args()
    code = 0
    for path in options.articles or [DEFAULT]:
        articles = [article for article in read_articles(path) if article.paragraphs]
        if options.natural:
            found = dedup.learn_boilerplate({"id": article.id, "text": "\n".join(article.paragraphs)} for article in articles)
            print(f"{path.name}: {len(articles):,} articles\n{found.as_toml()}")
            continue
        articles = [article for article in map(_without_own, articles) if article.paragraphs]
        if path == DEFAULT:
            articles = _recombined(articles, 30 * options.hosts)
        planted = plant(articles, options.hosts)
        learned = dedup.learn_boilerplate(case.row for case in planted)
        if options.show:
            print(dedup.Boilerplate({options.show: learned.hosts.get(options.show, ())}).as_toml())
        print(f"{path.name}: {len(learned):,} patterns of {len(learned.hosts)} hosts")
        figures = measure(planted, learned)
        print(
            "\n".join(f"  {name}: {value:,.4f}" if isinstance(value, float) else f"  {name}: {value:,}" for name, value in figures.items())
        )
        good = figures["precision"] >= 0.99 and figures["recall"] >= 0.97 and not figures["articles whose news was touched"]
        code = code or int(not good)
    return code


_OWN = re.compile(r"央视网消息（新闻联播[^）]*）：?")


def _without_own(article: Article) -> Article:
    """The article without the words that its publisher itself puts before each: what is planted is then all that is to be found."""
    paragraphs = tuple(text for paragraph in article.paragraphs if (text := _OWN.sub("", paragraph, count=1).strip()))
    return Article(article.id, article.language, article.title, paragraphs)


def _recombined(articles: list[Article], count: int) -> list[Article]:
    """Articles of paragraphs drawn from those of one language, where there are too few articles to teach anything."""
    rng = random.Random(3)
    pools: dict[str, list[str]] = {"zh": [], "en": []}
    for article in articles:
        if article.language in pools:
            pools[article.language] += article.paragraphs
    made = []
    for number in range(count):
        language = "zh" if number % 2 else "en"
        paragraphs = tuple(rng.sample(pools[language], min(4, len(pools[language]))))
        made.append(Article(f"{number}", language, f"{number}", paragraphs))
    return made


if __name__ == "__main__":
    sys.exit(main())
