/* Where a reader is: the section's name and how much of the page has been read, in the header; and one switch, kept in
 * this browser, that folds the code of all chapters. The notebooks' pages are made of code and have no such switch. */
(() => {
  const KEY = "pooling-measured/code";
  const WORDS_A_MINUTE = 200;
  const root = document.documentElement;

  function folded() {
    try {
      return localStorage.getItem(KEY) === "folded";
    } catch {
      return root.dataset.code === "folded";
    }
  }

  function fold(yes) {
    root.dataset.code = yes ? "folded" : "open";
    try {
      localStorage.setItem(KEY, root.dataset.code);
    } catch {
      // denied: it lasts for this page
    }
  }

  function addSwitch(header) {
    if (!document.querySelector(".bd-article .cell_input") || location.pathname.includes("/exercises/")) return;
    if (folded()) fold(true);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "code-switch", textContent: "Code" });
    const show = () => {
      button.setAttribute("aria-pressed", String(!folded()));
      button.title = folded() ? "Show the code of all chapters" : "Fold the code of all chapters";
    };
    button.addEventListener("click", () => {
      fold(!folded());
      show();
    });
    show();
    header.querySelector(".article-header-buttons")?.prepend(button);
  }

  function addPlace(header) {
    const headings = [...document.querySelectorAll(".bd-article h2")];
    if (headings.length < 2) return;
    const counted = document.querySelector(".chapter-map")?.textContent.match(/About (\d+) minutes/)?.[1]; // code as well
    const words = [...document.querySelectorAll(".bd-article :is(p, li)")].reduce((sum, one) => sum + one.textContent.split(/\s+/).length, 0);
    const minutes = `about ${counted ?? Math.max(1, Math.round(words / WORDS_A_MINUTE))} minutes`;
    const names = new Map(headings.map((heading) => [heading, heading.firstChild.textContent.trim()]));
    const place = Object.assign(document.createElement("p"), { className: "reading-place", ariaHidden: "true" });
    const bar = Object.assign(document.createElement("i"), { className: "reading-bar", ariaHidden: "true" });
    header.append(place, bar);
    let waiting = false;
    const show = () => {
      waiting = false;
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120).at(-1);
      const text = passed ? names.get(passed) : minutes;
      if (place.textContent !== text) place.textContent = text;
      bar.style.transform = `scaleX(${Math.min(1, scrollY / Math.max(1, root.scrollHeight - innerHeight))})`;
    };
    addEventListener("scroll", () => {
      if (!waiting) requestAnimationFrame(show);
      waiting = true;
    }, { passive: true });
    show();
  }

  if (folded() && !location.pathname.includes("/exercises/")) root.dataset.code = "folded"; // before anything is painted
  addEventListener("DOMContentLoaded", () => {
    const header = document.querySelector(".bd-header-article");
    if (!header) return;
    addSwitch(header);
    addPlace(header);
  });
})();
