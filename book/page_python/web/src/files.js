/* Python's files where a worker cannot fetch them: a page from disk reads them from scripts, in base64. */

/* global RUNTIME */
export const base = new URL(".", document.currentScript.src).href; // wherever the book lies
let loaded = null;
let told = null; // hears how much has come: who asked last

/** Return the files by name, compressed; nothing where the worker fetches them itself. */
export function bytes(progress) {
  if (location.protocol !== "file:") return Promise.resolve(null);
  told = progress;
  loaded ??= read().catch((problem) => {
    loaded = null;
    throw problem;
  });
  return loaded;
}

async function read() {
  const found = {};
  let come = 0;
  window.pagePythonFile = (name, text) => {
    found[name] = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  };
  for (const { name, size } of RUNTIME.files) {
    await script(`${base}${name}.js`);
    told((come += size));
  }
  delete window.pagePythonFile;
  return found;
}

/** Run a classic script, which a page from disk may load where it may not fetch. */
export function script(url) {
  return new Promise((done, fail) => {
    const element = Object.assign(document.createElement("script"), { src: url });
    element.onload = done;
    element.onerror = () => fail(new Error(`${url} cannot be read`));
    document.head.append(element);
  });
}
