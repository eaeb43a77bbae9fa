/* Every exercise of a page becomes a place to write; what is heavy is loaded when it is used first. */
import { AnswerCell } from "./answer-cell.js";
import { CodeCell } from "./code-cell.js";
import { LiteDoor } from "./lite-door.js";
import { ProgressMap } from "./progress-map.js";

export { ask, start, stop } from "./python.js"; // as a reader presses them

const KINDS = { code: CodeCell, answer: AnswerCell, lite: LiteDoor, map: ProgressMap };

function begin() {
  for (const place of document.querySelectorAll("[data-page-cell]")) new KINDS[place.dataset.pageCell](place);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
