// @ts-check
/**
 * Where a bead is cut: a mark in the text of either side, moved by words, clauses and segments.
 *
 * One side leads. The other one follows to where about as much text stands before, at the end of a clause if
 * there is one near, until somebody moves it too.
 */

const TOKEN = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+(?:[.,]\p{N}+)*|\S/gu;
/** What belongs to the text before it. */
const CLOSING = /^[\p{Pe}\p{Pf},.;:!?，。；：！？、…%]$/u;
const CLAUSE = /[,.;:!?，。；：！？、…—–][\p{Pe}\p{Pf}"']*\s*$/u;
/** As much further off may the end of a clause be than a place within one, as part of the text. */
const PATIENCE = 0.12;

/**
 * A place where a side can be cut.
 * @typedef {object} Stop
 * @property {number} at which segment
 * @property {number} units offset in its text as the page counts
 * @property {number} characters offset as the server counts: characters, line ends left out
 * @property {number} share how much of the side's text stands before
 * @property {boolean} clause whether a clause or a segment ends before it
 */

/** @param {string} text */
function count(text) {
  return [...text.replace(/[\r\n]/g, "")].length;
}

/** @param {HTMLElement[]} segments */
function stopsOf(segments) {
  /** @type {Stop[]} */
  const stops = [];
  let before = 0;
  segments.forEach((segment, at) => {
    const text = segment.textContent ?? "";
    let isFirst = true;
    for (const match of text.matchAll(TOKEN)) {
      const [token, index] = [match[0], match.index ?? 0];
      if (!isFirst && CLOSING.test(token)) continue;
      const units = isFirst ? 0 : index;
      const clause = isFirst || CLAUSE.test(text.slice(Math.max(index - 6, 0), index));
      stops.push({ at, units, characters: count(text.slice(0, units)), share: before + units, clause });
      isFirst = false;
    }
    before += text.length;
  });
  stops.push({ at: segments.length, units: 0, characters: 0, share: before, clause: true });
  for (const stop of stops) stop.share /= before || 1;
  return stops;
}

export class Cut {
  /**
   * @param {HTMLElement} row the bead
   * @param {number} side the side that leads
   * @param {number} at the segment with the cursor
   * @param {{node: Node, offset: number} | null} caret where somebody clicked last
   */
  constructor(row, side, at, caret) {
    const segments = /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".segment")]);
    this.segments = [0, 1].map((s) => segments.filter((segment) => Number(segment.dataset.side) === s));
    this.stops = this.segments.map(stopsOf);
    this.side = this.segments[side]?.length ? side : 1 - side;
    this.follows = true;
    this.marks = [0, 1].map(() => {
      const mark = document.createElement("span");
      mark.className = "cut";
      mark.setAttribute("aria-hidden", "true");
      return mark;
    });
    /** Which stop each side is cut at. */
    this.places = [0, 0];
    const clicked = caret && this.segments[this.side].find((segment) => segment.contains(caret.node));
    if (caret && clicked && this.put(caret.node, caret.offset)) return;
    this.places[this.side] = this.middle(at);
    this.follow();
    this.draw();
  }

  /** The end of a clause nearest to the middle of a segment.
   * @param {number} at */
  middle(at) {
    const stops = this.stops[this.side];
    const own = stops.map((stop, index) => ({ stop, index })).filter(({ stop }) => stop.at === at);
    const next = stops.find((stop) => stop.at === at + 1);
    const middle = ((own[0]?.stop.share ?? 0) + (next?.share ?? 1)) / 2;
    return nearest(stops, middle, own.length > 1 ? own.slice(1).map(({ index }) => index) : undefined);
  }

  /** Brings the other side to where about as much of the text stands before. */
  follow() {
    const other = 1 - this.side;
    const lead = this.stops[this.side][this.places[this.side]];
    if (lead && this.follows && this.segments[other].length) this.places[other] = nearest(this.stops[other], lead.share);
  }

  /** @param {number} step @param {"word" | "clause" | "end"} unit */
  move(step, unit) {
    const stops = this.stops[this.side];
    const inside = (/** @type {number} */ place) => Math.min(Math.max(place, 0), stops.length - 1);
    let place = inside(this.places[this.side] + step);
    if (unit === "end") place = inside(step * stops.length);
    while (unit === "clause" && place > 0 && place < stops.length - 1 && !stops[place].clause) place += step;
    this.places[this.side] = place;
    this.follow();
    this.draw();
  }

  /** Goes on with the other side, which stays where it is put from now on. */
  turn() {
    if (!this.segments[1 - this.side].length) return;
    this.side = 1 - this.side;
    this.follows = false;
    this.draw();
  }

  /**
   * Puts the cut where somebody clicked.
   * @param {Node} node
   * @param {number} offset
   */
  put(node, offset) {
    const side = this.segments.findIndex((segments) => segments.some((segment) => segment.contains(node)));
    if (side < 0) return false;
    const at = this.segments[side].findIndex((segment) => segment.contains(node));
    const range = document.createRange();
    range.selectNodeContents(this.segments[side][at]);
    range.setEnd(node, offset);
    const units = range.toString().length;
    if (side !== this.side) this.turn();
    const stops = this.stops[side];
    const far = stops.map((stop) => (stop.at === at ? Math.abs(stop.units - units) : Infinity));
    this.places[side] = far.indexOf(Math.min(...far));
    this.follow();
    this.draw();
    return true;
  }

  /** What the server is told: on either side the segment, and after how many of its characters. */
  cursors() {
    return this.stops.map((stops, side) => [stops[this.places[side]].at, stops[this.places[side]].characters]);
  }

  /** The text around the cut on the side that leads, for who cannot see it. */
  spoken() {
    const { at, units } = this.stops[this.side][this.places[this.side]];
    const texts = this.segments[this.side].map((segment) => segment.textContent ?? "");
    const before = (texts[at] ?? "").slice(0, units) || texts[at - 1] || "";
    const behind = (texts[at] ?? "").slice(units);
    return `… ${before.trim().slice(-14)} ✂ ${behind.trim().slice(0, 14)} …`;
  }

  draw() {
    this.remove();
    this.marks.forEach((mark, side) => {
      const segments = this.segments[side];
      if (!segments.length) return;
      const { at, units } = this.stops[side][this.places[side]];
      const segment = segments[Math.min(at, segments.length - 1)];
      mark.classList.toggle("leads", side === this.side);
      insert(mark, segment, at < segments.length ? units : (segment.textContent ?? "").length);
    });
  }

  remove() {
    for (const mark of this.marks) {
      const parent = mark.parentElement;
      mark.remove();
      parent?.normalize();
    }
  }
}

/**
 * The stop nearest to a share of the text, rather at the end of a clause, and not at either end if possible.
 * @param {Stop[]} stops
 * @param {number} share
 * @param {number[]} [among]
 */
function nearest(stops, share, among) {
  let best = Math.min(1, stops.length - 1);
  let least = Infinity;
  for (const index of among ?? stops.keys()) {
    const isEnd = index === 0 || index === stops.length - 1;
    const far = Math.abs(stops[index].share - share) + (stops[index].clause ? 0 : PATIENCE) + (isEnd ? 1 : 0);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

/** @param {HTMLElement} mark @param {HTMLElement} segment @param {number} units */
function insert(mark, segment, units) {
  const walker = document.createTreeWalker(segment, NodeFilter.SHOW_TEXT);
  let left = units;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left <= length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.insertNode(mark);
      return;
    }
    left -= length;
  }
  segment.append(mark);
}
