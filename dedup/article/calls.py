"""Calls: the words that mark a line as the teaser or the summary of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.model import Span

# White space is looked through once, from its beginning: from each of its characters, 20,000 spaces took 0.3 s.
ENDS_SENTENCE = re.compile(r"[!?…。！？।॥؟۔]|\.(?!\w)|(?<!\s)\s*\n|\n")

_LONGEST_CALL = 60  # characters at a line's end in which a call to read on is looked for
_MORE = re.compile(
    r"(?:…+|\.{3,}|。{2,}|\.\.)?[\s\[(【（<>»›→]*+"
    r"(?:详细|详情|更多|全文|阅读全文|查看全文|点击查看|展开全文|續讀|繼續閱讀|続きを読む|もっと見る|더보기|자세히|อ่านต่อ|"
    r"(?<!\w)(?:(?:read|see|view|show|continue)\s+(?:more|reading|full\s+(?:story|article))|more|full story|continue reading|"
    r"और पढ़ें|अधिक|اقرأ المزيد|المزيد|leia mais|leer más|lire la suite|weiterlesen|mehr))?"
    r"[\s\])】）>»›→.…]*$",
    re.IGNORECASE,
)
# Possessive: white space that no label follows is read once, not from each of its characters.
_SENTENCES_TOO = re.compile(r"\s*(?:more|mehr|अधिक|المزيد)\s*\.?\s*")  # words by which a sentence ends as well: `or more.`
_SUMMARY = re.compile(
    r"\s*+(?:[\[【(（]\s*+)?"
    r"(?:内容摘要|摘要|导读|導讀|导语|核心提示|内容提要|提要|概要|要約|要旨|요약|"
    r"summary|abstract|synopsis|in brief|key points?|tl;dr|résumé|zusammenfassung|resumen|ملخص|सारांश|สรุป)"
    r"\s*[\]】)）]?\s*[:：\-—]?\s*",
    re.IGNORECASE,
)

# For the screen, which reads folded letters: what a call ends in, but for dots, and what a summary begins with.
CALL_WORDS = (
    "详细 详情 更多 全文 点击查看 续读 继续阅读 続きを読む もっと見る 더보기 자세히 more reading fullstory fullarticle "
    "और-पढ़ें अधिक อ่านต่อ اقرأ-المزيد المزيد leia-mais leer-más lire-la-suite weiterlesen mehr"
)
LABEL_WORDS = (
    "内容摘要 摘要 导读 导语 核心提示 内容提要 提要 概要 要約 要旨 요약 summary abstract synopsis in-brief key-point tl;dr "
    "résumé zusammenfassung resumen ملخص सारांश สรุป"
)


def is_call(text: str) -> bool:
    """True for an ellipsis, a call to read on, or both, and nothing else."""
    text = text.strip().lstrip("。！？!?，、,;；：:—-”’\"'“‘「『」』 ")
    text = text[1:].lstrip() if text[:1] == "." != text[1:2] else text  # the sentence's own point
    return _MORE.fullmatch(text) is not None and ("…" in text or ".." in text or any(map(str.isalnum, text)))


def closing_call(text: str, line: Span) -> str:
    """The ellipsis or the call to read on that a line ends in; empty where there is none."""
    end = text[max(line.start, line.end - _LONGEST_CALL) : line.end]
    found = _MORE.search(end)
    if found is None or not is_call(found.group()):
        return ""
    call, before = found.group(), end[: found.start()][-1:]
    if (call == ".." and before.isupper()) or (_SENTENCES_TOO.fullmatch(call) and not ENDS_SENTENCE.search(before)):
        return ""  # `in the U.S..` has an abbreviation's point and its sentence's
    return call


def summary_label(text: str, line: Span) -> str:
    """The label by which a line says that it is a summary; empty where there is none."""
    found = _SUMMARY.match(text, line.start, line.end)
    return "" if found is None else found.group()
