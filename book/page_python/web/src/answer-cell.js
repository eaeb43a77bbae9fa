/* A question in words: written as Markdown, shown as the notebook will show it. */
import { later, make } from "./dom.js";
import * as drafts from "./drafts.js";
import { base, script } from "./files.js";
import { stub } from "./notebook.js";

let prose = null;

export class AnswerCell {
  constructor(place) {
    this.notebook = place.dataset.notebook;
    this.name = place.dataset.name;
    this.state = make("span", { class: "pc-state" });
    this.details = make(
      "details",
      { class: "pc-cell" },
      make("summary", {}, make("span", { class: "pc-title", textContent: "Answer it here" }), this.state),
    );
    this.details.addEventListener("toggle", () => this.#open(), { once: true });
    place.replaceChildren(this.details);
    this.#showState();
    drafts.watch(this.notebook, (name) => {
      if (name !== this.name) return;
      this.#showState();
      if (this.field && this.field.value !== (this.draft?.source ?? "")) this.#show();
    });
  }

  get draft() {
    return drafts.read(this.notebook, this.name);
  }

  async #open() {
    this.fresh = await stub(this.notebook, this.name);
    const save = later(() => this.#save(), 400);
    const note = `${this.name}-note`;
    this.field = make("textarea", { class: "pc-answer", rows: 8, aria: { label: "Your answer", describedby: note } });
    this.preview = make("div", { class: "pc-preview", aria: { role: "group", label: "Your answer as it will be read" } });
    this.saved = make("p", { class: "pc-note pc-saved" });
    this.field.addEventListener("input", save);
    addEventListener("pagehide", () => this.#save());
    this.details.append(
      this.field,
      make("p", { id: note, class: "pc-note", textContent: "Markdown, with formulas between dollar signs. A person reads it." }),
      this.preview,
      this.saved,
    );
    this.#show();
    this.#showState();
    this.field.focus();
  }

  #save() {
    const source = this.field.value;
    if (source === (this.draft?.source ?? "")) return;
    drafts.write(this.notebook, this.name, source.trim() ? { source, saved: Date.now() } : null);
    this.#showPreview();
  }

  #show() {
    this.field.value = this.draft?.source ?? "";
    this.#showPreview();
  }

  async #showPreview() {
    prose ??= script(`${base}prose.js`).then(() => window.PageProse);
    const { rendered } = await prose;
    this.preview.replaceChildren(rendered(this.field.value));
  }

  #showState() {
    const { draft } = this;
    this.state.textContent = draft ? "written" : "";
    if (!this.saved) return;
    const when = draft ? `Last saved in this browser: ${drafts.said(draft)}.` : "Nothing written yet.";
    const lost = `Nothing can be kept in this browser (${drafts.denied}): download your notebook before you leave.`;
    this.saved.textContent = drafts.denied ? lost : when;
  }
}
