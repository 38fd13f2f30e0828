// @ts-check
/**
 * The editor of a bitext. The server holds the beads; the page shows the rows that are scrolled to, keeps a
 * cursor, and sends what the person decides together with the version it has seen.
 */

import { Cut } from "./cut.js";
import { Refusal, alarm, ask, one, say, t } from "./page.js";

/**
 * @typedef {object} State
 * @property {string} version
 * @property {number} total
 * @property {string} strip
 * @property {Record<string, number>} counts how many beads there are of which kind
 * @property {number} undo
 * @property {number} redo
 * @property {string[]} notes
 * @property {string[]} [elsewhere] addresses of other editors with the same bitext
 * @property {Job | null} [job] a realignment of all of a long document
 */

/**
 * @typedef {object} Job
 * @property {number} done
 * @property {number} total
 * @property {boolean} works
 * @property {boolean | null} changed null where it was stopped
 * @property {string} problem
 */

const editor = one("#editor", HTMLElement);
const grid = one("#grid", HTMLElement);
const sheet = one("#sheet", HTMLElement);
const side = one("#side", HTMLElement);
const strip = one("#strip", HTMLCanvasElement);
const help = one("#help", HTMLDialogElement);
const look = one("#look", HTMLFormElement);
const here = `/b/${editor.dataset.number}/`;
const CHUNK = Number(editor.dataset.chunk);
const ROW = 84; // pixels that a row is taken to be high before it is seen

/** @type {State} */
let state = JSON.parse(document.getElementById("state")?.textContent ?? "{}");
/** The bead with the cursor, and in it the segment: side 0 is Chinese. */
let cursor = { bead: -1, index: 0, side: 0, at: 0 };
/** What is being done to the bead with the cursor: an edit, a note or a cut; null while nothing is. */
let writing = /** @type {null | "edit" | "note" | "cut"} */ (null);
let cut = /** @type {Cut | null} */ (null);
/** Where in a text somebody clicked last. */
let caret = /** @type {{node: Node, offset: number} | null} */ (null);
let busy = Promise.resolve();
let panel = "";

// --- what is looked at ---------------------------------------------------------------------------------------

function looking() {
  const data = new FormData(look);
  return { order: String(data.get("order")), only: String(data.get("only")), text: String(data.get("text")) };
}

/** @param {Record<string, string | number>} [more] */
function query(more) {
  return new URLSearchParams(Object.entries({ ...looking(), ...more }).map(([k, v]) => [k, String(v)])).toString();
}

// --- rows, a chunk at a time ---------------------------------------------------------------------------------

/** @type {Set<HTMLElement>} */
const near = new Set();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!(entry.target instanceof HTMLElement)) continue;
      if (entry.isIntersecting) {
        near.add(entry.target);
        if (entry.target.classList.contains("empty")) void load(entry.target);
      } else near.delete(entry.target);
    }
    tidy();
  },
  { root: sheet, rootMargin: "1200px 0px" },
);

function chunks() {
  return /** @type {HTMLElement[]} */ ([...grid.querySelectorAll(".chunk")]);
}

/** Makes as many chunks as there are, those not yet seen empty and about as high as they will be. */
function layOut() {
  const wanted = Math.max(1, Math.ceil(state.total / CHUNK));
  const there = chunks();
  for (const chunk of there.slice(wanted)) {
    watcher.unobserve(chunk);
    near.delete(chunk);
    chunk.remove();
  }
  for (let number = there.length; number < wanted; number++) {
    const chunk = document.createElement("div");
    chunk.className = "chunk empty";
    chunk.setAttribute("role", "rowgroup");
    chunk.dataset.chunk = String(number);
    chunk.style.height = `${Math.min(CHUNK, state.total - number * CHUNK) * ROW}px`;
    grid.append(chunk);
  }
  for (const chunk of chunks()) watcher.observe(chunk);
  grid.setAttribute("aria-rowcount", String(state.total + 1));
  one("#nothing", HTMLElement).hidden = state.total > 0;
}

