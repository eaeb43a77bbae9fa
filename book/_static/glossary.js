/* What a term means, shown where it is linked: under the pointer and under the keyboard's focus, until Escape. */
(() => {
  const hint = Object.assign(document.createElement("div"), { id: "glossary-hint", role: "tooltip", hidden: true });
  let owner = null;

  function hide() {
    owner?.removeAttribute("aria-describedby");
    owner = null;
    hint.hidden = true;
  }

  function show(term) {
    hide();
    owner = term.querySelector("a");
    owner.setAttribute("aria-describedby", hint.id);
    hint.textContent = term.dataset.hint;
    term.append(hint); // inside the term, so that the pointer can rest on it
    hint.hidden = false;
    hint.style.left = "0";
    const beyond = hint.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    if (beyond > 0) hint.style.left = `${-beyond}px`;
  }

  function start() {
    for (const term of document.querySelectorAll(".hinted")) {
      term.addEventListener("mouseenter", () => show(term));
      term.addEventListener("focusin", () => show(term));
      term.addEventListener("mouseleave", hide);
      term.addEventListener("focusout", hide);
    }
    addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
