"""Articles in which an author repeats: every one of them must come out as it went in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.quality.articles import WIDE, Article, fold
from benchmarks.quality.layouts import Made, Operator, header, lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

REFRAINS: dict[str, tuple[str, ...]] = {
    "zh": ("归去来兮，田园将芜胡不归！", "啊，我的家乡，我的河。", "钟声又响了。", "她还在等。", "这就是生活。"),
    "en": ("And the river kept on rising.", "So it goes.", "Nobody answered the phone.", "Let the record show it, let the record show."),
    "ja": ("それでも海は待っていた。", "鐘がまた鳴る。"),
    "ko": ("그래도 강물은 흘렀다.", "종이 다시 울렸다."),
    "ar": ("وكان النهر يواصل ارتفاعه.", "ودقت الأجراس من جديد."),
    "hi": ("और नदी बहती रही।", "घंटी फिर बजी।"),
    "th": ("และแม่น้ำยังคงไหลต่อไป", "ระฆังดังขึ้นอีกครั้ง"),
}
CHORUSES: dict[str, tuple[str, ...]] = {
    "zh": (
        "风从海上来，吹过旧码头",
        "我们唱着歌，等船靠岸",
        "灯火一盏盏，亮到天尽头",
        "母亲的手，捂热了清晨",
        "走吧走吧，路还很长",
        "走吧走吧，家在前方",
        "等到花开，再回头望",
        "那条小河，仍在歌唱",
    ),
    "en": (
        "Oh, carry me over the harbour wall",
        "where the lamps burn low and the gulls still call",
        "sing it slow, sing it all night long",
        "till the morning comes to join our song",
        "roll on, roll on, you restless tide",
        "roll on till we reach the other side",
        "and if you hear us, answer back",
        "we are walking home on the railway track",
    ),
    "ja": (
        "海から風が吹いてくる",
        "古い波止場に灯がともる",
        "歌おう、夜が明けるまで",
        "帰ろう、あの丘の家へ",
        "流れよ、流れよ、青い川",
        "忘れないよ、きみの声",
    ),
    "ko": (
        "바다에서 바람이 불어오네",
        "낡은 부두에 불이 켜지네",
        "노래하자, 아침이 올 때까지",
        "돌아가자, 언덕 위의 집으로",
        "흘러라, 흘러라, 푸른 강아",
    ),
    "ar": (
        "يا ريح البحر هبي علينا",
        "المصابيح على المرفأ القديم",
        "غنوا حتى يطلع الفجر",
        "سنعود إلى البيت على التل",
        "اجر يا نهر ولا تتوقف",
    ),
    "hi": ("समंदर से हवा चली आई", "पुराने घाट पर दीप जले", "गाओ, सुबह होने तक गाओ", "चलो, पहाड़ी वाले घर चलें", "बहो, बहो, ओ नीली नदी"),
    "th": ("ลมทะเลพัดมาแล้ว", "ท่าเรือเก่าจุดโคมไฟ", "ร้องเพลงกันจนรุ่งสาง", "กลับบ้านบนเนินเขากัน", "ไหลไปเถิดสายน้ำสีคราม"),
}
_LEAST_VERSES = 3
_TWO_EACH = 4
_BYLINES = {
    "zh": "（本报记者 王小明）",
    "en": "By Alice Marsh, Staff Writer",
    "ja": "（社会部・佐藤健一）",
    "ko": "김민수 기자",
    "ar": "كتبت: ليلى حداد",
    "hi": "रिपोर्ट: अमित वर्मा",
    "th": "รายงานโดย สมชาย ใจดี",
}
_SAID = {
    "zh": "“{}”这句话，后来被许多人记住。",
    "en": "“{}” — that sentence stayed with many who were there that day.",
    "ja": "「{}」という言葉は、多くの人の記憶に残った。",
    "ko": "“{}” 이 문장은 많은 사람의 기억에 남았다.",
    "ar": "«{}»، هكذا بقيت هذه الجملة في ذاكرة كثيرين.",
    "hi": "“{}” — यह वाक्य बहुत से लोगों को याद रहा।",
    "th": "“{}” ประโยคนี้อยู่ในความทรงจำของผู้คนจำนวนมาก",
}
_SENTENCE = {"zh": "[^。！？]+[。！？]", "ja": "[^。！？]+[。！？]", "hi": "[^।]+।", "th": r"\S+"}
_NEGATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": (("将", "不会"), ("是", "不是"), ("已", "未"), ("有", "没有"), ("能", "不能")),
    "en": ((" will ", " will not "), (" is ", " is not "), (" was ", " was not "), (" had ", " had not "), (" said ", " did not say ")),
    "ja": (("した。", "しなかった。"), ("である。", "ではない。"), ("ます。", "ません。"), ("った。", "らなかった。")),
    "ko": (("했다.", "하지 않았다."), ("이다.", "이 아니다."), ("있다.", "없다.")),
    "ar": ((" قال ", " لم يقل "), (" كان ", " لم يكن "), (" كانت ", " لم تكن ")),
    "hi": ((" है", " नहीं है"), (" था", " नहीं था"), (" हैं", " नहीं हैं")),
    "th": (("จะ", "จะไม่"), ("ได้", "ไม่ได้")),
}
_NAMES = {
    "zh": ("中国", "美国", "俄罗斯", "北京", "上海", "习近平", "李强", "省", "市", "东", "南"),
    "ja": ("日本", "東京", "大阪", "市", "県"),
    "ko": ("서울", "부산", "한국", "시", "도"),
}


def _unchanged(text: str) -> Made:
    return Made(text, tuple(line.strip() for line in text.splitlines() if line.strip()))


def clean(article: Article, _: Random) -> Made:
    """The article itself, one paragraph a line."""
    return _unchanged(lines(article.paragraphs))


def clean_blank(article: Article, _: Random) -> Made:
    """The article with a blank line between paragraphs."""
    return _unchanged("\n\n".join(article.paragraphs))


def clean_indented(article: Article, _: Random) -> Made:
    """The article with indented paragraphs."""
    indent = "\u3000\u3000" if article.language in WIDE else "    "
    return _unchanged(article.paragraphs[0] + "".join("\n" + indent + p for p in article.paragraphs[1:]))


def clean_headed(article: Article, rng: Random) -> Made | None:
    """The article under a scrape's header."""
    return Made(header(article, rng) + lines(article.paragraphs), article.paragraphs) if article.title else None


