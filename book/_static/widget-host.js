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
    #kept = null;

    constructor(state, name) {
      this.#state = state;
      this.name = name;
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

    save_changes() {
      this.#kept?.write();
    }

    send() {} // nobody to tell

    /** Let the address hold what differs from now in the traits of these names, and take over what it holds already. */
    keepInAddress(names) {
      this.#kept ??= new Kept(this, names);
      this.change(this.#kept.read());
    }

    /** Forget who listens and what the address holds; says whether it holds anything. */
    startOver() {
      const before = this.#kept?.refuse() ?? {};
      this.#listeners.clear();
      Object.assign(this.#state, before);
      return Object.keys(before).length > 0;
    }

    /** Set several traits, then tell: nobody hears of a state that is half one thing and half another. */
    change(values) {
      const changed = Object.keys(values).filter((name) => this.#state[name] !== values[name]);
      Object.assign(this.#state, values);
      for (const name of changed) {
        for (const listener of [...(this.#listeners.get(`change:${name}`) ?? [])]) listener(this, values[name]);
      }
    }
  }

  const LONGEST = 1800; // characters of a state; beyond that an address is no place for it
  const LARGEST = 300; // a number in an address that is larger than this and than what it replaces is no setting

  /** Whether a value from an address may take the place of another: of the same kind, with numbers of a sane size. */
  function alike(value, model) {
    if (Array.isArray(model)) {
      return Array.isArray(value) && value.length <= 64 && value.every((one) => !model.length || alike(one, model[0]));
    }
    if (typeof model === "number") return Number.isFinite(value) && Math.abs(value) <= Math.max(LARGEST, Math.abs(model));
    if (typeof model !== "object" || model === null) return typeof value === typeof model;
    return typeof value === "object" && value !== null && Object.keys(model).every((key) => alike(value[key], model[key]));
  }

  /** The part of the address that is one demo's: `?pooling_explorer={"padding":[1,1]}`. */
  class Kept {
    #model;
    #initial;
    #waiting = null;
    #refused = false;

    constructor(model, names) {
      this.#model = model;
      this.#initial = Object.fromEntries(names.map((name) => [name, model.get(name)]));
    }

    /** What the address says, as far as it fits. */
    read() {
      return this.#refused ? {} : fitting(new URLSearchParams(location.search).get(this.#model.name), this.#initial);
    }

    /** Do not read the address any more; returns what was there before of that which it says. */
    refuse() {
      const said = Object.keys(this.read());
      this.#refused = true;
      return Object.fromEntries(said.map((name) => [name, this.#initial[name]]));
    }

    write() {
      clearTimeout(this.#waiting); // browsers allow a few changes a second
      this.#waiting = setTimeout(() => {
        const differs = Object.entries(this.#initial).map(([name, first]) => [name, this.#model.get(name), first])
          .filter(([, now, first]) => JSON.stringify(now) !== JSON.stringify(first));
        const text = JSON.stringify(Object.fromEntries(differs.map(([name, now]) => [name, now])));
        const address = new URL(location.href);
        if (differs.length && text.length <= LONGEST) address.searchParams.set(this.#model.name, text);
        else address.searchParams.delete(this.#model.name);
        if (address.href !== location.href) history.replaceState(history.state, "", address);
      }, 250);
    }
  }

  /** The traits in a text that fit those there are; nothing where it is no such text. */
  function fitting(text, traits) {
    try {
      const said = Object.entries(JSON.parse(text ?? "{}"));
      return Object.fromEntries(said.filter(([name, value]) => name in traits && alike(value, traits[name])));
    } catch {
      return {};
    }
  }

  const models = new Map(); // by name: the demos of this page

  /** A link in the text sets a demo as its address says, without leaving the place unless the demo is out of sight. */
  function act(event) {
    const link = event.target.closest?.("a[data-acts]");
    const model = models.get(link?.dataset.acts);
    if (!model || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const text = new URLSearchParams(new URL(link.href).search).get(model.name);
    const traits = Object.fromEntries(Object.keys(JSON.parse(text)).map((name) => [name, model.get(name)]));
    model.change(fitting(text, traits));
    model.save_changes();
    const { top, bottom } = model.element.getBoundingClientRect();
    if (bottom < 100 || top > innerHeight - 100) model.element.scrollIntoView({ block: "start" });
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

  /** A name that no demo of the page has yet. */
  function free(name) {
    let [found, count] = [name, 1];
    while (models.has(found)) found = `${name}-${++count}`;
    return found;
  }

  /** Render a demo; once more, as it is at first, where the address says what it cannot show. */
  async function render(widget, model, el) {
    let [end, problem] = [null, null];
    try {
      end = await widget.render({ model, el });
    } catch (error) {
      problem = error;
    }
    if (!problem && !el.querySelector("input:out-of-range")) return;
    if (!model.startOver()) {
      if (problem) throw problem;
      return;
    }
    end?.();
    el.replaceChildren();
    await widget.render({ model, el });
  }

  async function show(reference, states) {
    const { model_id: id } = JSON.parse(reference.textContent);
    const { state } = states[id];
    const model = new Model(state, free(state._anywidget_id.split(".").at(-2)));
    models.set(model.name, model);
    const el = document.createElement("div");
    el.className = "static-widget";
    model.element = el;
    addStyle(state._css);
    const { default: widget } = await load(state._esm);
    await widget.initialize?.({ model });
    await render(widget, model, el);
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
    document.addEventListener("click", act);
    arrive();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
