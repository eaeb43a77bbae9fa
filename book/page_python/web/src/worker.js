/* The worker in which students' code runs: Pyodide, started once, answers one question after another.
 *
 * It sees no page. What it needs comes compressed: over http it fetches the files, from disk the page hands them over.
 */
import { gather, start as startPyodide } from "./pyodide.js";

const SITE = "/lib/python3.12/site-packages";

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

async function start({ base, files, given }) {
  const here = gather({ base, files, given, progress: (bytes) => postMessage({ kind: "progress", bytes }) });
  const python = await startPyodide(here, {
    jsglobals: Object.create(null), // nothing of the worker's by `import js`
    stdout() {},
    stderr() {},
  });
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
