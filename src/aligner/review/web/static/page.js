// @ts-check
/** What every page does: light or dark, files opened or dropped, words in the person's language. */

/** @type {Record<string, string>} */
export const t = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");

/**
 * An element that must be there.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function one(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector}`);
  return found;
}

/**
 * Asks the server; what it refuses is thrown with what it said.
 * @param {string} address
 * @param {object} [body] sent as JSON; without it nothing is changed
 * @returns {Promise<any>}
 */
export async function ask(address, body) {
  const sent = body
    ? { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", "x-aligner": "1" } }
    : {};
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(address, sent);
  } catch {
    throw new Refusal(0, t.offline);
  }
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  const value = isJson ? JSON.parse(text) : text;
  if (!answer.ok) throw new Refusal(answer.status, isJson ? value.problem : text || answer.statusText);
  return value;
}

export class Refusal extends Error {
  /**
   * @param {number} status 0 where there was no answer
   * @param {string} problem
   */
  constructor(status, problem) {
    super(problem);
    this.status = status;
  }
}

let timer = 0;
/** Says something for a moment, to a screen reader too.
 * @param {string} text */
export function say(text) {
  const said = document.getElementById("said");
  if (!said) return;
  said.textContent = text;
  clearTimeout(timer);
  timer = window.setTimeout(() => (said.textContent = ""), 2500);
}

/** Says what went wrong, until something else happens.
 * @param {string} text empty to take it away */
export function alarm(text) {
  const place = document.getElementById("alarm");
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
}

const themes = ["", "light", "dark"];
document.documentElement.dataset.theme = localStorage.getItem("aligner-theme") ?? "";
document.getElementById("theme")?.addEventListener("click", () => {
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme ?? "") + 1) % themes.length];
  root.dataset.theme = next;
  localStorage.setItem("aligner-theme", next);
  document.dispatchEvent(new Event("theme"));
});

/** @param {FileList | null | undefined} files */
async function open(files) {
  if (!files?.length) return;
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  const said = document.getElementById("said");
  if (said) said.textContent = t.opening;
  const answer = await fetch("/open", { method: "POST", body: form, headers: { "x-aligner": "1" } });
  const value = await answer.json().catch(() => ({ problem: answer.statusText }));
  if (answer.ok) location.assign(value.address);
  else if (said) said.textContent = value.problem;
}

const drop = document.getElementById("open");
const input = document.getElementById("files");
if (input instanceof HTMLInputElement) input.addEventListener("change", () => void open(input.files));
for (const name of ["dragover", "dragleave", "drop"])
  document.addEventListener(name, (event) => {
    if (!(event instanceof DragEvent) || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop?.classList.toggle("over", name === "dragover");
    if (name === "drop") void open(event.dataTransfer.files);
  });
