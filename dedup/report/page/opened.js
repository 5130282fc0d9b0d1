"use strict";
// A removal, or a pair about the threshold, opened: its facts, its place in the article, both texts side by side.
const dialog = byId("opened");
const opened = { list: [], at: 0, show: null, ticket: 0 };
const SVG = "http://www.w3.org/2000/svg";

// `show(item)` gives what is to be shown of an item of the list.
function openAt(list, at, show) {
  Object.assign(opened, { list, at, show });
  if (!dialog.open) { // what was opened before is not seen again while the texts are unpacked
    for (const part of ["opened-title", "opened-facts", "opened-arcs", "opened-mark", "left-title", "right-title", "left", "right"]) byId(part).replaceChildren();
    dialog.showModal();
  }
  fill();
}

async function fill() {
  const ticket = ++opened.ticket;
  const told = await opened.show(opened.list[opened.at]);
  if (ticket !== opened.ticket) return; // another one was asked for meanwhile
  byId("opened-title").replaceChildren(isolated(told.title));
  byId("opened-facts").replaceChildren(...told.facts.flatMap((fact, i) => (i ? [" · ", fact] : [fact])));
  byId("opened-arcs").replaceChildren(...(told.arcs ? [arcs(told.arcs)] : []));
  byId("opened-mark").replaceChildren(...(told.marks || []));
  byId("opened-mark").hidden = !told.marks;
  byId("left-title").replaceChildren(...told.names[0]);
  byId("right-title").replaceChildren(...told.names[1]);
  byId("opened-key").hidden = !told.texts;
  const sides = told.texts ? compared(...told.texts) : [[], []];
  ["left", "right"].forEach((side, i) => {
    const box = byId(side);
    box.lang = told.texts ? language(told.texts[i]) : "";
    box.replaceChildren(...(told.texts ? sides[i].map((part) => drawn(part, i)) : [make("em", {}, told.missing)]));
    box.scrollTop = 0;
  });
  byId("earlier").disabled = opened.at === 0;
  byId("later").disabled = opened.at === opened.list.length - 1;
  byId("opened-title").focus();
}

function drawn(part, side) {
  if (part.sort === "gap") return document.createTextNode(part.text);
  if (part.sort === "eq") return make("span", { className: "eq", "data-run": part.run }, part.text);
  return make(side ? "ins" : "del", {}, part.text);
}

// Bands from the removed stretches to the kept ones, the opened one in front.
function arcs({ spans, current, length }) {
  const wide = 560, high = 70, scale = wide / Math.max(length, 1);
  const picture = document.createElementNS(SVG, "svg");
  const put = (tag, attributes) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    picture.append(made);
  };
  picture.setAttribute("viewBox", `0 0 ${wide} ${high + 10}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `The removed stretch, characters ${number.format(spans[current][0])} to ${number.format(spans[current][1])} of ${number.format(length)}, and the kept one, ${number.format(spans[current][2])} to ${number.format(spans[current][3])}`);
  put("rect", { class: "article", x: 0, y: high, width: wide, height: 8, rx: 2 });
  const order = [...spans.keys()].sort((one, two) => (one === current) - (two === current));
  for (const i of order) {
    const [a, b, c, d] = spans[i].map((value) => value * scale);
    const gone = [a, Math.max(b, a + 2)], kept = [c, Math.max(d, c + 2)];
    const [first, second] = a < c ? [gone, kept] : [kept, gone];
    const inner = [first[1], Math.max(second[0], first[1])], rise = ((high - 2) * 4) / 3;
    const low = rise * Math.min(1, 0.2 + (0.6 * (inner[1] - inner[0])) / Math.max(second[1] - first[0], 1));
    const path = `M${first[0]},${high} C${first[0]},${high - rise} ${second[1]},${high - rise} ${second[1]},${high} L${inner[1]},${high} C${inner[1]},${high - low} ${inner[0]},${high - low} ${inner[0]},${high} Z`;
    put("path", { class: i === current ? "band now" : "band", d: path });
    put("rect", { class: "removed", x: gone[0], y: high, width: gone[1] - gone[0], height: 8 });
    put("rect", { class: "kept", x: kept[0], y: high, width: kept[1] - kept[0], height: 8 });
  }
  return picture;
}

// A removal of the table.
async function removal(row) {
  const kept = keptOf(row), size = column.size[row];
  const facts = [make("b", {}, kindOf(row)), `score ${column.score[row].toFixed(4)}`];
  if (size >= 0) facts.push(`${number.format(size)} characters`);
  if (siteOf(row)) facts.push(isolated(siteOf(row)));
  if (column.day[row]) facts.push(column.day[row]);
  const told = { title: titleOf(row), facts, texts: await textsOf(row), names: [["Removed: ", isolated(column.name[row])], ["Kept: ", isolated(kept ? kept[0] : "in the same article")]] };
  told.missing = `The text is not in this page: dedup explain removed.jsonl ${column.name[row]} shows it.`;
  if (!kept) {
    let from = row, to = row + 1;
    while (from > 0 && column.place[from - 1] === column.place[row]) from--;
    while (to < count && column.place[to] === column.place[row]) to++;
    told.arcs = { spans: column.span.slice(from, to), current: row - from, length: column.length[row] };
    const [a, b, c, d] = column.span[row].map((value) => number.format(value));
    told.names = [[`Removed: characters ${a} to ${b}`], [`Kept: characters ${c} to ${d}`]];
  }
  return told;
}

const step = (by) => { opened.at = Math.min(Math.max(opened.at + by, 0), opened.list.length - 1); fill(); };
byId("earlier").addEventListener("click", () => step(-1));
byId("later").addEventListener("click", () => step(1));
byId("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

// What is the same in the other text is shown there, too.
for (const side of ["left", "right"]) {
  byId(side).addEventListener("pointerover", (event) => {
    const run = event.target.dataset?.run;
    for (const part of dialog.querySelectorAll(".eq")) part.classList.toggle("here", run !== undefined && part.dataset.run === run);
  });
}