/** Empties chunks far from what is seen, so that a long document stays light. */
function tidy() {
  const full = chunks().filter((chunk) => !chunk.classList.contains("empty"));
  if (full.length <= 8) return;
  const kept = Math.floor(cursor.index / CHUNK);
  for (const chunk of full) if (!near.has(chunk) && Number(chunk.dataset.chunk) !== kept) empty(chunk);
}

/** @param {HTMLElement} chunk */
function empty(chunk) {
  chunk.style.height = `${chunk.offsetHeight || CHUNK * ROW}px`;
  chunk.classList.add("empty");
  chunk.replaceChildren();
}

/** @param {HTMLElement} chunk */
async function load(chunk) {
  if (chunk.dataset.loading) return;
  chunk.dataset.loading = "1";
  try {
    const answer = await ask(`${here}rows?${query({ chunk: Number(chunk.dataset.chunk) })}`);
    if (answer.version === state.version) fill(chunk, answer.html);
    else await refresh();
  } catch (error) {
    report(error);
  } finally {
    delete chunk.dataset.loading;
  }
}

/**
 * Puts rows into a chunk; what is seen stays where it is, though rows above may be higher than was thought.
 * @param {HTMLElement} chunk
 * @param {string} html
 */
function fill(chunk, html) {
  const above = chunk.getBoundingClientRect().bottom < sheet.getBoundingClientRect().top;
  const before = chunk.offsetHeight;
  chunk.innerHTML = html;
  chunk.classList.remove("empty");
  chunk.style.height = "";
  if (above) sheet.scrollTop += chunk.offsetHeight - before;
  mark();
}

/** @param {number} index */
function chunkOf(index) {
  return /** @type {HTMLElement | undefined} */ (chunks()[Math.floor(index / CHUNK)]);
}

/** @param {number} index */
function rowAt(index) {
  const found = grid.querySelector(`.row[data-index="${index}"]`);
  return found instanceof HTMLElement ? found : null;
}

// --- the cursor ----------------------------------------------------------------------------------------------

/** Shows where the cursor is. */
function mark() {
  for (const row of grid.querySelectorAll(".row.current")) {
    row.classList.remove("current");
    row.setAttribute("tabindex", "-1");
    row.removeAttribute("aria-selected");
  }
  for (const segment of grid.querySelectorAll(".cursor")) segment.classList.remove("cursor");
  const row = rowAt(cursor.index);
  if (!row) return;
  cursor.bead = Number(row.dataset.bead);
  row.classList.add("current");
  row.setAttribute("tabindex", "0");
  row.setAttribute("aria-selected", "true");
  segmentOf(row)?.classList.add("cursor");
}

/** @param {HTMLElement} row */
function segmentOf(row) {
  const segments = segmentsOf(row);
  const onSide = segments.filter((segment) => Number(segment.dataset.side) === cursor.side);
  const found = onSide[Math.min(cursor.at, onSide.length - 1)] ?? segments[0];
  if (found) {
    cursor.side = Number(found.dataset.side);
    cursor.at = Number(found.dataset.at);
  }
  return found;
}

/** @param {HTMLElement} row */
function segmentsOf(row) {
  return /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".segment")]);
}

/**
 * Moves the cursor to a row, which is loaded and scrolled to.
 * @param {number} index
 * @param {boolean} [focus]
 */
async function go(index, focus = true) {
  if (!state.total) return;
  const wanted = Math.min(Math.max(index, 0), state.total - 1);
  if (wanted !== cursor.index) cursor = { bead: -1, index: wanted, side: cursor.side, at: 0 };
  const chunk = chunkOf(wanted);
  if (chunk?.classList.contains("empty")) {
    chunk.scrollIntoView({ block: "start" });
    delete chunk.dataset.loading;
    await load(chunk);
  }
  const row = rowAt(wanted);
  mark();
  if (!row) return;
  if (focus) row.focus({ preventScroll: true });
  reveal(row);
  if (panel === "why") void why();
}

