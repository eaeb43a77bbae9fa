/* Predictions: the answer stays closed until the reader has committed. What was predicted is kept in this browser and
 * shown beside the answer; nothing is scored or sent. The markup comes from _ext/predictions.py. */
(() => {
  const PREFIX = "pooling-measured/predictions";
  const PAGE = location.pathname.split("/").pop().replace(/\.html$/, "") || "index";
  const memory = new Map(); // where the browser keeps nothing, for this visit

  function read(key) {
    try {
      return localStorage.getItem(key) ?? memory.get(key);
    } catch {
      return memory.get(key);
    }
  }

  function write(key, value) {
    memory.set(key, value);
    try {
      if (value === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // denied or full: the memory has it
    }
    tally();
  }

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  /** Return the controls that take a prediction: a choice of the list in the question, or a place to write. */
  function controls(question) {
    const list = question.querySelector("ul.choices");
    if (!list) {
      const text = element("textarea", { name: "prediction", rows: 2, required: true });
      return element("label", {}, "Your prediction", text);
    }
    const choices = [...list.children].map((item) => {
      const value = item.textContent.trim();
      return element("label", {}, element("input", { type: "radio", name: "prediction", value, required: true }), value);
    });
    list.remove();
    return element("fieldset", {}, element("legend", { textContent: "Your prediction" }), ...choices);
  }

  function prepare(question) {
    const answer = question.nextElementSibling;
    const key = `${PREFIX}/${PAGE}/${question.id}`;
    const keep = element("button", { type: "submit", textContent: "Keep it and show the answer" });
    const form = element("form", { className: "predicting" }, controls(question), keep);
    const words = element("q");
    const again = element("button", { type: "button", textContent: "Predict again" });
    const predicted = element("p", { className: "predicted" }, "You predicted: ", words, " ", again);
    const summary = answer.querySelector("summary");

    function show() {
      const kept = read(key);
      words.textContent = kept ?? "";
      form.hidden = kept !== undefined;
      answer.hidden = kept === undefined;
      answer.open = kept !== undefined;
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = new FormData(form).get("prediction").trim();
      if (!text) {
        form.reset();
        form.reportValidity();
        return;
      }
      write(key, text);
      show();
      summary.focus();
    });
    again.addEventListener("click", () => {
      write(key, undefined);
      show();
      form.querySelector("textarea, input").focus();
    });
    summary.after(predicted);
    question.append(form);
    show();
  }

  /** Say in the sidebar how many of the book's questions have been answered, in this browser. */
  function tally() {
    const place = document.querySelector(".predictions-made");
    if (!place) return;
    const made = new Set([...memory.keys()].filter((key) => memory.get(key) !== undefined));
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(`${PREFIX}/`)) made.add(key);
    } catch {
      // denied: those of this visit
    }
    place.textContent = `You predicted ${made.size} of ${place.dataset.questions}.`;
    place.hidden = made.size === 0;
  }

  function start() {
    document.querySelectorAll(".admonition.prediction").forEach(prepare);
    tally();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
