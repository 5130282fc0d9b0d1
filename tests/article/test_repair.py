"""Repair: cases, equality with plain ftfy, and texts made to be slow."""

import json
import os
import re
import unicodedata
from pathlib import Path

import ftfy
import pytest
from damaged_lines import damaged_lines
from ftfy.chardata import CHARMAP_ENCODINGS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.article import repair as module
from dedup.article.repair import has_markup, repair, repair_all
from dedup.config import Repair
from dedup.kernels import sound

HERE = Path(__file__).parent
CASES = json.loads((HERE.parent / "cases" / "repair.json").read_text("utf-8"))
SEED = HERE.parents[1] / "seeds" / "000_ea7a2108dfda12b4.txt"
DEFAULT = Repair()
DAMAGED_LINES = int(os.environ.get("DAMAGED_LINES", "5000"))  # 200000 takes a few minutes


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case, request):
    if case["expect"] == "fail":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["comment"]))
    config = Repair(**case.get("config", {}))
    assert repair(case["original"], config) == case["expected"]
    assert repair(case["expected"], config) == case["expected"]


def test_the_real_article_is_whole():
    text = SEED.read_text("utf-8")
    assert repair(text, DEFAULT) == text


def test_surrogate_pairs_are_one_character():
    assert repair("\ud83d\udca9\udca9", DEFAULT) == "💩\ufffd"  # JSON itself would join the pair: no case for it there


def plain_ftfy(text, config=DEFAULT):
    """The oracle: ftfy.fix_text on every line, with nothing that changes clean text."""
    settings = ftfy.TextFixerConfig(
        unescape_html=config.entities and not has_markup(text),
        fix_encoding=config.encoding,
        fix_c1_controls=config.encoding,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        normalization="NFC",
        max_decode_length=1_000_000,
        explain=True,
    )

    def line(text):
        fixed = ftfy.fix_text(text, settings)
        return "\n".join(map(line, fixed.split("\n"))) if "\n" in fixed else fixed

    text = text.replace("\r\n", "\n")
    for mark in "\r\v\f\u2028\u2029":
        text = text.replace(mark, "\n")
    return "\n".join(map(line, text.split("\n")))


SUSPECT = re.compile(r"[^\t -%'-~]")


def mended_line_by_line(text, config=DEFAULT):
    """The oracle for what is left out: every line with more than plain ASCII goes through all steps."""
    text = text.replace("\r\n", "\n").translate(dict.fromkeys(map(ord, "\r\v\f\u2028\u2029"), "\n"))
    entities = config.entities and "&" in text and not has_markup(text)
    return "\n".join(
        module._mended(line, encoding=config.encoding, entities=entities) if SUSPECT.search(line) else line for line in text.split("\n")
    )


@st.composite
def damaged(draw):
    """Text that went through a wrong encoding up to three times."""
    text = draw(
        st.sampled_from(["習近平，“好”", "l’été à la mode", "Привет", "Ελλάδα", "naïve café", "日本語。", "한국어", "💩", "a—b…", "Ŵ"])
    )
    for encoding in draw(st.lists(st.sampled_from(CHARMAP_ENCODINGS), max_size=3)):
        try:
            text = text.encode("utf-8").decode(encoding)
        except UnicodeError:
            break
    return text


PARTS = st.one_of(
    damaged(),
    st.text(st.characters(), max_size=6),
    st.text(st.sampled_from("ÃÂâ€™œ\x80\x9d \xa0ГР‚вЂ?\ufffdí½"), max_size=8),
    st.sampled_from(
        [
            "&amp;", "&amp;quot;", "&#10;", "&#x2028;", "&#128;", "&#xD800;", "&amp;amp;amp;lt;", "&", "#", ";", "amp;", "<b>", "<SRD>",
            "\r\n", "\r", "\u2028", "\u0085", "\x00", "\ufeff", "\x1b[31m", "\ud83d", "\udca9", "e\u0301", "\u0323\u0301", "ﬁ", "Ã ", "\n",
        ],
    ),
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=8).map("".join)
CONFIGS = st.builds(Repair, encoding=st.booleans(), entities=st.booleans())


