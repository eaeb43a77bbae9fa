/* The way into JupyterLite; a page from disk says what it takes. */
import { make } from "./dom.js";

const WHY =
  "A browser opens notebooks over http only, and this page comes from disk. In the course's folder, make serve " +
  "shows the book over http, as any web host does. The cells below work here as well.";

export class LiteDoor {
  constructor(place) {
    if (location.protocol !== "file:") return;
    const status = make("p", { class: "pc-status", aria: { role: "status", live: "polite" } });
    place.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      status.textContent = WHY;
    });
    place.after(status);
  }
}