/** Scrolls as little as shows a row with its neighbours.
 * @param {HTMLElement} row */
function reveal(row) {
  const box = row.getBoundingClientRect();
  const room = sheet.getBoundingClientRect();
  const margin = Math.min(90, room.height / 5);
  if (box.top < room.top + margin) sheet.scrollTop -= room.top + margin - box.top;
  else if (box.bottom > room.bottom - margin)
    sheet.scrollTop += Math.min(box.bottom - room.bottom + margin, box.top - room.top - margin);
}

/** How many segments stand on the side with the cursor. */
function segmentsOnSide() {
  const row = rowAt(cursor.index);
  return row ? segmentsOf(row).filter((segment) => Number(segment.dataset.side) === cursor.side).length : 0;
}

/** @param {number} step */
function nextSegment(step) {
  const row = rowAt(cursor.index);
  if (!row) return;
  const segments = segmentsOf(row);
  const at = segments.findIndex((s) => Number(s.dataset.side) === cursor.side && Number(s.dataset.at) === cursor.at);
  const next = segments[Math.min(Math.max(at + step, 0), segments.length - 1)];
  if (!next) return;
  cursor.side = Number(next.dataset.side);
  cursor.at = Number(next.dataset.at);
  mark();
}

// --- what is decided -----------------------------------------------------------------------------------------

/**
 * Sends what is to be done, after all that was sent before it; the answer holds the new rows.
 * @param {string} name
 * @param {object} [more]
 * @returns {Promise<boolean>} whether it was done
 */
function send(name, more) {
  /** @type {Promise<boolean>} */
  const sent = busy.then(() => sending(name, more));
  busy = sent.then(
    () => undefined,
    () => undefined,
  );
  return sent;
}

/**
 * @param {string} name
 * @param {object} [more]
 */
async function sending(name, more) {
  const shown = chunks().filter((chunk) => near.has(chunk) && !chunk.classList.contains("empty"));
  const body = {
    name,
    version: state.version,
    bead: cursor.bead,
    side: cursor.side,
    at: cursor.at,
    look: looking(),
    chunks: shown.map((chunk) => Number(chunk.dataset.chunk)),
    ...more,
  };
  try {
    const answer = await ask(`${here}do`, body);
    progress(answer.job);
    const changed = answer.version !== state.version;
    take(answer);
    if (changed) {
      for (const chunk of chunks())
        if (!shown.includes(chunk) && !chunk.classList.contains("empty")) empty(chunk);
      for (const chunk of shown) if (chunk.isConnected) fill(chunk, answer.chunks[String(chunk.dataset.chunk)] ?? "");
      for (const chunk of near) if (chunk.classList.contains("empty")) void load(chunk);
      const index = answer.index >= 0 ? answer.index : Math.min(cursor.index, Math.max(state.total - 1, 0));
      cursor = { ...cursor, index };
      await go(index);
    }
    alarm("");
    return Boolean(answer.done);
  } catch (error) {
    if (error instanceof Refusal && error.status === 409) {
      await refresh().catch(report);
      alarm(t.changed_elsewhere); // once the page shows it
    } else report(error);
    return false;
  }
}

/** @param {unknown} error */
function report(error) {
  if (!(error instanceof Refusal)) throw error;
  alarm(error.message);
}

/** Takes over a state; what an edit's answer leaves out is asked for when there is time.
 * @param {Partial<State>} answer */
function take(answer) {
  const { version, total, strip: overview, counts, undo, redo, notes } = { ...state, ...answer };
  state = { version, total, strip: overview, counts, undo, redo, notes };
  layOut();
  draw();
  count();
  if (answer.strip === undefined) {
    clearTimeout(later);
    later = window.setTimeout(() => void rest().catch(report), 250);
  }
}
let later = 0;

async function rest() {
  const asked = state.version;
  const answer = await ask(`${here}state?${query()}`);
  if (answer.version === asked && state.version === asked) take(answer);
}

