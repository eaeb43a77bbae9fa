/* An exercise's function: written, run and checked in the page. */
import { clean } from "./clean.js";
import { button, enable, later, make } from "./dom.js";
import * as drafts from "./drafts.js";
import { base, script } from "./files.js";
import { above, released, stub } from "./notebook.js";
import * as python from "./python.js";

const MEGA = 1e6;
const SLOW = 10_000; // milliseconds after which a run is called long
const MISSING = { ModuleNotFoundError: "The page has the standard library and NumPy; all else is in the notebook." };

let editor = null;

/** Load the editor with the first cell that is opened. */
function withEditor() {
  editor ??= script(`${base}editor.js`).then(
    () => window.PageEditor,
    (problem) => {
      editor = null;
      throw problem;
    },
  );
  return editor;
}

export class CodeCell {
  constructor(place) {
    this.notebook = place.dataset.notebook;
    this.name = place.dataset.name;
    this.needs = place.dataset.needs ?? "";
    this.state = make("span", { class: "pc-state" });
    this.details = make(
      "details",
      { class: "pc-cell" },
      make("summary", {}, make("span", { class: "pc-title", textContent: place.dataset.title ?? "Write it here" }), this.state),
    );
    this.details.addEventListener("toggle", () => this.#open(), { once: true });
    place.replaceChildren(this.details);
    this.#showState();
    drafts.watch(this.notebook, (name, elsewhere) => {
      if (name !== this.name) return;
      this.#showState();
      if (elsewhere || this.draft?.source !== this.editor?.text()) this.#takeOver();
    });
  }

  get draft() {
    return drafts.read(this.notebook, this.name);
  }

  async #open() {
    const opening = make("p", { class: "pc-note", textContent: "The editor opens …" });
    this.details.append(opening);
    try {
      const [{ codeEditor }, { calls, solutions }, fresh] = await Promise.all([
        withEditor(),
        released(this.notebook),
        stub(this.notebook, this.name),
      ]);
      opening.remove();
      this.fresh = fresh;
      this.#build(codeEditor, calls[this.name] ?? "", solutions?.[this.name]);
      this.editor.focus();
    } catch (problem) {
      opening.textContent = `The editor cannot be opened: ${problem.message}`;
    }
  }

  #build(codeEditor, call, solution) {
    const save = later(() => this.#save(), 400);
    const own = make("div", { class: "pc-editor" });
    const trial = make("div", { class: "pc-editor pc-trial" });
    this.saved = make("p", { class: "pc-note pc-saved" });
    this.status = make("p", { class: "pc-status", aria: { role: "status", live: "polite" } });
    this.output = make("div", { class: "pc-output", aria: { role: "group", label: `What your ${this.name} gave` } });
    this.editor = codeEditor(own, {
      text: this.draft?.source ?? this.fresh,
      label: `Your ${this.name}`,
      changed: save,
      run: () => this.run(),
    });
    this.run_ = button("Run", () => this.run());
    this.check_ = button("Check", () => this.check(), "pc-main");
    this.stop_ = button("Stop", () => python.stop());
    const buttons = [this.run_, this.check_, this.stop_, button("Reset", () => this.reset())];
    if (solution) buttons.push(button("Show a solution", () => this.#showSolution(solution)));
    const tools = make("div", { class: "pc-tools" }, ...(this.needs ? [buttons[3]] : buttons));
    const parts = [own, make("p", { class: "pc-note", textContent: "Tab indents. To leave with it, press Escape first." })];
    if (this.needs) {
      parts.push(make("p", { class: "pc-note", textContent: this.#left() }));
    } else {
      parts.push(make("p", { class: "pc-label", textContent: "A call to try with Run; it is not handed in" }), trial);
      this.trial = codeEditor(trial, { text: call, label: `A call of ${this.name} to try`, run: () => this.run() });
    }
    this.details.append(...parts, tools, this.status, this.output, this.saved);
    addEventListener("pagehide", () => this.draft?.source !== this.editor.text() && this.#save());
    this.#busy(false);
    this.#showState();
    this.#sayWhatLoads();
  }

  #left() {
    return (
      `This function needs ${this.needs}, which a page cannot have. Write it here if you like: it is kept, and goes ` +
      "into the notebook that you download. Run and check it there."
    );
  }

  #sayWhatLoads() {
    if (this.needs) return;
    python.warm();
    if (python.running()) return;
    const size = (python.size / MEGA).toFixed(1);
    this.status.textContent = `Run or Check fetches Python first, once for this visit: ${size} MB.`;
  }

  #save() {
    const source = this.editor.text();
    if (source === (this.draft?.source ?? this.fresh)) return;
    drafts.write(this.notebook, this.name, source === this.fresh ? null : { source, saved: Date.now() });
  }

  /** Show what was written in another tab, or read from a notebook. */
  #takeOver() {
    this.editor?.set(this.draft?.source ?? this.fresh);
  }

  #showState() {
    const { draft } = this;
    const checked = draft?.checked;
    const said = checked ? `${checked.kept} of ${checked.count} criteria hold` : draft ? "written" : "";
    this.state.textContent = said;
    this.state.dataset.holds = String(Boolean(checked && checked.kept === checked.count));
    if (!this.saved) return;
    const when = draft ? `Last saved in this browser: ${drafts.said(draft)}.` : "Nothing written yet.";
    const lost = `Nothing can be kept in this browser (${drafts.denied}): download your notebook before you leave.`;
    this.saved.textContent = drafts.denied ? lost : when;
  }

  #busy(on) {
    for (const one of [this.run_, this.check_]) enable(one, !on);
    enable(this.stop_, on);
  }