def refrain(article: Article, rng: Random) -> Made:
    """One short line after every paragraph."""
    line = rng.choice(REFRAINS[article.language])
    return _unchanged(lines([part for p in article.paragraphs for part in (p, line)]))


def chorus(article: Article, rng: Random) -> Made | None:
    """The same four to eight short lines after each verse of one or two paragraphs, three times at least.

    Twice would say as well that two copies of one text each lack another paragraph.
    """
    whole = CHORUSES[article.language]
    text = whole[: rng.randrange(4, len(whole) + 1)]
    step = rng.choice((1, 2)) if len(article.paragraphs) > _TWO_EACH else 1
    verses = [article.paragraphs[i : i + step] for i in range(0, len(article.paragraphs), step)]
    if len(verses) < _LEAST_VERSES:
        return None
    separator = rng.choice(("\n", "\n\n"))
    return _unchanged(separator.join(lines(verse, text) for verse in verses))


def byline(article: Article, _: Random) -> Made:
    """The same byline above and below the text."""
    return _unchanged(lines(_BYLINES[article.language], article.paragraphs, _BYLINES[article.language]))


def quotation(article: Article, rng: Random) -> Made | None:
    """An earlier sentence quoted inside a later paragraph."""
    pattern = _SENTENCE.get(article.language, r"[^.!?]+[.!?](?=\s|$)")
    sentences = [s.strip() for p in article.paragraphs for s in re.findall(pattern, p) if len(fold(s)) > 12]
    if not sentences or len(article.paragraphs) < 2:
        return None
    return _unchanged(lines(article.paragraphs, _SAID[article.language].format(rng.choice(sentences))))


def _other_number(text: str, rng: Random) -> str | None:
    numbers = list(re.finditer("[0-9]+", text))
    if not numbers:
        return None
    found = rng.choice(numbers)
    old = found.group()
    new = old
    while new == old:
        new = "".join(rng.choice("123456789") for _ in old)
    return text[: found.start()] + new + text[found.end() :]


def _other_name(article: Article) -> Callable[[str, Random], str | None]:
    """How a name in a paragraph becomes another of the article's names."""

    def change(text: str, rng: Random) -> str | None:
        if article.language in _NAMES:
            found = [
                (a, b) for a in _NAMES[article.language] for b in _NAMES[article.language] if a in text and len(a) == len(b) and a != b
            ]
            return text.replace(*rng.choice(found), 1) if found else None
        if article.language != "en":
            return None
        names = sorted(set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b", " ".join(article.paragraphs))))
        here = [name for name in names if name in text]
        if not here or len(names) < 2:
            return None
        old = rng.choice(here)
        return text.replace(old, rng.choice([name for name in names if name != old]), 1)

    return change


def _negated(article: Article) -> Callable[[str, Random], str | None]:
    """How a paragraph comes to say the opposite in one place."""

    def change(text: str, rng: Random) -> str | None:
        found = [pair for pair in _NEGATIONS[article.language] if pair[0] in text]
        return text.replace(*rng.choice(found), 1) if found else None

    return change


CHANGES: dict[str, Callable[[Article], Callable[[str, Random], str | None]]] = {
    "number": lambda _: _other_number,
    "name": _other_name,
    "negation": _negated,
}


def updated(what: str, *, beside: bool) -> Operator:
    """One paragraph again with another `number`, another `name` or a `negation`: beside the first or at the end."""

    def operator(article: Article, rng: Random) -> Made | None:
        change = CHANGES[what](article)
        for place in rng.sample(range(len(article.paragraphs)), len(article.paragraphs)):
            other = change(article.paragraphs[place], rng)
            if other and fold(other) not in map(fold, article.paragraphs):
                paragraphs = list(article.paragraphs)
                paragraphs.insert(place + 1 if beside else len(paragraphs), other)
                return _unchanged(lines(paragraphs))
        return None

    return operator


OPERATORS: dict[str, Operator] = {
    "clean": clean,
    "clean.blank-lines": clean_blank,
    "clean.indented": clean_indented,
    "clean.header": clean_headed,
    "refrain": refrain,
    "chorus": chorus,
    "byline": byline,
    "quotation": quotation,
    **{f"{what}.{where}": updated(what, beside=where == "beside") for what in CHANGES for where in ("beside", "end")},
}