/** Reads everything anew, where the beads are others than the page has. */
async function refresh() {
  const bead = cursor.bead;
  take(await ask(`${here}state?${query()}`));
  for (const chunk of chunks()) if (!chunk.classList.contains("empty")) empty(chunk);
  const found = bead >= 0 ? await ask(`${here}place?${query({ bead })}`) : { index: 0 };
  cursor.index = Math.min(found.index >= 0 ? found.index : cursor.index, Math.max(state.total - 1, 0));
  await go(cursor.index, !isWriting(document.activeElement));
}

/** Every second or so: whether somebody else changed the bitext. */
async function poll() {
  try {
    const asked = state.version;
    const answer = await ask(`${here}state?${query({ version: asked })}`);
    elsewhere(answer.elsewhere);
    progress(answer.job);
    if (answer.version !== asked && !writing) {
      await busy;
      // What was decided here since it was asked says more than this answer does.
      if (state.version === asked) {
        await refresh();
        say(t.refreshed);
      }
    }
    if (offline) {
      offline = false;
      alarm("");
      say(t.online);
    }
  } catch (error) {
    if (error instanceof Refusal) {
      offline = true;
      alarm(error.status === 0 || error.status === 403 ? t.offline : error.message);
    }
  }
  window.setTimeout(poll, document.hidden ? 4000 : 1200);
}
let offline = false;

let works = false;
/** Shows how far the realignment of a long document is, and says when it is done.
 * @param {Job | null} job */
function progress(job) {
  const place = one("#job", HTMLElement);
  place.hidden = !job?.works;
  if (job?.works) {
    one("#job progress", HTMLProgressElement).max = job.total;
    one("#job progress", HTMLProgressElement).value = job.done;
    one("#job .figure", HTMLElement).textContent = `${job.done} / ${job.total}`;
  } else if (works && job) {
    if (job.problem) alarm(job.problem);
    else say(job.changed === null ? t.stopped : job.changed ? t.realigned : t.nothing_realigned);
  }
  works = Boolean(job?.works);
}

/** Says which other editors have the same bitext open.
 * @param {string[]} addresses */
function elsewhere(addresses) {
  const notice = one("#elsewhere", HTMLElement);
  const text = addresses.length ? `${t.open_elsewhere}: ${addresses.join(", ")}` : "";
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = !text;
}

function count() {
  const { counts } = state;
  const parts = [[counts.all, t.count_beads], [counts.decided, t.count_decided], [counts.doubt, t.count_doubt], [counts.null, t.count_null]];
  const shown = state.total === counts.all ? "" : `${state.total} ${t.count_shown} · `;
  one("#counts", HTMLElement).textContent = shown + parts.map(([n, name]) => `${n} ${name}`).join(" · ");
  for (const name of ["undo", "redo"]) {
    const button = editor.querySelector(`[data-do="${name}"]`);
    if (button instanceof HTMLButtonElement) button.setAttribute("aria-disabled", String(!(name === "undo" ? state.undo : state.redo)));
  }
}

// --- the overview --------------------------------------------------------------------------------------------

function draw() {
  const pen = strip.getContext("2d");
  if (!pen) return;
  const scale = window.devicePixelRatio || 1;
  strip.width = 14 * scale;
  strip.height = strip.clientHeight * scale;
  const style = getComputedStyle(document.documentElement);
  /** @type {Record<string, string>} */
  const names = { l: "--low", r: "--rejected", n: "--null", d: "--doubt", a: "--decided" };
  const high = strip.height / Math.max(state.strip.length, 1);
  [...state.strip].forEach((letter, at) => {
    if (!names[letter]) return;
    pen.fillStyle = style.getPropertyValue(names[letter]);
    pen.globalAlpha = letter === "a" ? 0.45 : 1;
    pen.fillRect(3 * scale, at * high, 8 * scale, Math.max(high, 1.5 * scale));
  });
  pen.globalAlpha = 1;
  pen.strokeStyle = style.getPropertyValue("--focus");
  pen.lineWidth = scale;
  const first = sheet.scrollTop / Math.max(sheet.scrollHeight, 1);
  const shown = sheet.clientHeight / Math.max(sheet.scrollHeight, 1);
  pen.strokeRect(scale, first * strip.height + scale, 12 * scale, Math.max(shown * strip.height - 2 * scale, 4 * scale));
}

