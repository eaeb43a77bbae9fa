/* The notebook that is handed in: the released one, or one that was opened, with what was written filled in. */
import * as drafts from "./drafts.js";
import { base, script } from "./files.js";

const OPENED = "opened notebook";
const loaded = new Map();

/** Return `{ notebook, calls, needs, solutions }` of an assignment, as the book was built with it. */
export function released(name) {
  if (!loaded.has(name)) {
    const come = new Promise((done, fail) => {
      (window.pagePythonNotebooks ??= {})[name] = done;
      script(`${base}notebooks/${name}.js`).catch(fail);
    });
    come.catch(() => loaded.delete(name));
    loaded.set(name, come);
  }
  return loaded.get(name);
}

export const text = (source) => (Array.isArray(source) ? source.join("") : source);
const lines = (source) => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];
export const identity = (cell) => cell.metadata?.nbgrader?.grade_id;
const isSolution = (cell) => cell.metadata?.nbgrader?.solution === true;
const isCheck = (cell) => cell.cell_type === "code" && cell.metadata?.nbgrader?.grade === true;
const isDemo = (cell) => cell.metadata?.tags?.includes("demo");

/** Return the source that a cell was released with. */
export async function stub(name, cell) {
  const { notebook } = await released(name);
  return text(notebook.cells.find((one) => identity(one) === cell).source);
}

/** Return the notebook with all that is written in its place. */
export async function filled(name) {
  const { notebook } = await released(name);
  const result = structuredClone(drafts.read(name, OPENED) ?? notebook);
  for (const given of notebook.cells.filter(isSolution)) {
    const draft = drafts.read(name, identity(given));
    if (draft === null) continue;
    let cell = result.cells.find((one) => identity(one) === identity(given));
    if (!cell) result.cells.push((cell = structuredClone(given)));
    cell.source = lines(draft.source);
  }
  return result;
}

/** Return a notebook as Jupyter writes it to a file. */
export const file = (notebook) => `${JSON.stringify(notebook, null, 1)}\n`;

/** Return the sources of the code cells that run before a cell when a notebook runs from its top. */
export async function above(name, cell) {
  const { cells } = await filled(name);
  const place = cells.findIndex((one) => identity(one) === cell);
  const before = cells.slice(0, place < 0 ? cells.length : place);
  return before.filter((one) => one.cell_type === "code" && !isCheck(one) && !isDemo(one)).map((one) => text(one.source));
}

/** Read a notebook's file: return its cells' sources by name, and the notebook without what running it left behind. */
export async function read(name, content) {
  let notebook;
  try {
    notebook = JSON.parse(content);
  } catch {
    throw new Error("this file is not a notebook");
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new Error("this file is not a notebook of Jupyter's present format");
  }
  const found = new Map();
  const { notebook: given } = await released(name);
  for (const cell of given.cells.filter(isSolution)) {
    const same = notebook.cells.find((one) => identity(one) === identity(cell)) ?? defining(notebook, identity(cell));
    if (same && typeof text(same.source) === "string") {
      same.metadata = { ...same.metadata, nbgrader: cell.metadata.nbgrader };
      found.set(identity(cell), text(same.source));
    }
  }
  if (!found.size) throw new Error(`this notebook has no cell of the assignment ${name}`);
  for (const cell of notebook.cells) {
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  }
  return { found, notebook };
}

/** A cell that lost its name, as in a notebook that was put together anew, is known by what it defines. */
function defining(notebook, name) {
  const start = new RegExp(`^def ${name}\\(`, "m");
  return notebook.cells.find((cell) => cell.cell_type === "code" && !identity(cell) && start.test(text(cell.source)));
}

/** Take over what a notebook holds; what is as released is not written yet. */
export async function keep(name, { found, notebook }) {
  drafts.write(name, OPENED, notebook);
  for (const [cell, source] of found) {
    const fresh = source === (await stub(name, cell));
    drafts.write(name, cell, fresh ? null : { source, saved: Date.now() });
  }
}
