"""Which of two copies is the damaged one: the differences are weighed, the document is the first witness.

Damage drops letters, doubles them, and puts in letters that make pairs found nowhere else; it leaves
replacement characters, entities, straight quotes, full-width digits and lost spaces behind. Two
things say which of two letters is the author's: the pairs and runs that the rest of the article uses, and the
n-grams of its script where `dedup.kernels.plausible` knows them. Both are log-odds, and added.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dedup.article.markup import count_tags, without_tags
from dedup.kernels.plausible import CONTEXT, log_odds
from dedup.kernels.wide import is_wide_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup.article.differences import Gap

_SAMPLE = 50_000  # letters whose pairs and runs are counted; of 200,000 the counts took 60 MB and a third of the time of a megabyte
_LONGEST_DAMAGE = 4  # letters that damage exchanges at once; more are an edit
_MOST = 4.0  # what one difference may say
_RARE = 0.25  # what the count of a letter says, where that of its pairs says 1
# Fitted to single damages of news in Chinese and English (logistic regression), rounded.
_LANGUAGE, _LANGUAGE_ONE_SIDED, _MOST_LANGUAGE = 0.6, 0.3, 6.0
_PAIRS_WIDE, _PAIRS = 0.8, 0.3
_AGAIN_WIDE, _AGAIN, _AGAIN_ONE_SIDED = 2.2, 3.0, 1.5
_RUN_WIDE, _RUN = 3, 4  # letters of the runs that are looked for elsewhere in the article
_LEFT_OUT, _DOUBLED, _NATURAL = 3.0, -4.0, -0.5  # for the side that has the letters
_SCAR, _ODD_MARK = 2.0, 0.5  # what damage says, and a mark of another script, which an author may have typed
_DAMAGE = re.compile(
    r"\ufffd|[\ue000-\uf8ff]|&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});|(?<=\w)\?+(?=\w)"
    r"|[\x80-\x9f]|[\u00c0-\u00f4][\x80-\xbf€™œž“”‚„†‡ˆ‰Š‹ŒŽ‘’•–—˜š›Ÿ]"
)
_FULL_WIDTH = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW_MARK = re.compile(r"(?<=[\u3040-\u9fff])[,;:?!()\"']|[()\"'](?=[\u3040-\u9fff])")
_WIDE_MARK = re.compile(r"(?<=[a-zA-Z])[，；：？！（）．]")
_WIDE_SPACE = re.compile(r"(?<=[\u3040-\u9fff]) +(?=[\u3040-\u9fff])")
_LONGEST_WORD = 30  # letters; in an alphabet, longer is words that lost their spaces
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_WORDS = re.compile(r"[\W\d_]")
_BLOCK = 1 << 16  # characters whose words are counted at a time


class Witness:
    """Counts of letters, of their pairs and of short runs in one article's folded text."""

    def __init__(self, letters: str) -> None:
        """Count those of the first `_SAMPLE` letters; what stands there once counts as what does not."""
        sample = letters[:_SAMPLE]
        ids = np.unique(np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), np.uint32), return_inverse=True)[1].astype(np.uint64)
        self._letters, self._pairs, three, four = (_repeated(sample, ids, size) for size in (1, 2, _RUN_WIDE, _RUN))
        self._runs = {_RUN_WIDE: three, _RUN: four}

    def prefers(self, letters: str, gap: Gap) -> float:
        """Above 0 where the first side of the gap is the likelier text, below 0 where the second is: log-odds, -4..4."""
        one, other = letters[gap.a0 : gap.a1], letters[gap.b0 : gap.b1]
        if bool(one) == bool(other) and max(len(one), len(other)) > _LONGEST_DAMAGE:
            return 0.0
        wide = is_wide_letter((one or other)[0])
        language = log_odds(letters[max(gap.a0 - CONTEXT, 0) : gap.a1 + CONTEXT], letters[max(gap.b0 - CONTEXT, 0) : gap.b1 + CONTEXT])
        language = max(-_MOST_LANGUAGE, min(_MOST_LANGUAGE, language))
        run = _RUN_WIDE if wide else _RUN
        again = self._again(letters, gap.a0, gap.a1, run) - self._again(letters, gap.b0, gap.b1, run)
        if one and other:
            article = self._support(letters, gap.a0, gap.a1) - self._support(letters, gap.b0, gap.b1)
            verdict = _LANGUAGE * language + (_PAIRS_WIDE if wide else _PAIRS) * article + (_AGAIN_WIDE if wide else _AGAIN) * again
        else:
            verdict = _LANGUAGE_ONE_SIDED * language + self._one_sided(letters, gap) + _AGAIN_ONE_SIDED * again
        return max(-_MOST, min(_MOST, verdict))

    def _one_sided(self, letters: str, gap: Gap) -> float:
        """The same for letters that one side has and the other lacks, by how damage comes about."""
        there = gap.a1 > gap.a0
        start, end = (gap.a0, gap.a1) if there else (gap.b0, gap.b1)
        part = letters[start:end]
        doubled = part == letters[start - len(part) : start] or part == letters[end : end + len(part)]
        if doubled:
            # A doubled letter that the text never doubles elsewhere was doubled by damage; of those it does, either may be.
            natural = self._pairs.get(part[-1] + part[0], 0) > 1 and not is_wide_letter(part[0])
            verdict = _NATURAL if natural else _DOUBLED
        else:
            verdict = _LEFT_OUT
        return verdict if there else -verdict

    def _support(self, letters: str, start: int, end: int) -> float:
        """Mean log count of the pairs that the stretch makes with its neighbours; its own occurrence is taken off."""
        pairs = [letters[i : i + 2] for i in range(max(start - 1, 0), min(end, len(letters) - 1))]
        if not pairs:
            return 0.0
        known = sum(math.log1p(max(self._pairs.get(pair, 0) - 1, 0)) for pair in pairs) / len(pairs)
        rare = sum(math.log1p(max(self._letters.get(letter, 0) - 1, 0)) for letter in letters[start:end]) / max(end - start, 1)
        return known + _RARE * rare

    def _again(self, letters: str, start: int, end: int, size: int) -> float:
        """Mean log count, elsewhere in the article, of the runs of letters that reach over the stretch."""
        runs = [letters[i : i + size] for i in range(max(start - size + 1, 0), min(end, len(letters) - size + 1))]
        return sum(math.log1p(max(self._runs[size].get(run, 0) - 1, 0)) for run in runs) / max(len(runs), 1)


