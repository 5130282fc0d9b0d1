"use strict";
// What the page holds: the removals by columns, and their texts in packed pieces that are unpacked when one is opened.
const page = JSON.parse(document.getElementById("data").textContent);
const column = page.columns;
const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");

// An element with properties, attributes (by a name with a hyphen, or role) and children; texts are only ever text.
function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "scope") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

const scripts = {
  ja: /[\u3040-\u30ff]/g, ko: /[\uac00-\ud7af\u1100-\u11ff]/g, zh: /[\u4e00-\u9fff\u3400-\u4dbf]/g, ar: /[\u0600-\u06ff\u0750-\u077f]/g,
  he: /[\u0590-\u05ff]/g, hi: /[\u0900-\u097f]/g, bn: /[\u0980-\u09ff]/g, ta: /[\u0b80-\u0bff]/g, th: /[\u0e00-\u0e7f]/g,
  el: /[\u0370-\u03ff]/g, ru: /[\u0400-\u04ff]/g,
};

// The language whose script a tenth of the text is in, as languages.py has it.
function language(text) {
  const begin = text.slice(0, 400);
  for (const [name, letters] of Object.entries(scripts)) if ((begin.match(letters) || []).length * 10 > begin.length) return name;
  return "";
}

function isolated(text) {
  return make("bdi", { lang: language(text) }, text);
}

const count = column ? column.kind.length : 0;
const kindOf = (row) => page.kinds[column.kind[row]];
const siteOf = (row) => page.sites[column.site[row]];
const titleOf = (row) => column.title[row] || column.name[row];
const keptOf = (row) => (column.of[row] < 0 ? null : page.kept[column.of[row]]);

const pieces = new Map();

// The texts of a removal, [removed, kept]; null where the page does not have them.
async function textsOf(row) {
  const piece = column.piece[row];
  if (piece < 0) return null;
  if (!pieces.has(piece)) pieces.set(piece, unpacked(byId(`piece${piece}`).textContent));
  const texts = (await pieces.get(piece))[column.number[row]];
  return texts.length === 1 ? [texts[0], texts[0]] : texts;
}

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}
