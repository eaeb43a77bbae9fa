/* What a student has written, kept in the browser for each exercise; where that is denied, for this visit only. */
const PREFIX = "pooling-measured";
const memory = new Map();
const changed = new EventTarget();

/** Why nothing can be kept; empty where it can. */
export let denied = "";

function attempt(work) {
  try {
    return work(localStorage);
  } catch (problem) {
    denied = problem.name === "QuotaExceededError" ? "there is no room left" : "the browser does not allow it";
    return undefined;
  }
}

const place = (notebook, name) => `${PREFIX}/${notebook}/${name}`;

/** Return what is kept of a cell, or `null`. */
export function read(notebook, name) {
  const key = place(notebook, name);
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(attempt((storage) => storage.getItem(key)) ?? "null");
  } catch {
    return null; // another program's, or half written
  }
}

/** Keep something of a cell; `null` forgets it. */
export function write(notebook, name, value) {
  const key = place(notebook, name);
  const kept = attempt((storage) => {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
    return true;
  });
  if (kept) memory.delete(key);
  else memory.set(key, value);
  changed.dispatchEvent(new CustomEvent("change", { detail: { notebook, name } }));
}

/** Tell of changes to a notebook, also of those in another tab. */
export function watch(notebook, tell) {
  changed.addEventListener("change", ({ detail }) => {
    if (detail.notebook === notebook) tell(detail.name, false);
  });
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(place(notebook, ""))) tell(key.slice(place(notebook, "").length), true);
  });
}

/** Say when something was kept last, in a reader's own words. */
export function said(draft) {
  const when = new Date(draft.saved);
  const today = when.toDateString() === new Date().toDateString();
  const time = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return today ? time : `${when.toLocaleDateString([], { day: "numeric", month: "long" })}, ${time}`;
}
