"""Which of two copies is the damaged one: the differences are weighed, the document is the only witness.

Damage drops letters, doubles them, and puts in letters that make pairs found nowhere else; it leaves
replacement characters, entities, straight quotes, full-width digits and lost spaces behind. No
language model is needed: the letters that both copies agree on say which pairs the text uses.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from dedup.kernels.wide import is_wide_letter

if TYPE_CHECKING:
    from dedup.article.differences import Gap

_SAMPLE = 200_000  # letters whose pairs are counted
_DAMAGE = re.compile(r"\ufffd|[\ue000-\uf8ff]|&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});|(?<=\w)\?+(?=\w)|[\x80-\x9f]|[ÃÂâåæç][\x80-\xbf€™œž“”‚„†‡ˆ‰Š‹ŒŽ‘’•–—˜š›Ÿ]")
_FULL_WIDTH = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW_MARK = re.compile(r"(?<=[\u3040-\u9fff])[,;:?!()\"']|[()\"'](?=[\u3040-\u9fff])")
_WIDE_MARK = re.compile(r"(?<=[a-zA-Z])[，；：？！（）．]")
_WIDE_SPACE = re.compile(r"(?<=[\u3040-\u9fff]) +(?=[\u3040-\u9fff])")
_WORD = re.compile(r"[^\W\d_]+")


class Witness:
    """Counts of letter pairs in one article's folded text."""

    def __init__(self, letters: str) -> None:
        """Count the pairs of the first `_SAMPLE` letters."""
        sample = letters[:_SAMPLE]
        self._pairs = Counter(zip(sample, sample[1:], strict=False))
        self._letters = Counter(sample)

    def prefers(self, letters: str, gap: Gap) -> float:
        """Above 0 where the first side of the gap is the likelier text, below 0 where the second is; about -2..2."""
        one, other = letters[gap.a0 : gap.a1], letters[gap.b0 : gap.b1]
        if bool(one) == bool(other):
            if len(one) > 4 or len(other) > 4:  # noqa: PLR2004 — longer differences are edits, not damage
                return 0.0
            difference = self._support(letters, gap.a0, gap.a1) - self._support(letters, gap.b0, gap.b1)
            return max(-2.0, min(2.0, difference))
        there = gap.a1 > gap.a0
        start, end = (gap.a0, gap.a1) if there else (gap.b0, gap.b1)
        part = letters[start:end]
        doubled = part == letters[start - len(part) : start] or part == letters[end : end + len(part)]
        if doubled:
            # A doubled letter that the text never doubles elsewhere was doubled by damage; of those it does, either may be.
            natural = self._pairs[part[-1], part[0]] > 1 and not is_wide_letter(part[0])
            verdict = -0.3 if natural else -1.5
        else:
            verdict = 1.2
        return verdict if there else -verdict

    def _support(self, letters: str, start: int, end: int) -> float:
        """Mean log count of the pairs that the stretch makes with its neighbours; its own occurrence is taken off."""
        pairs = [(letters[i], letters[i + 1]) for i in range(max(start - 1, 0), min(end, len(letters) - 1))]
        if not pairs:
            return 0.0
        known = sum(math.log1p(max(self._pairs[pair] - 1, 0)) for pair in pairs) / len(pairs)
        rare = sum(math.log1p(max(self._letters[letter] - 1, 0)) for letter in letters[start:end]) / max(end - start, 1)
        return known + 0.25 * rare


def scars(text: str) -> float:
    """How much damage the text shows by itself, in units of one certain scar."""
    return (
        2.0 * len(_DAMAGE.findall(text))
        + 0.5 * len(_FULL_WIDTH.findall(text))
        + 0.5 * len(_NARROW_MARK.findall(text))
        + 0.5 * len(_WIDE_MARK.findall(text))
        + 0.5 * len(_WIDE_SPACE.findall(text))
    )


def words(text: str) -> list[str]:
    """The words of a text in an alphabet, in lower case, without digits."""
    return _WORD.findall(text.lower())
