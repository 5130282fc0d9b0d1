"""Hostile texts cost what their length costs, balance, and stay as they are when cleaned again."""

import math
import time

import pytest
from expressions import AT_ONE_PLACE, SEARCHES, expressions, use, written_elsewhere
from hostile import TEXTS, de_bruijn

import dedup
from dedup.article import calls, sites
from dedup.report.account import account

_MOST_GROWTH = 2.5  # of the processor time at twice the length
_LEAST = 0.02  # seconds below which a ratio says nothing
_LEAST_OF_ARTICLE = 0.1  # a de Bruijn sequence of 40,000 letters is settled at sight, one of 80,000 is compared
_EXPRESSIONS = expressions()
# What is searched for in so many characters alone, wherever the package does it.
_WINDOWS = {"dedup.article.calls._MORE": calls._LONGEST_CALL, "dedup.article.sites._SEPARATOR": sites._LONGEST_NAME + 8}


def spent(function, least=_LEAST):
    """The least processor time of three runs, or of one that is short."""
    best = None
    for _ in range(3):
        start = time.process_time()
        function()
        took = time.process_time() - start
        best = took if best is None else min(best, took)
        if best < least / 4:
            break
    return best


def grows(name, sizes, prepare, work, least):
    """Fails where a length doubled takes more than two and a half times the processor time, from the first size to the last."""
    texts = [prepare(TEXTS[name](size)) for size in (sizes[0], sizes[-1])]
    most = _MOST_GROWTH ** math.log2(sizes[-1] / sizes[0])
    for _ in range(3):  # what a loaded machine adds is not there each time
        before, after = (spent(lambda text=text: work(text), least) for text in texts)
        if after <= most * max(before, least):
            return
    raise AssertionError((name, sizes, before, after))


def test_the_expressions_are_found_and_how_they_are_used():
    assert len(_EXPRESSIONS) > 40
    assert _EXPRESSIONS["dedup.article.calls._MORE"][1] == {"search", "fullmatch"}
    assert _EXPRESSIONS["dedup.article.calls.ENDS_SENTENCE"][1] == {"search", "finditer"}  # by other modules, too
    assert _EXPRESSIONS["dedup.article.dates._WORDED"][1] == {"match"}
    assert _EXPRESSIONS["dedup.files.delimited._SOUND.0"][1] == {"fullmatch"}


def test_a_name_of_a_module_holds_each_expression():
    # This one looks at a text of its own, of each code point once.
    assert written_elsewhere() == ["dedup.kernels.sound_table: re.finditer(one, _everything())"]


def test_the_measure_finds_what_is_quadratic():
    import re

    pattern = re.compile(r"\s+$")
    with pytest.raises(AssertionError):
        grows("spaces", (1_000, 2_000, 4_000), str, lambda text: use(pattern, SEARCHES, text), 0.001)


def test_the_sequence_holds_each_word_once():
    for order in range(1, 12):
        text = de_bruijn(2**order)
        around = text + text[: order - 1]
        assert len({around[at : at + order] for at in range(2**order)}) == 2**order


def _used(where, methods, given):
    """The expression used as the package uses it."""
    pattern = _EXPRESSIONS[where][0]
    if where in _WINDOWS:
        use(pattern, methods & SEARCHES, given[: _WINDOWS[where]])
        methods = methods & AT_ONE_PLACE
    use(pattern, methods, given)


@pytest.mark.parametrize("name", TEXTS)
def test_no_expression_is_worse_than_linear(name):
    for where, (pattern, methods) in _EXPRESSIONS.items():
        prepare = (lambda text: text.encode("utf-8", "surrogatepass")) if isinstance(pattern.pattern, bytes) else str
        small = prepare(TEXTS[name](2_000))
        first = spent(lambda w=where, m=methods, given=small: _used(w, m, given))
        assert first < _LEAST, (where, name, first)  # told before what is cubic hangs
        grows(name, (20_000, 40_000, 80_000), prepare, lambda given, w=where, m=methods: _used(w, m, given), _LEAST)


def _holds(name, sizes):
    dedup.clean(TEXTS[name](sizes[0] // 10))  # what is compiled is compiled
    grows(name, sizes, str, dedup.clean, _LEAST_OF_ARTICLE)
    result = dedup.clean(TEXTS[name](sizes[-1]))
    told = account(result)
    assert told.kept + told.removed + told.header + told.white == len(result.repaired)
    assert dedup.clean(result.text).text == result.text or result.fields


@pytest.mark.parametrize("name", TEXTS)
def test_an_article_costs_what_its_length_costs(name):
    _holds(name, (20_000, 40_000, 80_000))


@pytest.mark.fire_long
@pytest.mark.parametrize("name", TEXTS)
def test_a_long_article_costs_what_its_length_costs(name):
    _holds(name, (200_000, 400_000, 800_000))
