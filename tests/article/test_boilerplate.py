import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.article.patterns import Pattern, letters_of, matches, pieces_of
from dedup.report.account import account

NEWS = [
    "The council met on {n} and voted for bridge number {n}, which will cost {n} crowns more than the mayor of {w} had said it would.",
    "Rain fell for {n} hours over {w}, the weather service said, and the river rose by {n} centimetres before it went down again.",
    "A train of the line to {w} stopped {n} minutes before its time, and {n} passengers walked along the tracks to the next station.",
]


def article(number, rng, extra=()):
    word = "".join(rng.choice("bdfglmnrstv") + rng.choice("aeiou") for _ in range(3)).title()
    body = [text.replace("{n}", str(rng.randint(100, 9_999))).replace("{w}", word) for text in rng.sample(NEWS, 3)]
    body = [f"{word} {rng.random()}: {text}" for text in body]
    return {"id": str(number), "url": f"https://www.town.example/{number}.html", "text": "\n".join([*body, *extra])}


def corpus(count=30, seed=1):
    rng = random.Random(seed)
    names = ["Ann Lee", "Bob Ray", "Cid Fox", "Dora Mint Hay"]
    rows = []
    for number in range(count):
        row = article(number, rng, [f"Editor: {rng.choice(names)}", "Subscribe to the Town Post", "(c) Town Post, all rights reserved"])
        rows.append({**row, "text": f"TOWN (Town Post) - {row['text']}"})
    return rows


@pytest.fixture(scope="module")
def learned():
    return dedup.learn_boilerplate(corpus())


def test_lines_and_first_words_are_learned_with_what_varies(learned):
    assert {(pattern.place, pattern.text) for pattern in learned.hosts["town.example"]} == {
        ("line", "Editor: {}"),
        ("line", "Subscribe to the Town Post"),
        ("line", "(c) Town Post, all rights reserved"),
        ("start", "TOWN (Town Post) -"),
    }
    assert {(pattern.articles, pattern.of) for pattern in learned.hosts["town.example"]} == {(30, 30)}


def test_the_order_of_the_articles_makes_no_difference(learned):
    rows = corpus()
    random.Random(5).shuffle(rows)
    assert dedup.learn_boilerplate(rows).as_toml() == learned.as_toml()
    config = dedup.Config(learning=dedup.Learning(sample=15))
    assert dedup.learn_boilerplate(rows, config).as_toml() == dedup.learn_boilerplate(corpus(), config).as_toml()


def test_an_article_is_left_without_them_and_every_character_is_accounted_for(learned):
    for row in corpus(seed=8):
        result = dedup.clean(row, boilerplate=learned)
        assert len(result.paragraphs) == 3
        assert result.text.split("\n")[0] == row["text"].split("\n")[0].removeprefix("TOWN (Town Post) - ")
        assert [gone.kind for gone in result.removed] == ["boilerplate"] * 4
        assert all(gone.shared.host == "town.example" for gone in result.removed)
        account(result)
        again = dedup.clean({**row, "text": result.text}, boilerplate=learned)
        assert again.text == result.text
        assert not again.removed


def test_clean_alone_takes_nothing_and_another_host_keeps_its_lines(learned):
    row = corpus()[0]
    assert not dedup.clean(row).removed
    assert not dedup.clean({**row, "url": "https://other.example/1"}, boilerplate=learned).removed


