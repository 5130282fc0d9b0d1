"""The page in a real browser: it loads under its policy, finds, sorts, opens, and nothing that an article says runs in it."""

import csv
import io
import json
import random
import re
import sys
from itertools import pairwise

import pytest
from browser import Look, chromium
from executable import SEED, run
from pages import PARAGRAPHS
from rapidfuzz.distance import Indel
from texts import article, changed, chinese

from dedup.report.page.languages import language

EVIL = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1><!--"
ARABIC = "قال رئيس المجلس إن الجسر الجديد سيفتح بعد عامين وسيحمل الترام والدراجات والمشاة دون السيارات كما طلب سكان الضفتين"
HINDI = "परिषद ने मंगलवार शाम को पुराने टाउन हॉल में बैठक की और नदी पर नए पुल के लिए मतदान किया जो दो साल में खुलेगा और ट्राम"
MANY = 100_000


def rows():
    """Pairs of near-duplicates in five scripts, some of which are hostile, and equal ones."""
    made = []

    def add(title, *texts, site="www.example-news.com"):
        for text in texts:
            day = f"2024-03-{len(made) % 28 + 1:02}"
            made.append({"id": f"r{len(made)}", "title": title, "url": f"https://{site}/{len(made)}", "date": day, "text": text})

    for seed in range(60):
        text = article(seed)
        add(f"Story {seed}", text, changed(text, 0.004 * seed, seed))
    add(EVIL, f"{EVIL} {article(100)}", f"{EVIL} {article(100)} {EVIL}", f"{EVIL} {article(100)}", site="<b>bold")
    add("中国新闻", chinese(1), changed(chinese(1), 0.05), site="新闻.example")
    add("قال رئيس المجلس", f"{ARABIC} {ARABIC}", f"{ARABIC} {ARABIC} أمس", site="akhbar.example")
    add("परिषद ने मतदान किया", f"{HINDI} {HINDI}", f"{HINDI} {HINDI} कल", site="khabar.example")
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "in").mkdir()
    (folder / "in" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    (folder / "in" / "seed.txt").write_bytes(SEED.read_bytes())
    body = "\n".join(PARAGRAPHS)
    (folder / "in" / "twice.txt").write_text(f"Title: {EVIL}\n\n{' '.join(PARAGRAPHS)}\n{body}\n", encoding="utf-8")
    assert run("run", folder / "in", "-o", folder / "out", "--html", folder / "page.html", "--sample", "30", "-q")[0] == 0
    return folder


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def look(made, browser):
    with Look(browser, made / "page.html") as looked:
        yield looked
        assert looked.said == []
        assert [url for url in looked.asked if not url.startswith(("file:", "data:", "blob:"))] == []
        assert looked.page.evaluate("[window.hacked, window.violated]") == [None, None]


def test_where_no_browser_is_it_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr("browser.CHROMIUM", None)
    for ci, outcome in (("", pytest.skip.Exception), ("true", pytest.fail.Exception)):
        monkeypatch.setenv("CI", ci)
        with pytest.raises(outcome, match="apt-get install chromium"), chromium():
            pass


def evidence(folder):
    return [json.loads(line) for line in (folder / "out.removed.jsonl").read_text(encoding="utf-8").splitlines()]


def test_report_makes_the_page_again_to_the_byte_and_the_file_holds_no_tag_of_an_article(made):
    assert run("report", made / "out.removed.jsonl", "-o", made / "again.html")[0] == 0
    assert (made / "again.html").read_bytes() == (made / "page.html").read_bytes()
    text = (made / "page.html").read_text(encoding="utf-8")
    assert "window.hacked" in text
    assert EVIL not in text
    assert "<img" not in text
    assert text.count("<script") == text.count("</script>")


def test_it_loads_without_an_error_and_tells_what_the_evidence_does(look, made):
    gone = evidence(made)
    report = json.loads((made / "out.report.json").read_bytes())
    attributes = "[...document.querySelectorAll('*')].flatMap((element) => element.getAttributeNames())"
    assert not [name for name in look.page.evaluate(attributes) if name == "style" or name.startswith("on")]
    figures = look.page.inner_text(".figures").split("\n")
    assert f"{report['counts']['read']:,}" in figures
    assert f"{len(gone):,}" in figures
    assert look.page.inner_text("#found").startswith(f"{len(gone) + 2} removals")
    assert look.page.locator("svg .bar.gone").count() >= 5
    assert look.page.locator("svg path.curve").count() == 2
    assert look.page.locator("#inside .band").count() == 2
    at = dict(report["borderline"]["removed"])
    assert at[0.8] == len(gone)
    assert f"−{at[0.8] - at[0.85]}" in look.page.inner_text(".steps")
    assert "<b>bold" in look.page.inner_text(".sites")


def test_the_policy_is_in_force(made, browser):
    with Look(browser, made / "page.html") as looked:
        inject = "document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.com/x.png'}))"
        looked.page.evaluate(inject)
        script = (
            "try { const made = document.createElement('script'); made.append('window.hacked = 1'); document.body.append(made); } catch {}"
        )
        looked.page.evaluate(script)
        looked.until("window.violated?.length >= 2")
        assert looked.page.evaluate("window.hacked") is None


def test_search_finds_and_kinds_narrow(look, made):
    page = look.page
    page.fill("#words", "STORY 17")
    wanted = sorted(
        row["title"]
        for row in evidence(made)
        if "Story" in row["title"] and "17" in f"{row['title']} {row['id']} {row['of_id']} {row['date']}"
    )
    look.until(f"document.querySelectorAll('#table tbody tr').length === {len(wanted)}")
    assert sorted(look.rows()) == wanted
    assert "Story 17" in wanted
    assert page.inner_text("#found").startswith(f"{len(wanted)} of ")
    page.fill("#words", "khabar.EXAMPLE near")
    look.until("document.querySelector('#table .open').textContent.startsWith('परि')")
    page.fill("#words", "")
    page.select_option("#kind", "block")
    look.until("document.querySelectorAll('#table tbody tr').length === 2")
    assert EVIL in look.rows()
    page.click("#clear")
    assert len(look.rows()) == 50
    page.click("[data-cluster] >> nth=0")
    assert 1 <= len(look.rows()) < 5


def test_sort_sorts_both_ways_and_pages_turn(look):
    page = look.page
    scores = list(map(float, look.column(3)))
    assert scores == sorted(scores)
    page.click("th[data-key=score] button")
    assert page.get_attribute("th[data-key=score]", "aria-sort") == "descending"
    first = list(map(float, look.column(3)))
    page.click("#after")
    everything = first + list(map(float, look.column(3)))
    assert everything == sorted(everything, reverse=True)
    assert len(everything) == int(page.inner_text("#found").split()[0])
    page.click("th[data-key=size] button")
    page.click("th[data-key=size] button")
    sizes = [int(size.replace(",", "")) for size in look.column(4)]
    assert sizes == sorted(sizes, reverse=True)
    page.click("th[data-key=day] button")
    assert look.column(6) == sorted(look.column(6))


def test_a_removal_opens_with_both_texts_and_what_differs(look, made):
    page = look.page
    for gone in [row for row in evidence(made) if row["kind"] == "near"][::7]:
        page.fill("#words", f"{gone['id']} near")
        look.until("document.querySelectorAll('#table tbody tr').length < 10")
        open_button = page.locator("#table tbody tr", has=page.get_by_text(gone["id"], exact=True)).first.locator(".open")
        open_button.click()
        look.until(f"document.querySelector('#left-title').textContent === 'Removed: {gone['id']}'")
        left, right = page.locator("#left"), page.locator("#right")
        assert left.evaluate("(box) => box.textContent") == gone["text"]
        assert right.evaluate("(box) => box.textContent") == gone["of_text"]
        same = [page.eval_on_selector_all(f"#{side} .eq", "(parts) => parts.map((part) => part.dataset.run)") for side in ("left", "right")]
        assert same[0] == same[1]
        assert (page.locator("#left del").count() + page.locator("#right ins").count() == 0) == (
            re.findall(r"\w+", gone["text"].lower()) == re.findall(r"\w+", gone["of_text"].lower())
        )
        page.keyboard.press("Escape")
        assert open_button.evaluate("(button) => button === document.activeElement")


def test_a_stretch_opens_with_its_arc(look):
    page = look.page
    page.fill("#words", "seed.txt")
    look.until("document.querySelectorAll('#table tbody tr').length === 1")
    page.click("#table .open")
    page.wait_for_selector("#opened-arcs .band.now")
    assert page.inner_text("#left-title") == "Removed: characters 105 to 1,268"
    assert page.inner_text("#left").startswith("11月30日")
    assert "1,163 characters" in page.inner_text("#opened-facts")


def test_scripts_are_shown_in_their_direction_and_language(look):
    page = look.page
    for word, direction, code in (("akhbar", "rtl", "ar"), ("khabar", "ltr", "hi"), ("中国", "ltr", "zh"), ("story", "ltr", "")):
        page.fill("#words", word)
        look.until(f"document.querySelector('#table .open')?.closest('tr').textContent.toLowerCase().includes('{word}')")
        page.click("#table .open")
        page.wait_for_selector("#left .eq")
        assert page.eval_on_selector("#left", "(box) => [getComputedStyle(box).direction, box.lang]") == [direction, code]
        page.keyboard.press("Escape")


def test_what_was_opened_before_is_not_seen_again(look):
    page = look.page
    page.click("#table .open >> nth=0")
    page.wait_for_selector("#left .eq")
    before = page.evaluate("document.querySelector('#opened-title').textContent")
    page.keyboard.press("Escape")
    clicked = "document.querySelectorAll('#table .open')[1].click()"
    told = "['opened-title', 'left', 'right'].map((part) => document.getElementById(part).textContent)"
    assert page.evaluate(f"() => {{ {clicked}; return {told}; }}") == ["", "", ""]
    page.wait_for_selector("#left .eq")
    assert page.inner_text("#opened-title") == look.rows()[1] != before


def test_a_chart_by_itself_is_no_larger_than_beside_another(look):
    width = "document.querySelector('.charts > figure').offsetWidth"
    beside = look.page.evaluate(width)
    look.page.evaluate("document.querySelector('.charts > figure').remove()")
    assert look.page.evaluate(width) <= 1.1 * beside


def test_all_of_it_by_keyboard(look):
    page, press = look.page, look.page.keyboard.press
    focused = "document.activeElement.id || document.activeElement.textContent"

    def tab_to(wanted, most=80):
        for _ in range(most):
            press("Tab")
            if page.evaluate(focused) == wanted:
                return
        pytest.fail(f"{wanted} is not reached; the focus is on {page.evaluate(focused)}")

    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press("Enter")
    tab_to("words", 3)
    page.keyboard.type("story 1")
    look.until("document.querySelector('#found').textContent.includes(' of ')")
    tab_to("Score", 8)
    assert (
        page.evaluate("document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle")
        == "solid"
    )
    press("Enter")
    assert page.get_attribute("th[data-key=score]", "aria-sort") == "descending"
    first = look.rows()[0]
    tab_to(first, 8)
    press("Enter")
    look.until(f"document.querySelector('#opened-title').textContent === {first!r}")
    assert page.evaluate(focused) == "opened-title"
    for _ in range(12):  # the focus stays in the dialog
        press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.querySelector('#opened').contains(document.activeElement)"
        )
    tab_to("later", 12)
    press("Enter")
    look.until(f"document.querySelector('#opened-title').textContent === {look.rows()[1]!r}")
    press("Escape")
    assert page.evaluate("document.querySelector('#opened').open") is False