@given(TEXTS, CONFIGS)
@example("ï¿½\ud83d&#x2028;Ć‚ ;", DEFAULT)
def test_it_is_plain_ftfy(text, config):
    assert repair(text, config) == plain_ftfy(text, config)


@given(TEXTS, CONFIGS)
def test_what_is_left_out_would_change_nothing(text, config):
    assert repair(text, config) == mended_line_by_line(text, config)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6), CONFIGS, st.sampled_from([1, 7, 40, 1 << 18]))
def test_a_batch_is_its_texts(texts, config, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "_BLOCK", block)
        assert repair_all(texts, config) == [mended_line_by_line(text, config) for text in texts]


@pytest.mark.parametrize("config", [DEFAULT, Repair(encoding=False), Repair(entities=False)], ids=str)
def test_damaged_lines(config):
    lines = list(damaged_lines(DAMAGED_LINES, seed=7))
    out = repair_all(lines, config)
    for line, repaired in zip(lines, out, strict=True):
        assert repaired == plain_ftfy(line, config), ascii(line)
        assert repaired == mended_line_by_line(line, config), ascii(line)
    assert len(lines) // 4 < sum(line != repaired for line, repaired in zip(lines, out, strict=True)) < len(lines)


def test_damaged_articles():
    lines = list(damaged_lines(DAMAGED_LINES, seed=8))
    texts = ["\n".join(lines[i : i + 9]) for i in range(0, len(lines), 9)]
    assert repair_all(texts, DEFAULT) == [mended_line_by_line(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "âœ” No problems", "schÃ¶n", "sÃ³", "voilÃ  le travail", "voilÃ le travail", "Ã perturber la rÃ©flexion", "lâ€™humanitÃ©",
        "&macr;\\_(ã\x83\x84)_/&macr;", "Broken text&hellip; it&#x2019;s ï¬‚ubberiﬁc!", "HTML entities &lt;3",
        "<em>HTML entities &lt;3</em>",
        "\001\033[36;44mI&#x92;m blue, da ba dee da ba doo&#133;\033[0m", "P&EACUTE;REZ", "&lt;tag&gt;",
        "&Jscr;ohn &HilbertSpace;ancock",
        "doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t", "ＬＯＵＤ\u3000ＮＯＩＳＥＳ", "uÌˆnicode",
        "This text is sad .â\x81”.", "\ufeffWhere do you want to go today?",
        "1. Unicode\u20282. Spite", "What is this \x85 I don't even", "Content-type: text/plain\r\n\r\nHi.", "(╯°□°)╯︵ ┻━┻", "¯\\_(ツ)_/¯",
        "l'Ã©tÃ© Ã\xa0 la mode", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "ä½\xa0å¥½", "ãƒ†ã‚¹ãƒˆ", "ã€ã»ã’ã€", "à¤¨à¤®à¤¸à¥à¤¤à¥‡", "fÃ cil",
        "Â£5 â€“ Â©", "IÃ±tÃ«rnÃ¢tiÃ´nÃ lizÃ¦tiÃ¸n",
    ],
)  # fmt: skip
def test_what_ftfy_is_known_for(text):
    assert repair(text, DEFAULT) == plain_ftfy(text) == mended_line_by_line(text)
    several = f"clean, “so” it is\n{text}\n中文"
    assert repair(several, DEFAULT) == plain_ftfy(several)


@pytest.mark.parametrize(
    "text", ["&am\x00p;", "&amp\u037e", "&am\x1b[0mp;", "&#x\ufeff41;", "&am\x85p;", "&Ã©amp;", "&ampÍ¾ é", "a &lt\u037eb&gt\u037e"]
)
def test_an_entity_that_comes_to_light_is_turned(text):
    assert repair(text, DEFAULT) == plain_ftfy(text) == mended_line_by_line(text)
    assert repair(f"<b>\n{text}", DEFAULT) == plain_ftfy(f"<b>\n{text}")


def test_a_text_that_needs_nothing_is_the_same_object():
    texts = ["plain & simple", "“高质量”——发展……", "L’été « à la mode » : œuvre", "Привет № 5", "สวัสดี น้ำ", "a\n\nb\t"]
    assert all(one is other for one, other in zip(repair_all(texts, DEFAULT), texts, strict=True))
    assert repair_all([], DEFAULT) == []


