/* Python for the whole page: starts at the first question, answers all of them, and can be stopped at any time. */
import { base, bytes } from "./files.js";

/* global RUNTIME, WORKER -- put in place of the names when the page is bundled */
export const size = RUNTIME.files.reduce((sum, { size }) => sum + size, 0);

// Of this Python, in this browser: it has come once, and need not be fetched again.
const HERE = "pooling-measured/python";
const VERSION = RUNTIME.files.map(({ version }) => version).join();

let worker = null;
let ready = null;
let waiting = new Map();
let next = 0;

export class Stopped extends Error {}

/** Start Python unless it runs; `progress` is told how many bytes have come. */
export function start(progress = () => {}) {
  if (ready) return ready;
  const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  worker = new Worker(url);
  let come = 0;
  ready = new Promise((done, fail) => {
    worker.onmessage = ({ data }) => {
      if (data.kind === "progress") progress((come += data.bytes));
      else if (data.kind === "ready") {
        remember();
        done();
      }
      else if (data.kind === "answer") settle(data.id, (one) => one.done(data.answer));
      else {
        const problem = new Error(data.why);
        fail(problem);
        end(problem);
      }
    };
    worker.onerror = (event) => {
      const problem = new Error(event.message || "the worker could not be started");
      fail(problem);
      end(problem);
    };
    bytes(progress).then(
      (given) => worker?.postMessage({ kind: "start", base, files: RUNTIME.files, given }),
      (problem) => {
        fail(problem);
        end(problem);
      },
    );
  });
  ready.catch(() => {});
  return ready;
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

/** Ask the Python of the course; the answer is what `autograder.in_page` returns. */
export async function ask(question, ...parts) {
  await start();
  const id = next++;
  return new Promise((done, fail) => {
    waiting.set(id, { done, fail });
    worker.postMessage({ kind: "ask", id, question, parts });
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
  worker = ready = null;
  for (const one of waiting.values()) one.fail(problem);
  waiting = new Map();
}