// --- writing: edits and notes --------------------------------------------------------------------------------

/** @param {Element | null} element */
function isWriting(element) {
  if (element instanceof HTMLInputElement) return element.type !== "checkbox";
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

/** @param {string} text @param {string} label */
function area(text, label) {
  const made = document.createElement("textarea");
  made.value = text;
  made.rows = Math.max(1, Math.ceil(text.length / 40));
  made.setAttribute("aria-label", label);
  made.spellcheck = false;
  return made;
}

/** @param {"edit" | "note"} what */
function write(what) {
  const row = rowAt(cursor.index);
  if (!row || writing) return;
  writing = what;
  /** @type {HTMLTextAreaElement[]} */
  const areas = [];
  if (what === "edit") {
    for (const segment of segmentsOf(row)) {
      const made = area(segment.textContent ?? "", segment.dataset.side === "0" ? t.chinese : t.vietnamese);
      made.dataset.side = segment.dataset.side;
      segment.replaceWith(made);
      areas.push(made);
      if (Number(segment.dataset.side) === cursor.side && Number(segment.dataset.at) === cursor.at) made.dataset.first = "1";
    }
  } else {
    const made = area(row.dataset.note ?? "", t.note);
    row.querySelector(".side-1")?.append(made);
    areas.push(made);
  }
  addTools(row, t.save);
  const first = areas.find((made) => made.dataset.first) ?? areas[0];
  first?.focus();
  reveal(row);
}

/** Buttons to save or leave what is being written, and a line that tells the keys.
 * @param {HTMLElement} row @param {string} label @param {string} [hint] */
function addTools(row, label, hint) {
  const tools = document.createElement("div");
  tools.className = "writing-tools";
  for (const [name, text] of [["save", label], ["cancel", t.cancel]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.do = name;
    button.textContent = text;
    tools.append(button);
  }
  if (hint) {
    const line = document.createElement("span");
    line.className = "small";
    line.textContent = hint;
    tools.append(line);
  }
  row.querySelector(".side-1")?.append(tools);
}

async function save() {
  if (writing === "cut") return saveCut();
  const row = rowAt(cursor.index);
  if (!writing || !row) return;
  const areas = /** @type {HTMLTextAreaElement[]} */ ([...row.querySelectorAll("textarea")]);
  const texts = ["0", "1"].map((name) => areas.filter((made) => made.dataset.side === name).map((made) => made.value));
  const what = writing;
  const done = await send(what, what === "edit" ? { texts } : { note: areas[0]?.value.trim() ?? "" });
  if (done) {
    writing = null;
    say(t.saved);
    rowAt(cursor.index)?.focus({ preventScroll: true });
  } else if (!areas[0]?.isConnected) {
    // The bead was changed elsewhere and its row drawn anew: what was written is put back into it.
    writing = null;
    write(what);
    const again = /** @type {HTMLTextAreaElement[]} */ ([...(rowAt(cursor.index)?.querySelectorAll("textarea") ?? [])]);
    if (again.length === areas.length) again.forEach((made, at) => (made.value = areas[at].value));
  }
}

/** Where the text is to be cut is shown, moved, and sent when it stands right. */
function startCut() {
  const row = rowAt(cursor.index);
  if (!row || writing) return;
  writing = "cut";
  cut = new Cut(row, cursor.side, cursor.at, caret);
  addTools(row, t.cut_here, t.cut_hint);
  row.focus({ preventScroll: true });
  reveal(row);
  say(cut.spoken());
}

async function saveCut() {
  if (!cut) return;
  const cursors = cut.cursors();
  if (await send("split", { cursors })) say(t.saved);
  else if (rowAt(cursor.index)?.querySelector(".cut")) return;
  writing = cut = null;
}

/** @param {KeyboardEvent} event */
function cutKey(event) {
  if (!cut || event.target instanceof HTMLButtonElement) return;
  const unit = event.ctrlKey || event.metaKey || event.altKey ? "clause" : "word";
  if (event.key === "Enter") void saveCut();
  else if (event.key === "ArrowLeft") cut.move(-1, unit);
  else if (event.key === "ArrowRight") cut.move(1, unit);
  else if (event.key === "Home") cut.move(-1, "end");
  else if (event.key === "End") cut.move(1, "end");
  else if (["Tab", "ArrowUp", "ArrowDown"].includes(event.key)) cut.turn();
  else return;
  event.preventDefault();
  if (event.key !== "Enter") say(cut.spoken());
}

async function cancel() {
  cut?.remove();
  writing = cut = null;
  const chunk = chunkOf(cursor.index);
  if (chunk) await load(chunk);
  rowAt(cursor.index)?.focus({ preventScroll: true });
}

// --- panels --------------------------------------------------------------------------------------------------

let asked = 0;
async function why() {
  panel = "why";
  side.hidden = false;
  const mine = ++asked;
  await new Promise((resolve) => window.setTimeout(resolve, 60)); // the cursor may be moving on
  if (mine !== asked) return;
  if (!side.textContent) side.textContent = t.weighing;
  try {
    const html = await ask(`${here}why?bead=${cursor.bead}`);
    if (mine !== asked || panel !== "why") return;
    side.innerHTML = html;
    alarm("");
  } catch (error) {
    if (mine === asked && error instanceof Refusal) side.textContent = error.message;
  }
  const ruby = side.querySelector("#ruby");
  if (ruby instanceof HTMLInputElement) {
    ruby.checked = localStorage.getItem("aligner-ruby") === "1";
    side.classList.toggle("with-ruby", ruby.checked);
  }
}

async function exportsPanel() {
  panel = "exports";
  side.hidden = false;
  side.innerHTML = await ask(`${here}exports`);
}

function closePanel() {
  panel = "";
  asked++;
  side.hidden = true;
  side.replaceChildren();
  rowAt(cursor.index)?.focus({ preventScroll: true });
}

/** Lights up what a word is linked with.
 * @param {Event} event */
function light(event) {
  const target = event.target instanceof Element ? event.target.closest("[data-links]") : null;
  const links = new Set(target instanceof HTMLElement ? (target.dataset.links ?? "").split(" ") : []);
  for (const word of side.querySelectorAll("[data-links]"))
    if (word instanceof HTMLElement)
      word.classList.toggle("lit", (word.dataset.links ?? "").split(" ").some((link) => links.has(link)));
}
for (const name of ["mouseover", "focusin"]) side.addEventListener(name, light);
side.addEventListener("mouseleave", light);
side.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.id !== "ruby") return;
  localStorage.setItem("aligner-ruby", event.target.checked ? "1" : "0");
  side.classList.toggle("with-ruby", event.target.checked);
});

