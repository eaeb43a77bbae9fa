/* The worker from the page's side. */

/** Start a worker from its source: from a blob, as that works from disk and under the pages' policy. */
export function startWorker(source, hear) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => hear(data);
  return {
    ask: (kind, message = {}) => worker.postMessage({ kind, ...message }),
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
