"use strict";
// The table of removals: searched, sorted, a page at a time; only the rows of that page are in the document.
const PAGE = matchMedia("(max-width: 880px)").matches ? 25 : 50;
const collator = new Intl.Collator(undefined, { numeric: true });
const text = (value) => (one, two) => collator.compare(value(one), value(two));
const heads = [
  { key: "removed", label: "Removed", compare: text(titleOf) },
  { key: "kind", label: "Kind", compare: text(kindOf) },
  { key: "score", label: "Score", numeric: true, compare: (one, two) => column.score[one] - column.score[two] },
  { key: "size", label: "Characters", numeric: true, compare: (one, two) => column.size[one] - column.size[two] },
  { key: "site", label: "Site", compare: text(siteOf) },
  { key: "day", label: "Day", compare: (one, two) => (column.day[one] < column.day[two] ? -1 : +(column.day[one] > column.day[two])) },
  { key: "kept", label: "Kept", compare: text((row) => { const kept = keptOf(row); return kept ? kept[1] || kept[0] : ""; }) },
];
const state = { key: "score", down: false, words: [], kind: "", cluster: -1, at: 0, rows: [] };
const ranks = new Map(); // by column: the place of each row when sorted by it, so that sorting again costs nothing
let haystack = null;

function ranked(key) {
  if (!ranks.has(key)) {
    const { compare } = heads.find((head) => head.key === key);
    const order = Uint32Array.from({ length: count }, (_, row) => row).sort((one, two) => compare(one, two) || one - two);
    const rank = new Uint32Array(count);
    order.forEach((row, place) => { rank[row] = place; });
    ranks.set(key, rank);
  }
  return ranks.get(key);
}

function found(row) {
  if (state.cluster >= 0 && column.of[row] !== state.cluster) return false;
  if (state.kind && kindOf(row) !== state.kind) return false;
  return state.words.every((word) => haystack[row].includes(word));
}

function choose() {
  if (state.words.length && !haystack) {
    haystack = Array.from({ length: count }, (_, row) => {
      const kept = keptOf(row);
      return `${column.title[row]} ${column.name[row]} ${siteOf(row)} ${column.day[row]} ${kindOf(row)} ${kept ? `${kept[0]} ${kept[1]}` : ""}`.toLowerCase();
    });
  }
  const rank = ranked(state.key), sign = state.down ? -1 : 1;
  state.rows = [];
  for (let row = 0; row < count; row++) if (found(row)) state.rows.push(row);
  state.rows.sort((one, two) => sign * (rank[one] - rank[two]));
  state.at = 0;
  draw();
}

function draw() {
  const rows = state.rows.slice(state.at, state.at + PAGE);
  byId("table").tBodies[0].replaceChildren(...rows.map(line));
  for (const cell of byId("table").tHead.rows[0].cells) {
    const sorted = cell.dataset.key === state.key;
    cell.setAttribute("aria-sort", sorted ? (state.down ? "descending" : "ascending") : "none");
  }
  byId("order").value = `${state.key}${state.down ? " down" : ""}`;
  const total = state.rows.length, what = total === count ? `${number.format(count)} removals` : `${number.format(total)} of ${number.format(count)} removals`;
  const cluster = state.cluster < 0 ? "" : ` of what ${page.kept[state.cluster][1] || page.kept[state.cluster][0]} says`;
  byId("found").textContent = `${what}${cluster}`;
  byId("page").textContent = total ? `${number.format(state.at + 1)} to ${number.format(Math.min(state.at + PAGE, total))}` : "none";
  byId("before").disabled = state.at === 0;
  byId("after").disabled = state.at + PAGE >= total;
  byId("clear").hidden = !(state.words.length || state.kind || state.cluster >= 0);
}

function line(row, place) {
  const kept = keptOf(row), at = state.at + place, size = column.size[row];
  const open = make("button", { type: "button", className: "open", "aria-haspopup": "dialog" }, isolated(titleOf(row)));
  open.addEventListener("click", () => openAt(state.rows, at, removal));
  const cell = (label, className, ...children) => make("td", { role: "cell", className, "data-label": label }, ...children);
  const small = (name) => make("small", {}, make("bdi", {}, name));
  return make("tr", { role: "row" },
    make("th", { scope: "row", role: "rowheader", className: "first" }, open, ...(column.title[row] ? [small(column.name[row])] : [])),
    cell("Kind", "", make("span", { className: `tag ${kept ? "row" : "stretch"}` }, kindOf(row))),
    cell("Score", "n", column.score[row].toFixed(3)),
    cell("Characters", "n", size < 0 ? "–" : number.format(size)),
    cell("Site", "", isolated(siteOf(row))),
    cell("Day", "n", column.day[row]),
    cell("Kept", "kept-cell", ...(kept ? [isolated(kept[1] || kept[0]), ...(kept[1] ? [small(kept[0])] : [])] : [make("span", { className: "faint" }, "in the same article")])));
}

function sortBy(key, down) {
  Object.assign(state, { key, down });
  choose();
}

function showCluster(cluster) {
  Object.assign(state, { cluster, words: [], kind: "" });
  byId("search").reset();
  choose();
  byId("removals").scrollIntoView();
  byId("removals").focus({ preventScroll: true });
}

if (count) {
  byId("table").setAttribute("role", "table");
  byId("table").tHead.setAttribute("role", "rowgroup");
  byId("table").tBodies[0].setAttribute("role", "rowgroup");
  byId("table").tHead.rows[0].setAttribute("role", "row");
  for (const { key, label, numeric } of heads) {
    const sort = make("button", { type: "button" }, label);
    sort.addEventListener("click", () => sortBy(key, state.key === key && !state.down));
    byId("table").tHead.rows[0].append(make("th", { scope: "col", role: "columnheader", className: numeric ? "n" : "", "data-key": key }, sort));
    const ends = numeric ? ["lowest first", "highest first"] : key === "day" ? ["earliest first", "latest first"] : ["A to Z", "Z to A"];
    ends.forEach((end, down) => byId("order").append(make("option", { value: `${key}${down ? " down" : ""}` }, `${label}, ${end}`)));
  }
  let due = 0;
  byId("words").addEventListener("input", (event) => {
    clearTimeout(due);
    due = setTimeout(() => { state.words = event.target.value.toLowerCase().split(/\s+/u).filter(Boolean); choose(); }, 120);
  });
  byId("search").addEventListener("submit", (event) => event.preventDefault());
  byId("kind").addEventListener("change", (event) => { state.kind = event.target.value; choose(); });
  byId("order").addEventListener("change", (event) => { const [key, down] = event.target.value.split(" "); sortBy(key, Boolean(down)); });
  byId("clear").addEventListener("click", () => { Object.assign(state, { words: [], kind: "", cluster: -1 }); byId("search").reset(); choose(); byId("words").focus(); });
  const turn = (by) => { state.at += by * PAGE; draw(); byId("removals").scrollIntoView(); };
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  for (const button of document.querySelectorAll("[data-cluster]")) button.addEventListener("click", () => showCluster(Number(button.dataset.cluster)));
  requestAnimationFrame(() => setTimeout(choose)); // after the first paint
}
