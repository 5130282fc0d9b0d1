"""Bytes to text: each encoding on long and short texts, damage counted, what is no text refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.files.decode import decode

SIMPLIFIED = (
    "新华社北京12月10日电（记者李明）国家统计局9日发布的数据显示，今年前11个月全国粮食总产量比上年增长1.3%，再创历史新高。\n"
    "专家表示，随着各项政策落地见效，农民种粮积极性不断提高，“中国饭碗”端得更牢。\n"
    "会议强调，要坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念，加快构建新发展格局。"
)
TRADITIONAL = (
    "中央社臺北10日電，交通部今天表示，為了改善偏遠地區的公共運輸，明年將投入更多經費，鼓勵業者開闢新路線。\n"
    "學者認為，這項計畫能夠幫助年長者就醫，也讓學生上學更加方便。"
)
JAPANESE = (
    "東京都は10日、感染症対策について専門家会議を開き、今後の方針を決めた。\n"
    "会議では、医療機関の負担を減らすため、オンライン診療を広げることが提案された。参加者の一人は「現場の声を聞くことが大切だ」と述べた。"
)
KOREAN = (
    "서울시는 10일 대중교통 요금 인상 방안을 발표했다. 시민들은 물가 상승 속에서 부담이 커질 것이라고 우려하고 있다.\n"
    "정부는 내년 예산안을 국회에 제출하고 복지 지출을 늘리겠다고 밝혔다."
)
FRENCH = "L’été dernier, le Président a déclaré qu’il n’était pas d’accord — « c’est très grave » — avec les mesures adoptées à Noël."
GERMAN = "Die Bürger müssen künftig höhere Gebühren für Öl und Gas zahlen, erklärte der Minister für Äußeres in München."
ENGLISH = "It’s known that the “new” rules cost £40 a year — says Zoë, and nobody else."
RUSSIAN = "Правительство России в среду утвердило новый план развития регионов. Москва готовится к празднованию, сообщил министр."

GUESSED = [
    (SIMPLIFIED, "gb18030", "gb18030"),
    (TRADITIONAL, "cp950", "cp950"),
    (TRADITIONAL, "gb18030", "gb18030"),
    (JAPANESE, "cp932", "cp932"),
    (JAPANESE, "euc_jp", "euc_jp"),
    (JAPANESE, "iso2022_jp", "iso2022_jp"),
    (KOREAN, "cp949", "cp949"),
    (FRENCH, "cp1252", "cp1252"),
    (GERMAN, "cp1252", "cp1252"),
    (ENGLISH, "cp1252", "cp1252"),
    (RUSSIAN, "cp1251", "cp1251"),
    *(
        (text, encoding, encoding)
        for text in (SIMPLIFIED, TRADITIONAL, JAPANESE, KOREAN, ENGLISH, RUSSIAN)
        for encoding in ("utf-16-le", "utf-16-be")
    ),
]


@pytest.mark.parametrize(("text", "encoding", "name"), GUESSED)
@pytest.mark.parametrize("length", [24, 60, 10_000])
def test_an_encoding_without_a_mark_is_guessed_and_said_to_be_a_guess(text, encoding, name, length):
    text = (text * 100)[:length]
    decoded = decode(text.encode(encoding))
    assert decoded == (text, name, True, 0)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        ("\ufeff".encode("gb18030"), "gb18030"),
    ],
)
@pytest.mark.parametrize("text", [SIMPLIFIED, FRENCH, "a", ""])
def test_a_mark_settles_the_encoding_and_is_no_part_of_the_text(mark, encoding, text):
    if encoding == "gb18030" and text == FRENCH:
        text = SIMPLIFIED
    assert decode(mark + text.encode(encoding)) == (text, encoding, False, 0)


@given(st.text())
def test_utf8_is_never_taken_for_anything_else(text):
    text = text.replace("\0", "").replace("\x1b", "").replace("\ufeff", "")
    assert decode(text.encode()) == (text, "utf-8", False, 0)


@given(st.binary())
def test_bytes_give_a_text_or_an_error_of_ours(data):
    try:
        decoded = decode(data)
    except InputError as error:
        assert error.reason.startswith("not a text")  # noqa: PT017 - either way is right
    else:
        assert decoded.replaced or decoded.guessed or data.endswith(decoded.text.encode(decoded.encoding))


@pytest.mark.parametrize("cut", [1, 2])
def test_a_letter_that_was_cut_is_counted_and_the_rest_kept(cut):
    decoded = decode(SIMPLIFIED.encode()[:-cut])
    assert decoded.text == SIMPLIFIED[:-1] + "\ufffd"
    assert (decoded.encoding, decoded.guessed, decoded.replaced) == ("utf-8", False, 1)


def test_a_replacement_character_of_the_source_is_not_counted():
    assert decode("a\ufffd\ufffd中文".encode()).replaced == 0


def test_damage_in_a_legacy_encoding_is_counted():
    data = (SIMPLIFIED * 10).encode("gb18030")
    decoded = decode(data[:300] + b"\xff" + data[300:])
    assert decoded.encoding == "gb18030"
    assert decoded.replaced == 1
    assert decoded.text.replace("\ufffd", "") == SIMPLIFIED * 10


def test_a_few_nul_characters_stay_in_the_text_for_the_repair():
    assert decode(b"one\0two, three and four").text == "one\0two, three and four"
    assert decode(f"中文{SIMPLIFIED}\0".encode()).encoding == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(255, -1, -1)) * 4,
        b"\xff\xfea",
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data):
    with pytest.raises(InputError, match="not a text"):
        decode(data)
