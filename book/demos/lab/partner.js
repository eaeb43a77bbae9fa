/* The worker from the page's side. */

/** Start a worker from its source: from a blob, as that works from disk and under the pages' policy. `fail` hears why it
 *  cannot go on. */
export function startWorker(source, digits, hear, fail) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = ({ message }) => fail(message || "this browser does not let it start");
  const ask = (kind, message = {}) => worker.postMessage({ kind, ...message });
  ask("digits", digits);
  return {
    ask,
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
