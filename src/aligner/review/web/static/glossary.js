// @ts-check
/** The glossary: an entry is shown beside the list, and decided on there. */

import { Refusal, alarm, ask, one, say, t } from "./page.js";

const place = document.getElementById("entry");
let current = "";

function entryRows() {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#entries [data-entry]")]);
}

/** @param {string} id */
async function show(id) {
  if (!place) return;
  current = id;
  document.querySelectorAll("#entries tr").forEach((row) => {
    if (row instanceof HTMLElement) row.classList.toggle("current", row.dataset.id === id);
  });
  try {
    place.innerHTML = await ask(`/glossary/entry?id=${encodeURIComponent(id)}`);
    alarm("");
  } catch (error) {
    if (error instanceof Refusal) alarm(error.message);
  }
}

/**
 * Decides something about the entry that is shown.
 * @param {string} name
 * @param {object} [more]
 */
async function decide(name, more) {
  const isBack = name === "undo" || name === "redo";
  if (!current && !isBack) return;
  const shown = document.querySelector("#entry .tools") ?? one("#glossary", HTMLElement);
  const version = shown instanceof HTMLElement ? shown.dataset.version : "";
  try {
    const answer = await ask("/glossary/do", { name, id: current, version, ...more });
    if (!answer.done) {
      say(name === "undo" ? t.nothing_undo : t.nothing_redo);
      return;
    }
    sessionStorage.setItem("aligner-entry", answer.id);
    sessionStorage.setItem("aligner-row", String(entryRows().findIndex((row) => row.dataset.entry === answer.id)));
    sessionStorage.setItem("aligner-said", name === "undo" ? t.undone : name === "redo" ? t.redone : t.saved);
    location.reload();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    alarm(error.status === 409 ? t.glossary_changed : error.message);
    if (error.status === 409) {
      const said = t.glossary_changed;
      await show(current);
      alarm(said);
    }
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("button") : null;
  if (target?.dataset.entry) void show(target.dataset.entry);
  else if (target?.dataset.do) void decide(target.dataset.do);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.id) return;
  event.preventDefault();
  void decide(form.id === "merge-form" ? "merge" : "edit", Object.fromEntries(new FormData(form)));
});

/** @type {Record<string, string>} */
const keys = { a: "approved", d: "deprecated", x: "rejected", r: "candidate", z: "undo", y: "redo" };
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
  if (event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    void decide(key === "y" || event.shiftKey ? "redo" : "undo");
    return;
  }
  const rows = entryRows();
  const at = rows.findIndex((row) => row.dataset.entry === current);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (next?.dataset.entry) {
      event.preventDefault();
      next.focus();
      void show(next.dataset.entry);
    }
  } else if (keys[event.key]) {
    event.preventDefault();
    void decide(keys[event.key]);
  }
});

const before = sessionStorage.getItem("aligner-entry");
sessionStorage.removeItem("aligner-entry");
const said = sessionStorage.getItem("aligner-said");
sessionStorage.removeItem("aligner-said");
if (said) say(said);
if (before) {
  // Where a decision took an entry out of what is listed, the one that stands in its place is next.
  const rows = entryRows();
  const place = Number(sessionStorage.getItem("aligner-row") ?? -1);
  const row = rows.find((one) => one.dataset.entry === before) ?? (place < 0 ? undefined : rows[Math.min(place, rows.length - 1)]);
  if (row?.dataset.entry) {
    row.focus();
    void show(row.dataset.entry);
  }
}