def _repeated(sample: str, ids: np.ndarray, size: int) -> dict[str, int]:
    """How often each run of `size` letters, four at the most, stands in the sample, of those that do more than once.

    `ids` number its letters (uint64, below 2^16). Counters of all runs took 14 MB for a sample of 50,000 Chinese letters.
    """
    if len(sample) < size:
        return {}
    keys = ids[: ids.size - size + 1]
    for more in range(1, size):
        keys = (keys << np.uint64(16)) | ids[more : ids.size - size + 1 + more]
    _, places, counts = np.unique(keys, return_index=True, return_counts=True)
    again = np.flatnonzero(counts > 1)
    return {sample[place : place + size]: count for place, count in zip(places[again].tolist(), counts[again].tolist(), strict=True)}


def scars(text: str) -> float:
    """How much damage the text shows by itself, on the scale of a witness's verdict."""
    bare = without_tags(text)
    if bare.isascii():  # no letter for the others, which cost 40 µs a thousand characters
        return _SCAR * ((len(_DAMAGE.findall(bare)) if "&" in bare or "?" in bare else 0) + count_tags(text))
    return (
        _SCAR * (len(_DAMAGE.findall(bare)) + count_tags(text))
        + _ODD_MARK * len(_FULL_WIDTH.findall(bare))
        + _ODD_MARK * len(_NARROW_MARK.findall(bare))
        + _ODD_MARK * len(_WIDE_MARK.findall(bare))
        + _ODD_MARK * len(_WIDE_SPACE.findall(bare))
    )


def words(text: str) -> list[str]:
    """The words of a text in an alphabet, in lower case, without digits."""
    return _WORD.findall(text.lower())


def count_words(text: str) -> Counter[str]:
    """How often each word stands in a text; counted in blocks, since all words at once take ten bytes a character."""
    counts: Counter[str] = Counter()
    text, at = text.lower(), 0
    while at < len(text):
        between = _BETWEEN_WORDS.search(text, at + _BLOCK)
        end = between.start() if between else len(text)
        counts.update(_WORD.findall(text, at, end))
        at = end
    return counts


def broken_words(found: Iterable[tuple[str, int]], counts: Counter[str]) -> float:
    """How many of the words, each with its number, stand nowhere else in the article, and the letters of those too long to be words.

    `counts` are of the article's words; damage makes both, by letters and by spaces.
    """
    return float(sum(times * ((counts[word] == 1) + len(word) * (len(word) > _LONGEST_WORD)) for word, times in found))
