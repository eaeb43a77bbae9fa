/* Runs the page's widgets without a kernel.
 *
 * myst-nb writes the state of every widget into one <script> and a reference to it where the widget belongs.
 * An anywidget carries its own module (`_esm`) and style (`_css`); all that it needs besides is a model to
 * read and write. Loading the module from a Blob works on any host, in any folder, and from disk.
 */
(() => {
  const KIND = "application/vnd.jupyter.widget";

  /** The part of Jupyter's widget model that an anywidget may rely on, without the kernel behind it. */
  class Model {
    #state;
    #listeners = new Map();

    constructor(state) {
      this.#state = state;
    }

    get(name) {
      return this.#state[name];
    }

    set(name, value) {
      if (this.#state[name] === value) return;
      this.#state[name] = value;
      for (const event of [`change:${name}`, "change"]) {
        for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(this, value);
      }
    }

    on(event, listener) {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    }

    off(event, listener) {
      const kept = (this.#listeners.get(event) ?? []).filter((other) => listener && other !== listener);
      this.#listeners.set(event, kept);
    }

    save_changes() {} // nobody to tell
    send() {}
  }

  const modules = new Map();
  const styles = new Set();

  function load(source) {
    if (!modules.has(source)) {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      modules.set(source, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(source);
  }

  function addStyle(css) {
    if (!css || styles.has(css)) return;
    styles.add(css);
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  }

  async function show(reference, states) {
    const { model_id: id } = JSON.parse(reference.textContent);
    const { state } = states[id];
    const model = new Model(state);
    const el = document.createElement("div");
    el.className = "static-widget";
    addStyle(state._css);
    const { default: widget } = await load(state._esm);
    await widget.initialize?.({ model });
    await widget.render({ model, el });
    reference.after(el);
    reference.parentElement.classList.add("has-live-widget"); // the plain picture steps back
  }

  /** Demos are taller than their pictures, and come late: keep the place of the address until the reader moves. */
  function arrive() {
    const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const stay = () => place.scrollIntoView({ behavior: "instant" });
    const growth = new ResizeObserver(stay);
    const leave = () => {
      growth.disconnect();
      removeEventListener("load", stay);
    };
    growth.observe(document.body);
    addEventListener("load", stay);
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(type, leave, { once: true, passive: true });
    }
  }

  function start() {
    const embedded = document.querySelector(`script[type="${KIND}-state+json"]`);
    if (!embedded) return;
    const states = JSON.parse(embedded.textContent).state;
    for (const reference of document.querySelectorAll(`script[type="${KIND}-view+json"]`)) {
      show(reference, states).catch((error) => {
        reference.parentElement.classList.add("without-live-widget"); // then the plain picture stays
        throw error;
      });
    }
    arrive();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
