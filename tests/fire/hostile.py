"""Texts that are built to hurt: each a function of its length in characters."""

from __future__ import annotations


def fibonacci(size):
    """The Fibonacci word: repeats at every length, none of them a copy."""
    one, two = "a", "ab"
    while len(two) < size:
        one, two = two, two + one
    return two[:size]


def thue_morse(size):
    """The Thue-Morse word: no stretch stands three times in a row."""
    return "".join("ab"[number.bit_count() & 1] for number in range(size))


def de_bruijn(size):
    """A de Bruijn sequence: every word of its order over two letters once, which are the Lyndon words in a row (Duval)."""
    order = max(1, (size - 1).bit_length())
    out, word = [], [0]
    while word and len(out) < size:
        if order % len(word) == 0:
            out += word
        word = (word * (order // len(word) + 1))[:order]
        while word and word[-1] == 1:
            word.pop()
        if word:
            word[-1] = 1
    return "".join("ab"[letter] for letter in out[:size])


def _short_lines(count, different):
    """Lines of one letter, of so many different ones in turn."""
    return "".join(
        f"{chr(0x4E00 + number if number < 20_000 else 0x20000 + number - 20_000)}\n" for number in (at % different for at in range(count))
    )


TEXTS = {
    "one character": lambda size: "a" * size,
    "one ideograph": lambda size: "国" * size,
    "equal lines": lambda size: "a line\n" * (size // 7),
    "short lines": lambda size: _short_lines(size // 2, size // 2),
    "short lines twice": lambda size: _short_lines(size // 2, size // 4),
    "a and then b": lambda size: "a" * size + "b",
    "fibonacci": fibonacci,
    "thue-morse": thue_morse,
    "de bruijn": de_bruijn,
    "combining marks": lambda size: "a" + "\u0301" * size,
    "bidi controls": lambda size: "\u202e\u202d\u2066\u2069" * (size // 4),
    "lone surrogates": lambda size: "\udc80a" * (size // 2),
    "private use": lambda size: "\ue000\U000f0000" * (size // 2),
    "unassigned": lambda size: "\u0378\U000e1000" * (size // 2),
    "nul": lambda size: "a\0" * (size // 2),
    "four bytes": lambda size: "😀🜁" * (size // 2),
    "spaces": lambda size: "a" + " " * size + "b",
    "blank lines": lambda size: "a" + "\n" * size + "b",
    "ideographic spaces": lambda size: "a" + "\u3000" * size,
    "comments": lambda size: "<!--" * (size // 4),
    "parentheses": lambda size: "(" * size,
    "nested quotes": lambda size: "“‘" * (size // 2) + "”’" * 4,
    "straight quotes": lambda size: '"' * (size | 1),
    "quoted cells": lambda size: '"a",' * (size // 4),
    "unclosed cells": lambda size: '"a,b' + ',""c' * (size // 4),
    "addresses of links": lambda size: "](#a(" * (size // 5),
    "reference marks": lambda size: ".[1][22]" * (size // 8),
    "escaped breaks": lambda size: "a\\n\\\\t" * (size // 6),
    "ampersands": lambda size: "&amp" * (size // 4),
    "entities": lambda size: "&#x41;&lt;" * (size // 10),
    "mojibake": lambda size: "Ã©â€™" * (size // 5),
    "colons": lambda size: "a:" * (size // 2),
    "labels": lambda size: "Title: x\n" * (size // 9),
    "long label": lambda size: "Title: " + "a-" * (size // 2),
    "numbers": lambda size: "1.2.3-4/" * (size // 8),
    "dates": lambda size: "2024-01-1 " * (size // 10),
    "full stops": lambda size: "a.” " * (size // 4),
    "underscores": lambda size: "_|_" * (size // 3),
    "tags": lambda size: "<a <b " * (size // 6),
    "more": lambda size: "Read more " * (size // 10),
    "digits": lambda size: "7" * size,
    "letters and spaces": lambda size: "a " * (size // 2),
}
