/* Python for the whole page: starts at the first question, answers all of them, and can be stopped at any time. */
import { base, bytes } from "./files.js";
import { inflated, SCRIPTS } from "./pyodide.js";

/* global RUNTIME, WORKER -- put in place of the names when the page is bundled */
export const size = RUNTIME.files.reduce((sum, { size }) => sum + size, 0);

// Of this Python, in this browser: it has come once, and need not be fetched again.
const HERE = "pooling-measured/python";
const VERSION = RUNTIME.files.map(({ version }) => version).join();

let worker = null;
let address = null; // of its source, until it has been read
let ready = null;
let refuse = null; // of what is about to start
let waiting = new Map();
let next = 0;

export class Stopped extends Error {}

/** Start Python unless it runs; `progress` is told how many bytes have come. */
export function start(progress = () => {}) {
  if (ready) return ready;
  const starts = new Promise((done, fail) => {
    refuse = fail;
    const ended = (problem) => ready === starts && end(problem);
    parts((bytes) => ready === starts && progress(bytes))
      .then((found) => ready === starts && begin({ ...found, progress, done, ended }))
      .catch(ended);
  });
  starts.catch(() => {});
  return (ready = starts);
}

/** Return what a worker is made of: from disk the files, and those of them that are scripts. */
async function parts(progress) {
  const given = await bytes(progress);
  // WebKit lets no worker of a page from disk load a script.
  return { given, scripts: given ? await Promise.all(SCRIPTS.map((name) => inflated(given[name]))) : [] };
}

function begin({ given, scripts, progress, done, ended }) {
  const spaced = scripts.flatMap((script) => [script, "\n"]);
  address = URL.createObjectURL(new Blob([...spaced, WORKER], { type: "text/javascript" }));
  worker = new Worker(address);
  let come = 0;
  worker.onmessage = ({ data }) => {
    if (data.kind === "progress") progress((come += data.bytes));
    else if (data.kind === "ready") {
      URL.revokeObjectURL(address);
      remember();
      done();
    }
    else if (data.kind === "answer") settle(data.id, (one) => one.done(data.answer));
    else ended(new Error(data.why));
  };
  worker.onerror = (event) => ended(new Error(event.message || "the worker could not be started"));
  const files = RUNTIME.files.filter(({ name }) => !(given && SCRIPTS.includes(name)));
  worker.postMessage({ kind: "start", base, files, given });
}

function remember() {
  try {
    localStorage.setItem(HERE, VERSION);
  } catch {
    // Then it starts with the first question, as the first time.
  }
}

/** Start Python before it is asked for, where it has come before. */
export function warm() {
  try {
    if (localStorage.getItem(HERE) === VERSION) start();
  } catch {
    // The browser keeps nothing.
  }
}

/** Ask the Python of the course; the answer is what `autograder.in_page` returns. Parts may still be on their way: a stop
 *  ends the question then, too. */
export function ask(question, ...parts) {
  const id = next++;
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail });
    Promise.all([start(), ...parts])
      .then(([, ...given]) => waiting.has(id) && worker.postMessage({ kind: "ask", id, question, parts: given }))
      .catch((problem) => settle(id, (one) => one.fail(problem)));
  });
}

/** End whatever runs; the next question starts Python anew. */
export function stop() {
  end(new Stopped("stopped"));
}

export const running = () => ready !== null;

function settle(id, how) {
  const one = waiting.get(id);
  waiting.delete(id);
  if (one) how(one);
}

function end(problem) {
  worker?.terminate();
  URL.revokeObjectURL(address);
  refuse?.(problem);
  worker = ready = refuse = null;
  for (const one of waiting.values()) one.fail(problem);
  waiting = new Map();
}
