"""Lines with every kind of damage that repair knows, drawn with a seed; the same count and seed give the same lines."""

import random
from collections.abc import Iterator

from ftfy.chardata import CHARMAP_ENCODINGS

TEXTS = (
    "习近平在上海考察时强调，“高质量发展”是硬道理——‘不能动摇’……",
    "日本語のテスト。『ガ』と「ｶﾞ」、か\u3099な",
    "한국어 기사입니다. ‘좋다’ 각",
    "L’été à la mode : « façade », naïveté, œuvre, Œ. À Ã Â",
    "Übermäßig großer Ärger – „Straße“, 5 € und 30 °C",
    "Привет, мир — «Ёлка», В Г Р С, ВГРС № 5",
    "Ελλάδα: Ά, Έ, Ή — Β Γ Ξ Ο «ναι»",
    "Příliš žluťoučký kůň úpěl ďábelské ódy, Łódź ąęść",
    "Ģirts ķēniņš, Ąžuolas ėįšųž; ā€",
    "İstanbul’da ğüşöç; Þór, Ævar, ø",
    "مرحبا بالعالم، السَّلامُ؟ ۱۲۳",
    "שלום עוֹלָם",
    "สวัสดีครับ น้ำ",
    "हिन्दी क़लम",
    "Tiếng Việt: Đã có, MÃ SỐ, à â ă",
    "“It’s fine” – he said… ‘really’—yes · £5 ¥6 €7 ½ × ² ™ ® ©",
    "AT&T, R&D; a & b &c; x&y;z",
    "💩 👩\u200d👩\u200d👧 ❤\ufe0f 🇨🇳 𠀀𝒥",
    "┌──┐│▒▓░█│└──┘ ¯\\_(ツ)_/¯ °□° ╯ ô_ô",
    "plain words, nothing else 12,345.67",
)
EXTRAS = (
    "&amp;", "&lt;b&gt;", "&quot;", "&#8217;", "&#x2028;", "&#128;", "&#xD83D;&#xDCA9;", "&amp;amp;lt;", "&hellip;", "&EACUTE;", "&nosuch;",
    "&am", "p;", "&lt\u037e",
    "\x1b[36;44m", "\x1b[0m", "\x1b", "\x00", "\x07", "\x7f", "\ufeff", "\u206a", "\ufffc", "\ufffd", "\ud83d", "\udca9", "\ud83d\udca9",
    "\x80", "\x85", "\x92", "\x9d", "\xa0", "\xad", "\u200b", "\u2028", "\u2029", "\v", "\f", "\r", "\r\n", "\n", "\t",
    "e\u0301", "\u0301", "q\u0323\u0307", "q\u0307\u0323", "\u1100\u1161\u11a8",
    "\u0344", "\u0958", "\u212b", "\u037e", "\u0f73", "\uac00\u11a8",
    "â€œ", "â€", "â€™", "Ã©", "Ã ", "Â ", "Â°", "вЂ", "ã€‚", "ï»¿", "‚Äô", "√©", "€™", "ï¿½",
    "\u0378", "\U0001fae8", "\uffff", "<b>", "</b>", " ",
)  # fmt: skip


def damaged_lines(count: int, seed: int) -> Iterator[str]:
    """Lines cut from texts in many languages, decoded wrongly up to three times, with things put in, swapped and left out."""
    draw = random.Random(seed)
    for _ in range(count):
        parts = [_part(draw) for _ in range(draw.choice((1, 1, 2, 3)))]
        line = draw.choice(("", " ", "", "。")).join(parts)
        for _ in range(draw.choice((0, 0, 1, 1, 2, 4))):
            at = draw.randrange(len(line) + 1)
            line = line[:at] + draw.choice(EXTRAS) + line[at + draw.choice((0, 0, 0, 1, 2)) :]
        yield line


def _part(draw: random.Random) -> str:
    text = draw.choice(TEXTS)
    start = draw.randrange(len(text))
    part = text[start : start + draw.randrange(1, 24)]
    for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3))):
        encoding = draw.choice(CHARMAP_ENCODINGS)
        try:
            # Sound text went through UTF-8 and was read as something else; or it was written in one encoding and read as another.
            part = part.encode("utf-8" if draw.random() < 0.8 else draw.choice(CHARMAP_ENCODINGS), "surrogatepass").decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if draw.random() < 0.2:
            part = part.replace("\xa0", " ")
    return part