  async run() {
    await this.#ask("run", [this.trial.text()], (answer) => {
      if (answer.value) this.output.append(clean(answer.value));
      return answer.value || answer.printed ? "It ran." : `It ran. It shows nothing: call ${this.name} below.`;
    });
  }

  async check() {
    await this.#ask("check", [this.name], (answer, source) => {
      this.output.append(clean(answer.html));
      const checked = { kept: answer.kept.length, count: answer.count };
      if (source === this.editor.text()) // else it has been changed meanwhile
        drafts.write(this.notebook, this.name, { source, saved: this.draft?.saved ?? Date.now(), checked });
      return answer.summary.split("\n")[0];
    });
  }

  async #ask(question, parts, show) {
    if (this.needs || this.run_.getAttribute("aria-disabled") === "true") return;
    this.#busy(true);
    this.#save();
    const source = this.editor.text();
    const slow = setTimeout(() => this.#say("It still runs. Stop ends it."), SLOW);
    try {
      this.#say(python.running() ? "Python starts …" : "Python comes …");
      await python.start((bytes) => this.#progress(bytes));
      this.#say(question === "run" ? "It runs …" : "The worked examples are tried …");
      const answer = await python.ask(question, source, ...parts, above(this.notebook, this.name));
      this.output.replaceChildren();
      this.editor.mark(null);
      if (answer.printed) this.output.append(make("pre", { class: "pc-printed", textContent: answer.printed }));
      this.#say(answer.error ? this.#showError(answer.error) : show(answer, source));
    } catch (problem) {
      this.#say(problem instanceof python.Stopped ? "Stopped. The next run starts Python anew." : this.#ended(problem));
    } finally {
      clearTimeout(slow);
      this.#busy(false);
    }
  }

  #say(text) {
    this.status.textContent = text;
  }

  #ended(problem) {
    return `Python ended: ${problem.message.trim().split("\n").pop()}. The next run starts it anew.`;
  }

  #progress(bytes) {
    const [come, all] = [Math.min(bytes, python.size), python.size].map((count) => (count / MEGA).toFixed(1));
    this.#say(come === all ? "Python starts …" : `Python comes: ${come} of ${all} MB`);
  }

  /** Show an exception, and its line in the editor; return what to say of it. */
  #showError({ kind, message, line, text }) {
    const said = `${kind}: ${message}`;
    const head = make("p", { class: "pc-error" }, make("b", { textContent: said }));
    if (line) {
      this.editor.mark({ line, message: said });
      head.append(" ", button(`Go to line ${line}`, () => this.editor.go(line)));
    }
    const more = MISSING[kind] ? [make("p", { textContent: MISSING[kind] })] : [];
    const trace = make("details", {}, make("summary", { textContent: "Traceback" }), make("pre", { textContent: text }));
    this.output.append(head, ...more, trace);
    return line ? `Line ${line}: ${said}` : said;
  }

  reset() {
    if (!confirm(`Replace your ${this.name} by what the notebook comes with?`)) return;
    drafts.write(this.notebook, this.name, null);
    this.#takeOver();
    this.editor.mark(null);
    this.output?.replaceChildren();
    this.#say("This is what the notebook comes with.");
    this.editor.focus();
  }

  #showSolution(solution) {
    this.output.replaceChildren(make("pre", { textContent: solution }));
    this.#say("This is one of the ways to write it.");
  }
}
