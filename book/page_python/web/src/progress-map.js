/* What is written, checked and holds of a chapter's exercises; the way out as a notebook, and back in. */
import { button, make } from "./dom.js";
import * as drafts from "./drafts.js";
import { file, filled, keep, read } from "./notebook.js";

const WORDS = { open: "not begun", written: "written", checked: "checked", holds: "holds" };

export class ProgressMap {
  constructor(place) {
    this.notebook = place.dataset.notebook;
    this.exercises = JSON.parse(place.dataset.exercises);
    this.list = make("ul", { class: "pc-map-list" });
    this.status = make("p", { class: "pc-status", aria: { role: "status", live: "polite" } });
    this.file = make("input", { type: "file", accept: ".ipynb,application/json", hidden: true });
    this.file.addEventListener("change", () => this.#take());
    place.replaceChildren(
      make(
        "section",
        { class: "pc-map", aria: { label: `Your notebook ${this.notebook}` } },
        make("p", { class: "pc-map-head" }, make("b", { textContent: "Your exercises of this chapter" })),
        this.list,
        make(
          "div",
          { class: "pc-tools" },
          button("Download my notebook", () => this.download(), "pc-main"),
          button("Open a notebook", () => this.file.click()),
          this.file,
        ),
        this.status,
      ),
    );
    this.#show();
    drafts.watch(this.notebook, () => this.#show());
  }

  #show() {
    this.list.replaceChildren(
      ...this.exercises.map(({ name, link, words }) => {
        const state = stateOf(drafts.read(this.notebook, name));
        const label = words ? "the question in words" : name;
        const title = make(words ? "span" : "code", { textContent: label });
        return make("li", { data: { state } }, make("a", { href: link }, title), ` ${WORDS[state]}`);
      }),
    );
  }

  async download() {
    const text = file(await filled(this.notebook));
    const url = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
    make("a", { href: url, download: `${this.notebook}.ipynb` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.status.textContent = `${this.notebook}.ipynb holds what you have written: hand it in, or open it in JupyterLab.`;
  }

  async #take() {
    const [chosen] = this.file.files;
    this.file.value = "";
    if (!chosen) return;
    try {
      const content = await read(this.notebook, await chosen.text());
      const written = this.exercises.some(({ name }) => drafts.read(this.notebook, name));
      if (written && !confirm("Replace what is written here by what the notebook holds?")) return;
      await keep(this.notebook, content);
      this.status.textContent = `${chosen.name} is open: ${content.found.size} of its cells can be written here.`;
    } catch (problem) {
      this.status.textContent = `${chosen.name} cannot be opened: ${problem.message}.`;
    }
  }
}

function stateOf(draft) {
  if (!draft) return "open";
  if (!draft.checked) return "written";
  return draft.checked.kept === draft.checked.count ? "holds" : "checked";
}
