// node compile.mjs PYODIDE_FOLDER SOURCES_FOLDER: turns the sources in three archives into code
// that Pyodide's own Python need not compile again.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, work] = process.argv.slice(2).map((name) => resolve(name));
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${folder}/`, lockFileURL: join(work, "lock.json") });
const read = (...parts) => new Uint8Array(readFileSync(join(...parts)));
python.FS.writeFile("/tmp/compiling.py", read(import.meta.dirname, "compiling.py"));
for (const name of ["stdlib.zip", "numpy.zip", "course.zip"]) python.FS.writeFile(`/tmp/${name}`, read(work, name));
try {
  python.runPython('import sys; sys.path.insert(0, "/tmp"); import compiling; compiling.everything()');
} catch (error) {
  console.error(error.message); // else Node quotes the megabyte of code that it came through
  process.exit(1);
}
for (const name of ["stdlib.zip", "numpy.tar", "course.tar"]) writeFileSync(join(work, name), python.FS.readFile(`/tmp/${name}`));