@given(TEXTS, CONFIGS)
def test_a_second_repair_changes_nothing(text, config):
    once = repair(text, config)
    assert repair(once, config) == once


@given(st.lists(TEXTS, max_size=5), CONFIGS)
def test_a_line_is_repaired_the_same_wherever_it_stands(texts, config):
    texts = [text for text in texts if not has_markup(text)]
    lines = [line for text in texts for line in text.replace("\r\n", "\n").split("\n") if not line.endswith("\r")]
    if not has_markup("\n".join(lines)):
        assert repair("\n".join(lines), config) == "\n".join(repair(line, config) for line in lines)


@given(TEXTS)
def test_nothing_bad_comes_out(text):
    out = repair(text, DEFAULT)
    assert not set("\x00\r\v\f\x1b\ufeff\u2028\u2029\u0085") & set(out)
    assert not any(0xD800 <= ord(character) < 0xE000 for character in out)
    assert unicodedata.is_normalized("NFC", out)


@given(st.lists(PARTS, max_size=40).map("".join), st.integers(8, 40))
def test_a_line_decoded_in_pieces_reaches_a_fixed_point(text, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        patch.setattr(module, "_WINDOW", piece // 2)
        once = repair(text, DEFAULT)
        assert repair(once, DEFAULT) == once


def test_a_long_line_is_mended_like_a_short_one():
    for line in ("会议在上海召开——与会者，“好”。", "naïve café — “quoted” and plain words. "):
        long = line * 8_000
        assert repair(long.encode().decode("latin-1"), DEFAULT) == long


@given(st.lists(st.sampled_from(["&", "amp;", "#38;", "lt;", ";", "&#97;", "mp;", "&semi;", "a", "&#10;"]), max_size=12).map("".join))
def test_entities_turned_in_one_pass_are_those_turned_in_many(text):
    before, after = "", text
    while after != before:
        before, after = after, ftfy.fixes.unescape_html(after)
    assert module._unescaped(text) == after


@given(st.text(st.sampled_from("ae\u00e9\u0301\u0323\u0344\u0345\u0f71\u0f72\u0f73\u0f75\u0f81\u3099가"), max_size=30))
def test_marks_in_order_mean_the_same(text):
    assert unicodedata.normalize("NFC", module._run_in_order(text)) == unicodedata.normalize("NFC", text)


N = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        " " * 40_000 + "é",
        "é" + " " * N,
        "&" * 40_000,
        "&#1" * (N // 3),
        "&" + "amp;" * (N // 4),
        "&" + "#38;" * (N // 4) + "lt;",
        "".join("&" + "amp;" * count + "#10;" for count in range(600)),
        "(" * N + "é",
        "中" * N,
        "é" * N,
        "â€œ" * (N // 3) + "中",
        "â€œ中" * (N // 40),
        "Ã" * N + "中",
        "\x1b[" + "1;" * (N // 2),
        "\ud83d" * N,
        "\xed\xa0\xbd\xed\xb2\xa9" * (N // 6),
        "\xc0\x80" * (N // 2),
        "a" + "\u0301\u0323" * (N // 2),
        "a" + "\u0f73" * N,
        "&" + "<a " * (N // 3),
        "&<a" + " " * N,
        "&<a x" + "x" * N + " " * N,
        "&" + "<a x=" * (N // 5),
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_hostile_lines_are_repaired(text):
    once = repair(text, DEFAULT)
    assert repair(once, DEFAULT) == once


@pytest.mark.parametrize("text", ["a < b", "<SRD>", "<P> and <S>", "x <- y", "<3", "<u8 type>", "<a b>", "<>"])
def test_no_markup(text):
    assert not has_markup(text)


@pytest.mark.parametrize(
    "text", ["<p>", "</P>", '<A HREF="x">', "<br/>", "<BR />", "<!-- x -->", "<!DOCTYPE html>", "<td width=5>", "<img\nsrc='x'>"]
)
def test_markup(text):
    assert has_markup(text)