def test_the_file_is_read_as_it_was_written_and_edited(learned, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(learned.as_toml(), encoding="utf-8")
    read = dedup.Boilerplate.load(path)
    assert [(pattern.place, pattern.text) for pattern in read.of("town.example") for pattern in pattern[1:]] == [
        (pattern.place, pattern.text) for pattern in learned.hosts["town.example"]
    ]
    path.write_text('["*"]\nlines = ["Subscribe to {}"]\n', encoding="utf-8")
    result = dedup.clean(corpus()[0], boilerplate=dedup.Boilerplate.load(path))
    assert [result.repaired[slice(*gone.span)] for gone in result.removed] == ["Subscribe to the Town Post"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lines = 1", "lines"),
        ('["a"]\nlinse = ["x"]', "unknown key 'linse'"),
        ('["a"]\nlines = ["{}"]', "no string with a letter"),
        ('["a"]\nlines = [3]', "no string with a letter"),
        ("[", "not TOML"),
    ],
)
def test_a_file_that_is_none_is_named_with_the_reason(text, said, tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(dedup.ConfigError, match=said) as caught:
        dedup.Boilerplate.load(path)
    assert str(path) in str(caught.value)


def test_a_host_with_few_articles_teaches_nothing():
    assert not dedup.learn_boilerplate(corpus(9)).hosts


def test_versions_of_one_story_teach_nothing():
    rng = random.Random(3)
    story = [article(0, rng)["text"] for _ in range(3)]
    rows = [{"url": "https://a.example/", "text": "\n".join([*story, f"Update {number}: {rng.random()}"])} for number in range(40)]
    rows += [article(number, rng) | {"url": "https://a.example/"} for number in range(5)]
    assert not dedup.learn_boilerplate(rows).hosts


def test_figures_that_every_article_reports_are_news():
    rng = random.Random(4)
    rows = []
    for number in range(60):
        row = article(number, rng)
        figures = [
            f"Net {rng.randint(1, 999)} vs {rng.randint(1, 999)}",
            f"Revs {rng.randint(1, 99)}.{rng.randint(1, 9)} mln vs {rng.randint(1, 99)} mln",
        ]
        rows.append({**row, "text": "\n".join([*figures, row["text"]])})
    assert not dedup.learn_boilerplate(rows).hosts


def test_a_sentence_with_other_figures_each_time_is_news():
    rng = random.Random(4)
    rows = [article(number, rng, [f"House {rng.randint(1, 99)} was built in {rng.randint(1, 99)} days."]) for number in range(40)]
    assert not dedup.learn_boilerplate(rows).hosts


def test_an_article_of_boilerplate_alone_stays(learned):
    text = "Subscribe to the Town Post\nEditor: Ann Lee"
    result = dedup.clean({"url": "https://town.example/9", "text": text}, boilerplate=learned)
    assert result.text == text
    assert not result.removed


def test_what_repeated_a_line_that_goes_names_what_is_kept(learned):
    row = corpus()[0]
    text = row["text"]
    result = dedup.clean({**row, "text": f"{' '.join(text.splitlines())}\n{text}"}, boilerplate=learned)
    account(result)
    struck = [gone.span for gone in result.removed]
    for gone in result.removed:
        if gone.kind != "boilerplate":
            assert not any(span.start <= gone.of.start and gone.of.end <= span.end for span in struck)


@pytest.mark.parametrize(
    ("pattern", "text", "good"),
    [
        ("By {}", "By Ann Lee", True),
        ("By {}", "Bystanders", False),
        ("By {}", "By noon the rain had stopped.", False),
        ("By {}", "By noon. Then rain", False),
        ("责任编辑：{}", "责任编辑: 王 伟", True),
        ("责任编辑：{}", "责任编辑", False),
        ("{}年{}日", "2023年5月3日", True),
        ("Posted {} at {} PM", "posted 3 May at 5 pm", True),
        ("Posted {} at {} PM", f"posted {'x' * 70} at 5 pm", False),
        ("a", "A.", True),
        ("", "", False),
    ],
)
def test_a_slot_holds_words_and_no_sentence(pattern, text, good):
    assert matches(letters_of(text), pieces_of(pattern)) is good


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Editor: Ann", "Subscribe", "news of today", "（完）", "TOWN -", "  ", "a", "广告 b"]), max_size=9))
def test_whatever_goes_the_account_balances_and_twice_is_once(lines):
    patterns = [Pattern("line", "Editor: {}"), Pattern("line", "Subscribe"), Pattern("start", "TOWN -"), Pattern("start", "广告")]
    known = dedup.Boilerplate({"*": (*patterns, Pattern("end", "（完）"), Pattern("end", "（{}）"))})
    result = dedup.clean("\n".join(lines), boilerplate=known)
    account(result)
    assert dedup.clean(result.text, boilerplate=known).text == result.text