def test_pairs_are_marked_saved_and_judged(look, made, tmp_path):
    page = look.page
    pairs = json.loads((made / "out.report.json").read_bytes())["borderline"]["pairs"]
    assert page.locator("#pairs li").count() == len(pairs)
    assert {pair["score"] >= 0.8 for pair in pairs} == {True, False}
    for label, score in page.eval_on_selector_all(
        "#pairs li", "(pairs) => pairs.map((pair, at) => [at, Number(pair.firstChild.textContent)])"
    ):
        page.click(f"#pairs li >> nth={label} >> text={'same' if score >= 0.84 else 'different'}")
    page.click("#pairs li .open >> nth=0")
    page.wait_for_selector("#opened-mark [aria-pressed=true]")
    assert page.locator("#opened-mark [aria-pressed=true]").inner_text() == "different"
    page.keyboard.press("Escape")
    assert f"{len(pairs)} of {len(pairs)} pairs marked" in page.inner_text("#marked")
    with page.expect_download() as saved:
        page.click("#save-marks")
    saved.value.save_as(tmp_path / "labels.csv")
    read = list(csv.DictReader(io.StringIO((tmp_path / "labels.csv").read_bytes().decode(), newline="")))
    assert {(row["id"], float(row["score"])) for row in read} == {(pair["id"], pair["score"]) for pair in pairs}
    assert all(not row["text"].startswith(("=", "+", "-", "@")) for row in read)
    code, out, _ = run("check", "--labels", tmp_path / "labels.csv")
    assert code == 0
    assert "best: --near.threshold 0.84" in out.decode()
    sample = csv.DictReader(io.StringIO((made / "out.labels.csv").read_bytes().decode(), newline=""))
    assert sample.fieldnames == list(read[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(made, browser, width, scheme):
    with Look(browser, made / "page.html", width, scheme) as looked:
        assert not looked.wide()
        paper = looked.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (max(map(int, re.findall(r"\d+", paper))) < 128) == (scheme == "dark")
        looked.page.click("#table .open >> nth=1")
        looked.page.wait_for_selector("#left .eq")
        assert not looked.wide()
        assert looked.page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('#opened'))")
        assert looked.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_rule_of_accessibility_is_broken(made, browser, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with Look(browser, made / "page.html", width, scheme, bypass_csp=True) as looked:
        for opened in (False, True):
            if opened:
                looked.page.click("#table .open >> nth=0")
                looked.page.wait_for_selector("#left .eq")
            found = Axe().run(looked.page).response["violations"]
            assert [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found] == []


def test_what_two_texts_have_in_common_is_the_most_they_can_have(look):
    draw = random.Random(5)
    pairs = []
    for size in (0, 1, 2, 7, 40, 300):
        for letters in (2, 5, 60):
            first = [draw.randrange(letters) for _ in range(size)]
            second = [draw.randrange(letters) if draw.random() < 0.3 else code for code in first if draw.random() > 0.1]
            pairs += [(first, second), (second, first), (first, first), (first, [])]
    for first, second in pairs:
        runs = look.page.evaluate("([a, b]) => matches(a, b)", [first, second])
        assert all(first[i : i + length] == second[j : j + length] for i, j, length in runs)
        assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(runs))
        assert sum(run[2] for run in runs) == (len(first) + len(second) - Indel.distance(first, second)) // 2


def test_texts_that_have_little_in_common_are_compared_in_bounded_time(look):
    draw = random.Random(6)
    words = [[draw.randrange(3) if draw.random() < 0.5 else 100 + draw.randrange(30_000) for _ in range(20_000)] for _ in range(2)]
    runs = look.page.evaluate("([a, b]) => matches(a, b)", words)
    assert runs
    assert all(words[0][i : i + length] == words[1][j : j + length] for i, j, length in runs)
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(runs))


