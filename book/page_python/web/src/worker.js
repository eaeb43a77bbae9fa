/* The worker in which students' code runs: Pyodide, started once, answers one question after another.
 *
 * It sees no page. What it needs comes compressed: over http it fetches the files, from disk the page hands them over.
 */
const SITE = "/lib/python3.12/site-packages";
const WORDS = "http://pyodide/"; // names files to Pyodide; nothing is ever fetched from there

async function inflated(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes; // some hosts unpack on the way
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function fetched(url, progress) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be read (${response.status})`);
  const parts = [];
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    progress(value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function runScript(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  importScripts(url);
  URL.revokeObjectURL(url);
}

/** Let Pyodide find its files by name: `find` returns a response. */
async function served(find, work) {
  const real = self.fetch;
  self.fetch = (url) => find(String(url).split("/").pop());
  try {
    return await work();
  } finally {
    self.fetch = real;
  }
}

/** Yield the files of a tar archive: names and contents. */
function* unpacked(bytes) {
  const text = (from, length) => new TextDecoder().decode(bytes.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= bytes.length && bytes[at]; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const name = [text(at + 345, 155), text(at, 100)].filter(Boolean).join("/");
    yield [name, bytes.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

function install(python, bytes) {
  const made = new Set();
  for (const [name, content] of unpacked(bytes)) {
    const path = `${SITE}/${name}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) python.FS.mkdirTree(folder);
    made.add(folder);
    python.FS.writeFile(path, content, { canOwn: true });
  }
}

/** Return the wasm in a response; over http as it is, so that the browser can keep what it compiles. */
async function webAssembly({ name, version, size }, base, given, real) {
  if (given) return new Response(await given[name], { headers: { "Content-Type": "application/wasm" } });
  const response = await real(`${base}${name}?${version}`);
  postMessage({ kind: "progress", bytes: size });
  if (response.headers.get("Content-Type") === "application/wasm") return response;
  return new Response(await response.arrayBuffer(), { headers: { "Content-Type": "application/wasm" } });
}

async function start({ base, files, given }) {
  const progress = (bytes) => postMessage({ kind: "progress", bytes });
  const listed = Object.fromEntries(files.map((file) => [file.name, file]));
  const wasm = "pyodide.asm.wasm";
  const here = {};
  for (const { name, version } of files) {
    if (given) here[name] = inflated(given[name]);
    else if (name !== wasm) here[name] = fetched(`${base}${name}.gz?${version}`, progress).then(inflated);
  }
  const compiling = webAssembly(listed[wasm], base, given && here, self.fetch);
  for (const name of ["pyodide.js", "pyodide.asm.js"]) runScript(await here[name]);
  const find = async (name) => (name === wasm ? compiling : new Response(await here[name]));
  const python = await served(find, () =>
    loadPyodide({
      indexURL: WORDS,
      lockFileURL: `${WORDS}lock.json`,
      stdLibURL: `${WORDS}stdlib.zip`,
      jsglobals: Object.create(null), // nothing of the worker's by `import js`
      stdout() {},
      stderr() {},
    }),
  );
  for (const name of ["numpy.tar", "course.tar"]) install(python, await here[name]);
  const door = python.runPython("import sys; sys.dont_write_bytecode = True; import numpy, autograder.in_page as door; door");
  return (question, ...parts) => JSON.parse(door[question](...parts.map((part) => python.toPy(part))));
}

let python;
onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      python = start(data);
      await python;
      postMessage({ kind: "ready" });
    } else {
      const answer = (await python)(data.question, ...data.parts);
      postMessage({ kind: "answer", id: data.id, answer });
    }
  } catch (error) {
    // Python itself has ended: nothing of it can be trusted any more.
    postMessage({ kind: "broken", id: data.id, why: String(error.message ?? error).slice(-2000) });
  }
};
