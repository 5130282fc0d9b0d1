"use strict";
// The pairs about the threshold, marked by a person as the same or different, and saved for `dedup check --labels`.
const FIELDS = ["label", "score", "from", "to", "pairs", "id", "of_id", "path", "line", "of_path", "of_line", "text", "of_text"];
const marks = new Map();
const boxes = new Map();

function mark(pair, label) {
  if (marks.get(pair) === label) marks.delete(pair);
  else marks.set(pair, label);
  for (const button of document.querySelectorAll(`[data-pair="${pair}"]`)) button.setAttribute("aria-pressed", String(marks.get(pair) === button.dataset.label));
  boxes.get(pair).dataset.label = marks.get(pair) || "";
  const same = [...marks.values()].filter((value) => value === "same").length;
  byId("marked").textContent = marks.size ? `${marks.size} of ${page.pairs.length} pairs marked: ${same} same, ${marks.size - same} different.` : "No pair is marked.";
  byId("save-marks").disabled = !marks.size;
}

function markers(pair) {
  return ["same", "different"].map((label) => {
    const made = make("button", { type: "button", className: "small mark-button", "data-pair": pair, "data-label": label, "aria-pressed": String(marks.get(pair) === label) }, label);
    made.addEventListener("click", () => mark(pair, label));
    return made;
  });
}

const sides = (pair) => [pair.texts[0], pair.texts[pair.texts.length - 1]];
const nameOf = (id, path, row) => id ?? (row == null ? path : `${path}:${row}`);

async function pairShown(at) {
  const pair = page.pairs[at], went = pair.score >= page.threshold;
  return {
    title: pair.title || nameOf(pair.id, pair.path, pair.line),
    facts: [make("b", {}, went ? "duplicates" : "not alike enough"), `score ${pair.score.toFixed(4)}`, `threshold ${page.threshold}`, `one of ${number.format(pair.pairs)} pairs from ${pair.from.toFixed(2)} to ${pair.to.toFixed(2)}`],
    texts: sides(pair),
    names: [["One: ", isolated(nameOf(pair.id, pair.path, pair.line))], ["The other: ", isolated(nameOf(pair.of_id, pair.of_path, pair.of_line))]],
    marks: markers(at),
  };
}

function card(at) {
  const pair = page.pairs[at];
  const open = make("button", { type: "button", className: "open", "aria-haspopup": "dialog" }, isolated(pair.title || sides(pair)[0].slice(0, 90)));
  const group = page.pairs.map((_, i) => i).filter((i) => page.pairs[i].score >= page.threshold === pair.score >= page.threshold);
  open.addEventListener("click", () => openAt(group, group.indexOf(at), pairShown));
  const box = make("li", {}, make("span", { className: "n" }, pair.score.toFixed(4)), open, make("span", { className: "marks", role: "group", "aria-label": `Do both say the same? Score ${pair.score.toFixed(3)}` }, ...markers(at)));
  boxes.set(at, box);
  return box;
}

// A cell that a spreadsheet takes as text: what would be a formula begins with an apostrophe.
function cell(value) {
  const told = value == null ? "" : typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(told) ? `"${told.replaceAll('"', '""')}"` : told;
}

function labels() {
  const rows = page.pairs.map((pair, at) => ({ ...pair, label: marks.get(at) || "", text: sides(pair)[0], of_text: sides(pair)[1] }));
  return [FIELDS, ...rows.map((row) => FIELDS.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

if (page.pairs.length) {
  for (const [title, goes] of [["Below: not alike enough", false], ["At or above: duplicates", true]]) {
    const chosen = page.pairs.map((_, at) => at).filter((at) => page.pairs[at].score >= page.threshold === goes);
    const id = goes ? "above-title" : "below-title";
    const list = make("ol", { "aria-labelledby": id }, ...chosen.map(card));
    byId("pairs").append(make("div", {}, make("h4", { id }, title), chosen.length ? list : make("p", { className: "note" }, "none")));
  }
  byId("save-marks").addEventListener("click", () => {
    const link = make("a", { href: URL.createObjectURL(new Blob([labels()], { type: "text/csv" })), download: "labels.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