def test_python_and_the_page_name_the_same_language(look):
    texts = [
        EVIL,
        ARABIC,
        HINDI,
        chinese(1),
        article(1),
        "",
        "日本語のテキスト",
        "한국어 텍스트",
        "Привет, мир",
        "สวัสดี",
        "שלום",
        "中" + "a" * 20,
    ]
    assert look.page.evaluate("(texts) => texts.map(language)", texts) == [language(text) for text in texts]


def test_what_is_endless_is_cut_and_what_is_odd_is_shown(browser, tmp_path):
    row = {"row": 0, "id": "x" * 5000, "title": "\u202e" + "W" * 100_000, "path": "a", "of_path": "\u0000\ud7ff", "of": 1, "score": 0.9}
    row |= {"kind": "near", "text": "a\u0000b\u2028c\u202e" + "no_space" * 9000, "of_text": "", "url": "http://[", "date": "never"}
    (tmp_path / "removed.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert run("report", tmp_path / "removed.jsonl", "-o", tmp_path / "page.html", "-q") == (0, b"", "")
    with Look(browser, tmp_path / "page.html", 360) as looked:
        assert not looked.wide()
        looked.page.click("#table .open")
        looked.until("document.querySelector('#left').textContent.length > 19_000")
        assert not looked.wide()
        assert looked.page.evaluate("document.querySelector('#left').textContent.length") == 20_001
        assert looked.said == []


def test_a_hundred_thousand_removals_are_paged(browser, tmp_path):
    with (tmp_path / "removed.jsonl").open("w", encoding="utf-8") as file:
        for number in range(MANY):
            text = article(number % 500, 100)
            row = {"row": number, "id": f"row {number}", "path": "a.jsonl", "line": number + 1, "title": f"Title {number}", "kind": "near"}
            row |= {"score": 0.8 + number % 1999 / 10_000, "of": number % 30_000, "of_path": "b.jsonl", "of_line": number % 30_000 + 1}
            row |= {"url": f"https://site{number % 300}.example/", "date": f"20{number % 20:02}-01-01", "text": f"{text} {number}"}
            file.write(json.dumps({**row, "of_id": None, "of_text": text}) + "\n")
    assert run("report", tmp_path / "removed.jsonl", "-o", tmp_path / "page.html", "-q", "--texts", "4")[0] == 0
    with Look(browser, tmp_path / "page.html") as looked:
        page = looked.page
        paint = page.evaluate("performance.getEntriesByType('paint').map((entry) => [entry.name, Math.round(entry.startTime)])")
        size = (tmp_path / "page.html").stat().st_size
        sys.stderr.write(f"\n{MANY:,} removals, {size / 1e6:.1f} MB: {dict(paint)} ms\n")
        assert page.inner_text("#found") == "100,000 removals"
        assert page.locator("#table tbody tr").count() == 50
        assert page.evaluate("document.querySelectorAll('*').length") < 3000
        page.fill("#words", "row 99999")
        looked.until("document.querySelectorAll('#table tbody tr').length === 1")
        page.click("#clear")
        page.click("th[data-key=removed] button")
        assert looked.rows()[:3] == ["Title 0", "Title 1", "Title 2"]
        page.click("th[data-key=score] button")
        page.click("#table .open >> nth=0")
        page.wait_for_selector("#left del")
        page.keyboard.press("Escape")
        page.click("th[data-key=score] button")
        page.click("#table .open >> nth=0")
        page.wait_for_selector("#left em")
        assert "dedup explain removed.jsonl row" in page.inner_text("#left")
        assert looked.said == []