// --- terms from a selection ----------------------------------------------------------------------------------

/** What was selected last on either side. */
const selected = { 0: "", 1: "" };
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const cell = selection?.anchorNode?.parentElement?.closest(".row .segment");
  const text = selection?.toString().trim() ?? "";
  if (!(cell instanceof HTMLElement) || !text || text.length > 80) return;
  selected[cell.dataset.side === "1" ? 1 : 0] = text;
});

async function addTerm() {
  if (!selected[0] || !selected[1]) {
    say(t.add_term_hint);
    return;
  }
  try {
    await ask("/glossary/do", { name: "add", zh: selected[0], vi: selected[1] });
    say(`${t.term_added}: ${selected[0]} · ${selected[1]}`);
    selected[0] = selected[1] = "";
  } catch (error) {
    report(error);
  }
}

// --- what keys and buttons do --------------------------------------------------------------------------------

/** @param {string} name @param {string} said */
async function back(name, said) {
  const done = await send(name);
  if (done) say(said);
  else if (one("#alarm", HTMLElement).hidden) say(name === "undo" ? t.nothing_undo : t.nothing_redo);
}

/** @param {string} name */
async function realign(name) {
  say(t.weighing);
  const done = await send(name);
  if (one("#alarm", HTMLElement).hidden && !works) say(done ? t.realigned : t.nothing_realigned);
}

