"""Who copies whom, drawn: bands that fill their hosts, as wide as their numbers; and the page that shows it, in a real browser."""

import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from browser import Look, chromium
from executable import run
from hypothesis import given
from hypothesis import strategies as st
from texts import article

from dedup.report.copying import Copying, as_rows, from_rows
from dedup.report.page.flows import WIDTH, flows

EVIL = "</title><script>window.hacked=1</script>.example"
HOSTS = (
    "www.agency.example",
    "herald.example.org",
    "wire.example",
    "a-very-long-name-of-a-newspaper-of-the-north.example.com",
    "新华网的一个很长很长很长的名字",
    EVIL,
)

NAMES = st.sampled_from([f"{name}.example" for name in "abcdefgh"])
MONTHS = st.dictionaries(st.builds("{:04}-{:02}".format, st.integers(1, 2030), st.integers(1, 12)), st.integers(1, 9), max_size=4)


def of(source, copier, months, more, dated):
    times = sum(months.values()) + more
    return Copying(source, copier, times, 10 * times, min(dated, times), Counter(months))


PAIRS = st.lists(
    st.builds(of, NAMES, NAMES, MONTHS, st.integers(1, 5_000), st.integers(0, 9)),
    max_size=60,
    unique_by=lambda one: (one.source, one.copier),
)


@given(PAIRS)
def test_bands_fill_their_hosts_and_all_of_it_lies_in_the_drawing(pairs):
    flow = flows(pairs)
    assert len(flow.bands) + flow.left_out == len(flow.rows) + flow.beyond == len(pairs) == flow.pairs
    assert flow.times == sum(one.times for one in pairs)
    sides = {"start": [host for host in flow.hosts if host.anchor == "start"], "end": [host for host in flow.hosts if host.anchor == "end"]}
    for hosts in sides.values():
        for host, after in pairwise(hosts):
            assert host.bar.y + host.bar.height <= after.bar.y
            assert after.y - host.y >= 12  # no name lies over another
        assert all(host.bar.y >= 0 and host.bar.y + host.bar.height <= flow.height + 0.2 for host in hosts)
    assert sum(host.times for host in sides["start"]) == sum(host.times for host in sides["end"])
    ends = {"start": Counter(), "end": Counter()}
    for band in flow.bands:
        numbers = [float(number) for number in re.findall(r"[\d.]+", band.path)]
        left, right, wide = numbers[1], numbers[7], round(numbers[9] - numbers[7], 1)
        for side, at in (("start", left), ("end", right)):
            (host,) = [host for host in sides[side] if host.bar.y - 0.2 <= at and at + wide <= host.bar.y + host.bar.height + 0.3]
            ends[side][host.name] += wide
    for side, hosts in sides.items():
        assert all(abs(ends[side][host.name] - host.bar.height) < 0.1 * len(flow.bands) + 0.2 for host in hosts)
    for row in flow.rows:
        assert sum(bar.value for bar in row.bars) == row.pair.months.total()
        assert all(0 <= bar.x <= 100 and 0 <= bar.y <= 16 for bar in row.bars)


@given(PAIRS)
def test_the_table_comes_back_from_json(pairs):
    assert from_rows(json.loads(json.dumps(as_rows(pairs)))) == pairs


def test_what_is_drawn_first_is_what_is_copied_most():
    flow = flows([of("a", "b", {}, 1, 0), of("a", "c", {"2024-05": 2}, 5, 9)])
    assert [row.pair.copier for row in flow.rows] == ["c", "b"]
    assert [band.sort for band in flow.bands] == ["dated", "apart"]
    assert flow.told == "c copies a 7 times; b copies a 1 time"
    assert (flow.span, flow.rows[0].told, flow.rows[1].told) == ("2024-05", "2024-05: 2", "")


