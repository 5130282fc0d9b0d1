"""Slow and plain twins of the compiled kernels."""

import math
import re
from bisect import bisect_left
from collections import Counter

MASK32, MASK64 = (1 << 32) - 1, (1 << 64) - 1


def letter_weight(code):
    wide = 0x2E80 <= code < 0xA4D0 or 0xAC00 <= code < 0xD7B0 or 0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x40000
    return 2 if wide else 1


def shingles(codes, weight):
    """Each shingle of a row as a tuple of its letters; the whole row where it weighs less than a shingle."""
    ends = [0]
    for code in codes:
        ends.append(ends[-1] + letter_weight(code))
    found = [tuple(codes[i : bisect_left(ends, ends[i] + weight)]) for i in range(len(codes)) if ends[-1] - ends[i] >= weight]
    return found or ([tuple(codes)] if codes else [])


def mixed(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK64
    return x ^ (x >> 31)


def short_hash(shingle):
    """The 32-bit hash of a shingle: its letters times factors, one a place."""
    return sum(code * ((mixed(place) >> 32) | 1) for place, code in enumerate(shingle, 1)) & MASK32


def spelling(text):
    """How a text is capitalised (Latin, Cyrillic) in 2 bits, and a hash of each of its characters with its place in 30."""
    factors = [(mixed(place) >> 32) | 1 for place in (1, 2)]
    total = len(text)
    for place, character in enumerate(text):
        value = ((ord(character) + place * 0x9E3779B1) * factors[0]) & MASK32
        total += (value ^ (value >> 15)) * factors[1]
    capitals = sum(any(low <= character <= high for low, high in ("AZ", "ÀÞ", "АЯ")) for character in text)
    style = 2 if not capitals else 0 if 8 * capitals <= len(text) else 1 if 2 * capitals <= len(text) else 3
    return style << 30 | total & 0x3FFFFFFF


def finalized(x):
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & MASK32
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & MASK32
    return x ^ (x >> 16)


def bin_minima(hashes, bins):
    """The least hash of each range; an empty range has what the first full one of its draws has."""
    mixed_hashes = [value for value in map(finalized, hashes) if value != MASK32]
    least = {}
    for value in mixed_hashes:
        place = value * bins >> 32
        least[place] = min(least.get(place, MASK32), value)
    out = []
    for place in range(bins):
        draw, other = place, place
        while least and other not in least:
            draw = finalized((draw + 0x9E3779B9) & MASK32)
            other = draw * bins >> 32
        out.append(least.get(other, MASK32))
    return out


def compare(first, second, weight):
    """Distinct shingles in both rows, and in each."""
    one, two = set(shingles(first, weight)), set(shingles(second, weight))
    return len(one & two), len(one), len(two)


def screen(first, second, weight, passage, in_a_row, most):
    """Shingles of the second row that the first has, all of them, and the letters that lie in passages of its own."""
    one = set(shingles(first, weight))
    shared = [shingle in one for shingle in shingles(second, weight)]
    read, own = passages(second, shared, passage, in_a_row, most)
    return sum(shared[:read]), len(shared), own


def passages(row, shared, passage, in_a_row, most):
    """How many shingles are read until more than a share `most` of the row's letters is its own, and how many letters are then."""
    own, since, held, following = 0, 0, 0, 0
    for place, said in enumerate(shared):
        following = following + 1 if said else 0
        if following >= in_a_row:
            own += place - since if held >= passage else 0
            since, held = place + 1, 0
            continue
        held += letter_weight(row[place])
        if held >= passage and own + place + 1 - since > most * len(row) + 1e-6:
            return place + 1, own + place + 1 - since
    return len(shared), own + (len(row) - since if held >= passage else 0)


def apart(first, second, weight, passage, in_a_row, most):
    """True when more than a share `most` is the second row's own, where shingles count as equal that have one place in a table of bytes."""
    bits = 4
    while 1 << bits < 16 * len(shingles(first, weight)):
        bits += 1

    def place(shingle):
        return (max(short_hash(shingle), 1) * 0x9E3779B1 & MASK32) >> 32 - bits

    one = set(map(place, shingles(first, weight)))
    shared = [place(shingle) in one for shingle in shingles(second, weight)]
    return passages(second, shared, passage, in_a_row, most)[1] > most * len(second) + 1e-6


def own_letters(first, second, longest, far):
    """Letters of the second row in tiles that are farther than a share `far` of their letters from every stretch of the first."""
    tiles, own = -(-len(second) // longest), 0
    for number in range(tiles):
        tile = second[number * len(second) // tiles : (number + 1) * len(second) // tiles]
        costs = list(range(len(tile) + 1))
        least = costs[-1]
        for letter in first:
            new = [0]
            for place, other in enumerate(tile):
                new.append(min(costs[place] + (other != letter), costs[place + 1] + 1, new[place] + 1))
            costs, least = new, min(least, new[-1])
        own += len(tile) if least > far * len(tile) else 0
    return own


def numbers_alone_differ(first, second):
    """True when the rows differ and are equal once each run of digits is a mark."""

    def parts(codes):
        text = "".join(map(chr, codes))
        letters, digits = [], [""]
        for letter in text:
            if "0" <= letter <= "9":
                digits[-1] += letter
            else:
                letters.append(letter)
                digits.append("")
        return letters, digits

    one, two = parts(first), parts(second)
    return one[0] == two[0] and one[1] != two[1]


def reports_differ(first, second):
    """True when the numbers of the shorter row, or of each of two as long, are others than damage to its letters makes them."""

    def has_other_numbers(own, other):
        numbers, there = (re.findall("[0-9]+", text) for text in (own, other))
        differing = (Counter(numbers) - Counter(there)).total()
        if differing < 2 or 2 * differing <= len(numbers) or 150 * differing < len(own):
            return False
        kept = []
        for size in (3, 6):
            stretches, others = (
                [text[i : i + size] for i in range(len(text) - size + 1) if not re.search("[0-9]", text[i : i + size])]
                for text in (own, other)
            )
            known = set(others)
            kept.append(sum(stretch in known for stretch in stretches) / max(len(stretches), 1))
        if kept[0] == 0 or kept[1] < 0.83 * kept[0]:
            return False
        whole = math.cbrt(min(kept[1] / kept[0], 1.0))
        stays = [whole ** (len(number) + 2) for number in numbers]
        over = differing - sum(1 - one for one in stays)
        return over > 0.5 * sum(stays) and over > 3 * math.sqrt(sum(one * (1 - one) for one in stays))

    one, two = sorted(("".join(map(chr, row)) for row in (first, second)), key=len)
    return has_other_numbers(one, two) and (len(one) < len(two) or has_other_numbers(two, one))


def group_pairs(keys, bits, most, signed, least, old):
    """Pairs (first, second) of ranks in groups of equal key, in the order of the kernel."""
    groups = {}
    for key in keys:
        groups.setdefault(key >> bits, []).append(key & ((1 << bits) - 1))
    pairs = []
    for group in groups.values():

        def equal(i, j, group=group):
            return sum(a == b for a, b in zip(signed[group[i]], signed[group[j]], strict=True))

        fresh = next((place for place, rank in enumerate(group) if rank >= old), len(group))
        for j in range(max(fresh, 1), len(group)):
            if len(group) <= most:
                pairs += [(group[i], group[j]) for i in range(j) if equal(i, j) >= min(least[group[i]], least[group[j]])]
                continue
            for i in dict.fromkeys((0, fresh, j - 1)):
                pairs += [(group[i], group[j])] if i < j and equal(i, j) >= min(least[group[i]], least[group[j]]) else []
                if (equal(i, j) if i < j else 0) >= 2 * least[group[j]]:
                    break
    return pairs


def stars(pairs, good, rows, old):
    """For each rank the pair because of which it goes."""
    because = [-1] * rows
    for place, (first, second) in enumerate(pairs):
        if good[place] and second >= old and because[first] < 0 and because[second] < 0:
            because[second] = place
    return because


def block_sum(words):
    """The 64-bit sum of a block of 64-bit words: four totals of every fourth word, and a total of these."""

    def stirred(total, word):
        total = ((total ^ word) * 0x9E3779B97F4A7C15) & MASK64
        return total ^ (total >> 32)

    totals = [1, 2, 3, 4]
    for place, word in enumerate(words):
        totals[place % 4] = stirred(totals[place % 4], word)
    whole = 0
    for total in totals:
        whole = stirred(whole, total)
    return whole