/** @param {string} name */
async function decideAndGoOn(name) {
  const index = cursor.index;
  const bead = cursor.bead;
  if (!(await send(name))) return;
  say(t.saved);
  // In a filter the bead may be gone from its place, and the next one stands there.
  if (rowAt(index)?.dataset.bead === String(bead)) await go(index + 1);
}

async function nextDoubt() {
  const found = await ask(`${here}place?${query({ after: cursor.index })}`);
  if (found.index >= 0) await go(found.index);
  else say(t.nothing_doubtful);
}

/** @param {string} name */
async function simple(name) {
  if (await send(name)) say(t.saved);
}

async function checkAll() {
  say(t.weighing);
  try {
    const found = await ask(`${here}check`, {});
    await refresh();
    say(`${found.findings} ${t.finding}`);
  } catch (error) {
    report(error);
  }
}

/** @type {Record<string, () => unknown>} */
const commands = {
  next: () => go(cursor.index + 1),
  previous: () => go(cursor.index - 1),
  first: () => go(0),
  last: () => go(state.total - 1),
  left: () => nextSegment(-1),
  right: () => nextSegment(1),
  doubt: nextDoubt,
  accept: () => decideAndGoOn("accept"),
  reject: () => decideAndGoOn("reject"),
  reset: () => simple("reset"),
  edit: () => busy.then(() => write("edit")),
  note: () => busy.then(() => write("note")),
  save,
  cancel,
  pin: () => simple(rowAt(cursor.index)?.dataset.pinned === "1" ? "unpin" : "pin"),
  merge: () => simple("merge"),
  // Between segments where there are several; else within the one there is.
  split: () => (segmentsOnSide() > 1 ? simple("split") : busy.then(startCut)),
  cut: () => busy.then(startCut),
  up: () => simple("up"),
  down: () => simple("down"),
  null: () => simple("null"),
  realign: () => realign("realign"),
  realign_all: () => realign("realign_all"),
  realign_stop: () => send("realign_stop"),
  undo: () => back("undo", t.undone),
  redo: () => back("redo", t.redone),
  why: () => (panel === "why" ? closePanel() : why()),
  check: checkAll,
  term: addTerm,
  help: () => (help.open ? help.close() : help.showModal()),
  search: () => one("#look [name=text]", HTMLInputElement).select(),
  filter: () => one("#look [name=only]", HTMLSelectElement).focus(),
  order: () => {
    const choice = one("#look [name=order]", HTMLSelectElement);
    choice.value = choice.value === "worst" ? "document" : "worst";
    return lookAgain();
  },
};

/** @type {Record<string, string>} */
const keys = {
  j: "next", ArrowDown: "next", k: "previous", ArrowUp: "previous", Home: "first", End: "last",
  ArrowLeft: "left", ArrowRight: "right", d: "doubt", a: "accept", x: "reject", r: "reset", e: "edit",
  Enter: "edit", n: "note", p: "pin", m: "merge", s: "split", S: "cut", "[": "up", "]": "down", 0: "null",
  g: "realign", G: "realign_all", z: "undo", y: "redo", w: "why", c: "check", t: "term", "?": "help",
  "/": "search", f: "filter", o: "order",
}; // prettier-ignore