def rows():
    """Articles of some hosts, each said again by the next ones, a day or two later; the second said them first."""
    made = []
    for number in range(12):
        for place, host in enumerate(HOSTS[: 2 + number % 5]):
            day = f"2024-{1 + number % 3:02}-{10 + (place + 5) % 6:02}"
            site = {"site": host} if host == EVIL or "." not in host else {"url": f"https://{host}/{number}"}
            made.append({"id": f"{number}.{place}", "date": day, **site, "text": article(number)})
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flows")
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    (folder / "sites").mkdir()
    for row in rows():
        head = f"Title: Story {row['id']}\nDate: {row['date']}\n" + (f"URL: {row['url']}\n" if "url" in row else f"Site: {row['site']}\n")
        (folder / "sites" / f"{row['id']}.txt").write_text(f"{head}\n{row['text']}\n", encoding="utf-8")
    assert run("run", folder / "sites", "-o", folder / "out", "--html", folder / "page.html", "--boilerplate", "off", "-q")[0] == 0
    assert (
        run("stretches", folder / "in.jsonl", "--do", "report", "--report", folder / "copies.json", "--html", folder / "shared.html")[0]
        == 0
    )
    return folder


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def test_the_report_of_a_run_has_the_table(made):
    report = json.loads((made / "out.report.json").read_bytes())
    gone = [json.loads(line) for line in (made / "out.removed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(one["times"] for one in report["copies"]) == len(gone) == len(rows()) - 12
    first = {(one["source"], one["copier"]): (one["times"], one["dated"]) for one in report["copies"]}
    assert first["herald.example.org", "agency.example"] == (12, 12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["page", "shared"])
def test_the_page_shows_it_and_breaks_no_rule(made, browser, name, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with Look(browser, made / f"{name}.html", width, scheme) as looked:
        page = looked.page
        assert not looked.wide()
        assert looked.said == []
        assert page.evaluate("[window.hacked, window.violated]") == [None, None]
        drawn = page.locator("#hosts svg.flow")
        assert drawn.count() == 1
        box = drawn.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        # No letter is smaller than 9 pixels on a phone.
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.host-name')).fontSize)") * box["width"] / WIDTH >= 9
        assert page.locator("#hosts .copies").count() == page.locator("#hosts .copying tbody tr").count() >= 3
        names = page.eval_on_selector_all("#hosts .host-name", "(all) => all.map((one) => one.textContent)")
        assert any(one.startswith("agency.example") for one in names)
        assert "herald.example.org" in page.inner_text("#hosts .copying")
        assert page.locator("#hosts .copying svg rect").count() > 3
        assert page.get_attribute("#hosts svg.flow", "role") == "img"
        told = [page.locator(f"#{name}").text_content() for name in page.get_attribute("#hosts svg.flow", "aria-labelledby").split()]
        assert len(told) == 2
        assert "agency.example copies herald.example.org 12 times" in told[1]
    with Look(browser, made / f"{name}.html", width, scheme, bypass_csp=True) as looked:
        found = Axe().run(looked.page).response["violations"]
        assert [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found] == []


def test_report_makes_both_pages_again(made):
    assert run("report", made / "out.removed.jsonl", "-o", made / "again.html")[0] == 0
    assert (made / "again.html").read_bytes() == (made / "page.html").read_bytes()
    assert run("report", made / "copies.json", "-o", made / "again.html")[0] == 0
    assert (made / "again.html").read_bytes() == (made / "shared.html").read_bytes()
    code, _, told = run("report", made / "out.removed.jsonl", made / "copies.json", "-o", made / "again.html")
    assert code == 0
    assert "removals and" in told
    assert (made / "again.html").read_text(encoding="utf-8").count('<svg class="flow"') == 2
    (made / "bad.json").write_text('{"signature": "dedup:stretches|", "rows": 1}', encoding="utf-8")
    assert run("report", made / "bad.json", "-o", made / "again.html")[0] == 3


def test_its_report_is_no_article_of_a_folder(made):
    folder = made / "beside"
    folder.mkdir()
    (folder / "rows.jsonl").write_bytes((made / "in.jsonl").read_bytes())
    (folder / "copies.json").write_bytes((made / "copies.json").read_bytes())
    code, _, told = run("clean", folder, "-o", made / "cleaned")
    assert code == 0
    assert f"{len(rows())} articles read" in told
