/* Pyodide in a worker, from files that are compressed, kept by the browser, and the same for all that need Python. */
const WORDS = "http://pyodide/"; // names files to Pyodide; nothing is ever fetched from there
const KEPT = { cache: "force-cache" }; // addresses name versions, so that nobody need be asked again
const WASM = "pyodide.asm.wasm";
export const SCRIPTS = ["pyodide.js", "pyodide.asm.js"];

// By no Blob: WebKit cannot read one in a worker of a page from disk.
export async function inflated(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes; // some hosts unpack on the way
  return whole(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
}

async function whole(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function fetched(url, progress) {
  const response = await fetch(url, KEPT);
  if (!response.ok) throw new Error(`${url} cannot be read (${response.status})`);
  const counted = new TransformStream({
    transform(part, controller) {
      progress(part.length);
      controller.enqueue(part);
    },
  });
  return whole(response.body.pipeThrough(counted));
}

/** Return the wasm in a response; over http as it is, so that the browser can keep what it compiles. */
async function webAssembly({ version, size }, base, given, progress) {
  if (given) return new Response(await given, { headers: { "Content-Type": "application/wasm" } });
  const response = await fetch(`${base}${WASM}?${version}`, KEPT);
  progress(size);
  if (response.headers.get("Content-Type") === "application/wasm") return response;
  return new Response(await response.arrayBuffer(), { headers: { "Content-Type": "application/wasm" } });
}

function runScript(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  importScripts(url);
  URL.revokeObjectURL(url);
}

/** Begin to fetch the files that `wanted` names, below `base`, or take those that are `given`. */
export function gather({ base, files, given, progress = () => {}, wanted = () => true }) {
  const here = {};
  for (const file of files.filter(({ name }) => wanted(name))) {
    const { name, version } = file;
    if (name === WASM) here[name] = webAssembly(file, base, given && inflated(given[name]), progress);
    else if (given) here[name] = inflated(given[name]);
    else here[name] = fetched(`${base}${name}.gz?${version}`, progress).then(inflated);
  }
  return here;
}

/** Start Pyodide; it asks for its files by name, and what is not `here` is looked for by `other`. */
export async function start(here, options, other = () => new Response(null, { status: 404 })) {
  if (!self._createPyodideModule) for (const name of SCRIPTS) runScript(await here[name]);
  const real = self.fetch;
  self.fetch = async (url, how) => {
    if (!String(url).startsWith(WORDS)) return real(url, how);
    const name = String(url).slice(WORDS.length);
    const found = await here[name];
    if (found === undefined) return other(name, how, real);
    return found instanceof Response ? found : new Response(found);
  };
  return self.loadPyodide({
    indexURL: WORDS,
    lockFileURL: `${WORDS}lock.json`,
    stdLibURL: `${WORDS}stdlib.zip`,
    ...options,
  });
}