/** @param {KeyboardEvent} event */
function commandOf(event) {
  if (event.shiftKey && event.key === "ArrowUp") return "up";
  if (event.shiftKey && event.key === "ArrowDown") return "down";
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : undefined;
  }
  if (event.altKey) return undefined;
  return keys[event.key] ?? keys[event.key.toLowerCase()];
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || help.open) return;
  if (writing && event.key === "Escape") {
    event.preventDefault();
    void cancel();
    return;
  }
  if (writing === "cut") {
    cutKey(event);
    return;
  }
  if (event.target instanceof HTMLTextAreaElement) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
    else return;
    event.preventDefault();
    return;
  }
  if (isWriting(event.target instanceof Element ? event.target : null)) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    rowAt(cursor.index)?.focus();
    return;
  }
  const onButton = event.target instanceof Element && event.target.closest("button, a, [role=button]");
  if (onButton && (event.key === "Enter" || event.key === " ")) return;
  if (event.key === "Escape" && panel) {
    closePanel();
    return;
  }
  const name = commandOf(event);
  if (!name) return;
  event.preventDefault();
  run(name);
});

/** @param {string} name */
function run(name) {
  if (writing && name !== "save" && name !== "cancel") {
    say(t.unsaved);
    return;
  }
  void Promise.resolve(commands[name]?.()).catch(report);
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("[data-do], [data-panel]");
  if (button instanceof HTMLElement) {
    if (button.dataset.do) run(button.dataset.do);
    else if (panel === "exports") closePanel();
    else void exportsPanel().catch(report);
    return;
  }
  const row = event.target.closest(".row");
  const place = clickedPlace();
  if (cut && place && row?.contains(place.node)) {
    if (cut.put(place.node, place.offset)) say(cut.spoken());
    return;
  }
  if (!(row instanceof HTMLElement) || writing) return;
  caret = place;
  const segment = event.target.closest(".segment");
  if (segment instanceof HTMLElement) {
    cursor.side = Number(segment.dataset.side);
    cursor.at = Number(segment.dataset.at);
  }
  const { side: onSide, at } = cursor;
  const index = Number(row.dataset.index);
  cursor = { bead: Number(row.dataset.bead), index, side: onSide, at };
  void go(index, !document.getSelection()?.toString());
});

/** Where in a text a click was, unless something was selected with it. */
function clickedPlace() {
  const selection = document.getSelection();
  const node = selection?.isCollapsed ? selection.anchorNode : null;
  return node && selection && node.parentElement?.closest(".row .segment") ? { node, offset: selection.anchorOffset } : null;
}

grid.addEventListener("dblclick", (event) => {
  if (event.target instanceof Element && event.target.closest(".segment") && event.altKey) run("edit");
});

/** Shows what was chosen, from its beginning, the cursor where it was if it is there. */
async function lookAgain() {
  if (writing) {
    say(t.unsaved);
    return;
  }
  history.replaceState(null, "", `${here}?${query()}`);
  try {
    await refresh();
    alarm("");
  } catch (error) {
    report(error);
  }
}

let typing = 0;
look.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement) void lookAgain();
});
look.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLInputElement)) return;
  clearTimeout(typing);
  typing = window.setTimeout(() => void lookAgain(), 200);
});
look.addEventListener("submit", (event) => {
  event.preventDefault();
  rowAt(cursor.index)?.focus();
});

strip.addEventListener("click", (event) => {
  const box = strip.getBoundingClientRect();
  void go(Math.floor(((event.clientY - box.top) / box.height) * state.total));
});
sheet.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
window.addEventListener("resize", draw);
document.addEventListener("theme", draw);
window.addEventListener("beforeunload", (event) => {
  if (writing) event.preventDefault();
});

layOut();
count();
draw();
elsewhere(state.elsewhere ?? []);
progress(state.job ?? null);
for (const note of state.notes) say(note);
const named = /^#bead-(\d+)$/.exec(location.hash);
if (named) {
  void ask(`${here}place?${query({ bead: Number(named[1]) })}`).then((found) => go(Math.max(found.index, 0)));
} else void go(0);
window.setTimeout(poll, 1200);
