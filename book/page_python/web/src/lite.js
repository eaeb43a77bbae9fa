/* What JupyterLite takes for Pyodide: the very files that the pages' cells load, and packages from a folder beside. */
import { gather, start } from "./pyodide.js";

/* global RUNTIME -- put in place of the name when the page is bundled */
const LOCK = "lock.json"; // not the cells' own, which names no package
const LATER = new Set(["numpy.tar", "course.tar"]); // come with the first cell that imports them

self.loadPyodide = ({ indexURL, packages, ...options }) => {
  const base = new URL(RUNTIME.base, indexURL).href;
  const here = gather({ base, files: RUNTIME.files, wanted: (name) => !LATER.has(name) && name !== LOCK });
  const other = async (name, how, fetch) => {
    if (!LATER.has(name)) return fetch(new URL(`packages/${name}`, indexURL), how);
    const found = await gather({ base, files: RUNTIME.files, wanted: (one) => one === name })[name];
    return new Response(found);
  };
  // The kernel does without it, but asks for it where it is not told that it is there.
  const needed = packages.filter((name) => name !== "ssl");
  return start(here, { ...options, packages: needed }, other);
};
