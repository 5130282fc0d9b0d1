"""Labels: which words before a colon name a field of a header, in which language, and which values mean nothing."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_WORDS = {
    "title": "title headline 标题 標題 題目 题目 题名 題名 タイトル 見出し 제목 titel titre título titulo titolo заголовок العنوان",
    "date": (
        "date datetime time published pubdate publishdate publicationdate publishedat publishedon publishedtime publishtime "
        "datepublished datepublish releasedate posted postedon "
        "日期 时间 時間 发布时间 發布時間 發佈時間 发表时间 發表時間 发布日期 發布日期 日付 日時 公開日 掲載日 配信日 "
        "날짜 등록일 작성일 게시일 입력 datum fecha дата"
    ),
    "url": (
        "url link permalink sourceurl canonicalurl articleurl originalurl 链接 鏈接 連結 网址 網址 原文链接 原文网址 原文地址 "
        "リンク 링크 주소 lien enlace ссылка"
    ),
    "author": "author authors byline writer 作者 撰文 著者 筆者 執筆者 저자 글쓴이 작성자 autor autora auteur verfasser автор",
    "source": "source sources 来源 來源 稿源 出典 出処 情報源 출처 quelle fuente fonte источник",
    "site": "site sitename website 站点 站點 网站 網站 网站名称 サイト サイト名 사이트",
}
KEYS = {word: key for key, words in _WORDS.items() for word in words.split()}
"""Folded label -> the field that it names."""

_OTHER_WORDS = (
    "tags tag keywords category categories section language lang id editor publisher copyright modified updated lastmodified "
    "关键词 關鍵詞 标签 標籤 分类 分類 栏目 欄目 编辑 編輯 责任编辑 責任編輯 责编 频道 カテゴリ タグ 편집 카테고리 태그"
)
OTHERS = frozenset(_OTHER_WORDS.split())
"""Folded labels of fields that are kept as they are; they may stand at a header's end, but make no header."""

_NOTHING = frozenset(("", "none", "null", "nil", "n/a", "na", "nan", "nat", "empty", "undefined", "-", "--", "—", "——", "无", "暂无", "無"))


@lru_cache(maxsize=1024)  # the articles of a site begin alike
def folded_label(label: str) -> str:
    """The label as the tables hold it: in lower case and one width, without spaces, `_` and `-`."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().replace("_", " ").replace("-", " ").split())


def meaning(value: str) -> str | None:
    """The value, or None where it says that there is none: `None`, `null`, `N/A`, `-` or nothing, in any case."""
    return None if value.casefold() in _NOTHING else value
