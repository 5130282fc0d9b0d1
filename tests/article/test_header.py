"""The header: cases, what may never happen, and texts made to be slow."""

import datetime
import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.article.header import Header, HeaderField, learn_sites, read_header
from dedup.model import Document, Span

HERE = Path(__file__).parent
CASES = json.loads((HERE.parent / "cases" / "header.json").read_text("utf-8"))
SEED = HERE.parents[1] / "seeds" / "000_ea7a2108dfda12b4.txt"


def document_of(text, given_fields):
    fields = dict(given_fields)
    if "date" in fields:
        fields["date"] = datetime.date.fromisoformat(fields["date"])
    return Document(text, **fields)


def read(case):
    text = case["original"]
    sites = {host: frozenset(names) for host, names in case.get("sites", {}).items()}
    header, document = read_header(text, document_of(text, case.get("given", {})), sites)
    found = {name: getattr(document, name) for name in ("title", "site", "author", "date_from", "url")}
    found["date"] = document.date and document.date.isoformat()
    found["extra"] = dict(document.extra)
    found["body"] = text[header.end :]
    return header, {name: value for name, value in found.items() if value not in (None, {})}


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case, request):
    if case["expect"] == "fail":
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["comment"]))
    header, found = read(case)
    assert found == case["expected"]
    if header.title_span is not None and "title" not in case.get("given", {}):
        assert "".join(case["original"][slice(*header.title_span)].split()) == "".join(found["title"].split())


def test_the_real_article():
    text = SEED.read_text("utf-8")
    header, document = read_header(text, Document(text), None)
    assert (document.title, document.site, document.date, document.date_from) == (
        "在中国式现代化中走在前列",
        "深思网",
        datetime.date(2023, 12, 10),
        "url",
    )
    assert document.url == "http://www.szlilun.com/content/2023-12/10/content_30638992.htm"
    assert header.fields == (
        HeaderField("title", "Title", ": ", "在中国式现代化中走在前列_深思网"),
        HeaderField("date", "Date", ": ", None),
        HeaderField("url", "URL", ": ", document.url),
    )
    assert header.title_span is not None
    assert text[slice(*header.title_span)] == document.title
    assert text[header.end :].startswith("11月30日，习近平总书记")
    assert header.span == Span(0, header.end)


def test_no_header_is_an_empty_span():
    document = Document("Just a body.")
    assert read_header("Just a body.", document, None) == (Header(), document)
    assert Header().end == 0


def test_sites_are_learned_from_several_titles_of_a_host():
    def article(number, host, title):
        return Document(f"Title: {title}\nURL: http://{host}/{number}\n\nbody")

    documents = [article(n, "www.people.com.cn", f"第{n}条新闻_人民网") for n in range(4)]
    documents += [article(n, "example.com", f"Film {n} - review") for n in range(4)]
    documents += [article(n, "few.com", f"Story {n} | Some Paper") for n in range(2)]
    documents += [Document("body", title=f"Story {n} | Other Paper", url=f"https://other.com/{n}") for n in range(3)]
    documents += [Document("body without a header")]
    assert learn_sites(documents) == {"people.com.cn": frozenset({"人民网"}), "other.com": frozenset({"Other Paper"})}
    _, document = read_header(documents[0].text, documents[0], learn_sites(documents))
    assert (document.title, document.site) == ("第0条新闻", "人民网")


LINES = st.one_of(
    st.sampled_from(
        [
            "", " ", "Title: A - B", "Title:", "标题：道路通车", "_深思网", "| Site", "- Site", "Date: None", "Date: 2023-12-10", "URL: http://a.b/c",
            "Source: Reuters", "Author: X", "Site: Site", "Tags: a", "Odd: b", "word", "A sentence.", "Title: x\u3000", "Link: http://bbc.co.uk/1",
        ],
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=30),
)  # fmt: skip


@given(st.lists(LINES, max_size=12).map("\n".join))
@example("Title: A\nB\n\nbody")
def test_the_body_is_a_suffix_that_starts_a_line(text):
    header, document = read_header(text, Document(text), None)
    assert header.span.start == 0
    assert header.end in {0, len(text)} or text[header.end - 1] == "\n"
    assert header.end == 0 or header.fields
    if header.title_span is not None:
        assert header.span.start <= header.title_span.start < header.title_span.end <= header.end
        assert "".join(text[slice(*header.title_span)].split()) == "".join((document.title or "").split())


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_nothing_of_a_header_is_lost(text):
    header, document = read_header(text, Document(text), None)
    said = [document.title, document.site, document.author, document.url, *document.extra.values()]
    said.append(document.date and document.date.isoformat())
    for field in header.fields:
        if field.value is not None:
            for part in re.findall(r"[^\W_]+", field.value):
                assert any(part in str(thing) for thing in said), (field, said)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_a_written_header_reads_back_the_same(text):
    _, first = read_header(text, Document(text), None)
    names = {"title": "Title", "site": "Site", "date": "Date", "url": "URL"}
    lines = [f"{label}: {getattr(first, name)}" for name, label in names.items() if getattr(first, name) is not None]
    if len(lines) < 2 and first.title is None:
        return
    written = "\n".join([*lines, "", "The body, which is no header."])
    header, second = read_header(written, Document(written), None)
    assert written[header.end :] == "The body, which is no header."
    assert {name: getattr(second, name) for name in names} == {name: getattr(first, name) for name in names}
    assert second.date_from == ("header" if first.date else None)


@pytest.mark.parametrize(
    "text",
    [
        "Title: a\n" * 100_000,
        "Title:\n" * 100_000,
        "Tags: a\n" * 100_000,
        "Title: " + "a - " * 5_000_000,
        "Title" * 4_000_000,
        "Title" + " " * 5_000_000 + ":",
        "Title: " + " - " * 1_000_000 + "\n\nbody",
        "\n" * 5_000_000,
        " " * 5_000_000 + "Title: a",
        ":" * 1_000_000,
        "Title: a\nURL: http://a.b/" + "2023/" * 1_000_000,
        "Title: a\nURL: http://a.b/" + "2023/" * 800,
        "Title: a\nDate: " + "1" * 1_000_000,
        "Title: " + "_" * 1_000 + "\nURL: http://" + "a." * 2_000,
        "Title: a\n" + "_b\n" * 300_000,
        "Title: a\n" + "b\n" * 300_000,
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_texts_are_read(text):
    header, _ = read_header(text, Document(text), None)
    assert text[header.end :] == text[header.span.end :]
    learn_sites([Document(text)])
