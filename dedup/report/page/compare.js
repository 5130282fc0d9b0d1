"use strict";
// What two texts have in common: words (single letters of Han, Kana and Hangul), by the fewest words taken out and put in (Myers 1986).
const MOST_EDITS = 2500; // memory grows with their square: 25 MB; beyond, words that stand once in both are what the texts are cut at
const WORD = /\p{N}+(?:[.,]\p{N}+)+|[\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|(?:(?![\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{M}\p{N}])+/gu;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/; // Thai, Lao, Burmese and Khmer do not part words: letters with their marks
const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function wordsOf(text, numbers) {
  const found = { starts: [], ends: [], codes: [] };
  const put = (start, written) => {
    const word = written.toLowerCase();
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    found.starts.push(start);
    found.ends.push(start + written.length);
    found.codes.push(numbers.get(word));
  };
  for (const match of text.matchAll(WORD)) {
    if (!UNSPACED.test(match[0])) put(match.index, match[0]);
    else for (const { segment, index } of LETTERS.segment(match[0])) put(match.index + index, segment);
  }
  return found;
}

// Runs [start in a, start in b, length] of a longest common subsequence, or null where more than `most` words differ.
function shortest(a, b, aFrom, aTo, bFrom, bTo, most) {
  const n = aTo - aFrom, m = bTo - bFrom, limit = Math.min(n + m, most), middle = limit + 1;
  const reach = new Int32Array(2 * limit + 3), trace = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && reach[middle + k - 1] < reach[middle + k + 1]) ? reach[middle + k + 1] : reach[middle + k - 1] + 1;
      while (x < n && x - k < m && a[aFrom + x] === b[bFrom + x - k]) x++;
      reach[middle + k] = x;
      if (x >= n && x - k >= m) return traced(trace, n, m, aFrom, bFrom);
    }
  }
  return null;
}

function traced(trace, n, m, aFrom, bFrom) {
  const runs = [];
  let x = n, y = m;
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d], middle = d + 1, k = x - y;
    const before = k === -d || (k !== d && reach[middle + k - 1] < reach[middle + k + 1]) ? k + 1 : k - 1;
    const from = d === 0 ? 0 : reach[middle + before] + (before < k ? 1 : 0);
    if (x > from) runs.push([aFrom + from, bFrom + from - k, x - from]);
    x = reach[middle + before];
    y = x - before;
  }
  return runs.reverse();
}

function matches(a, b) {
  let start = 0, aEnd = a.length, bEnd = b.length;
  while (start < aEnd && start < bEnd && a[start] === b[start]) start++;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) { aEnd--; bEnd--; }
  const inner = shortest(a, b, start, aEnd, start, bEnd, MOST_EDITS) || anchored(a, b, start, aEnd, start, bEnd);
  return joined([[0, 0, start], ...inner, [aEnd, bEnd, a.length - aEnd]]);
}

// The same for texts that differ too much: between words that stand once in both, in the same order.
function anchored(a, b, aFrom, aTo, bFrom, bTo) {
  const places = (codes, from, to) => {
    const found = new Map();
    for (let i = from; i < to; i++) found.set(codes[i], found.has(codes[i]) ? -1 : i);
    return found;
  };
  const there = places(b, bFrom, bTo), ends = [], previous = new Map();
  for (const [code, i] of places(a, aFrom, aTo)) {
    const j = there.get(code);
    if (i < 0 || j === undefined || j < 0) continue;
    let low = 0, high = ends.length;
    while (low < high) { const half = (low + high) >> 1; if (ends[half][1] < j) low = half + 1; else high = half; }
    ends[low] = [i, j];
    previous.set(i, low ? ends[low - 1] : null);
  }
  const anchors = [];
  for (let at = ends[ends.length - 1]; at; at = previous.get(at[0])) anchors.push(at);
  anchors.reverse().push([aTo, bTo]);
  const runs = [];
  for (const [i, j] of anchors) {
    runs.push(...(shortest(a, b, aFrom, i, bFrom, j, 200) || []));
    if (i < aTo || j < bTo) runs.push([i, j, 1]);
    aFrom = i + 1;
    bFrom = j + 1;
  }
  return runs;
}

function joined(runs) {
  const out = [];
  for (const run of runs) {
    const last = out[out.length - 1];
    if (!run[2]) continue;
    if (last && last[0] + last[2] === run[0] && last[1] + last[2] === run[1]) last[2] += run[2];
    else out.push([...run]);
  }
  return out;
}

// Both texts as lists of parts {text, sort, run}: `eq` in both, `one` in this one only, `gap` between words.
function compared(left, right) {
  const numbers = new Map(), a = wordsOf(left, numbers), b = wordsOf(right, numbers);
  const runs = matches(a.codes, b.codes).filter((run, i, all) => run[2] > 1 || !i || i === all.length - 1 || a.ends[run[0]] - a.starts[run[0]] > 2 || !lonely(run, all[i - 1], all[i + 1]));
  return [parts(left, a, runs, 0), parts(right, b, runs, 1)];
}

// One or two letters in common amid long differences say nothing to a reader.
function lonely(run, before, after) {
  const gaps = [0, 1].map((side) => [run[side] - before[side] - before[2], after[side] - run[side] - run[2]]);
  return gaps.every(([one, two]) => one + two >= 6) && gaps[0][0] + gaps[1][0] > 0 && gaps[0][1] + gaps[1][1] > 0;
}

function parts(text, words, runs, side) {
  const out = [];
  let at = 0, word = 0;
  const put = (from, to, sort, run) => {
    if (from >= to) return;
    const start = words.starts[from], end = words.ends[to - 1];
    if (start > at) out.push({ text: text.slice(at, start), sort: "gap" });
    out.push({ text: text.slice(start, end), sort, run });
    at = end;
  };
  runs.forEach((run, i) => {
    put(word, run[side], "one");
    put(run[side], run[side] + run[2], "eq", i);
    word = run[side] + run[2];
  });
  put(word, words.starts.length, "one");
  if (at < text.length) out.push({ text: text.slice(at), sort: "gap" });
  return out;
}
