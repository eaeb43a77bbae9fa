/* The ledger as a game: read a claim, say what was found, and see. Nothing is scored or sent; the browser keeps it. */
(() => {
  const KEY = "pooling-measured/ledger";
  const OFFERED = ["true", "half-true", "depends", "false"];
  const STRIDE = 37; // claims come in an order that looks shuffled and is always the same
  const place = document.querySelector(".ledger-game");
  const rows = [...document.querySelectorAll(".ledger-claims > tbody")].filter((row) => OFFERED.includes(row.dataset.verdict));
  const order = rows.map((_, i) => rows[(i * STRIDE) % rows.length]);
  let said = recall();
  let shown = null;

  function recall() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(said));
    } catch {
      // denied or full: it lasts for this visit
    }
  }

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function button(text, press) {
    const made = element("button", { type: "button", textContent: text });
    made.addEventListener("click", press);
    return made;
  }

  const text = element("blockquote");
  const choices = element("div", { className: "ledger-choices", role: "group", ariaLabel: "What was found?" },
    ...OFFERED.map((verdict) => button(verdict, () => guess(verdict))));
  const found = element("div", { className: "ledger-found", role: "status" });
  const next = button("Another claim", () => ask(true));
  const over = button("Forget my guesses", () => {
    said = {};
    keep();
    ask(true);
  });
  const count = element("p", { className: "ledger-count" });

  /** A row says what the reader thought of it. */
  function mark(row) {
    const cell = row.querySelector(".ledger-verdict").parentElement;
    cell.querySelector(".ledger-guess")?.remove();
    if (said[row.id]) cell.append(element("span", { className: "ledger-guess", textContent: `you said ${said[row.id]}` }));
  }

  function tell() {
    const guessed = rows.filter((row) => said[row.id]);
    const right = guessed.filter((row) => said[row.id] === row.dataset.verdict);
    count.textContent = guessed.length
      ? `You have guessed ${guessed.length} of ${rows.length}, ${right.length} of them as measured.` : "";
    over.hidden = !guessed.length;
    rows.forEach(mark);
  }

  function ask(focus) {
    shown = order.find((row) => !said[row.id]) ?? null;
    const claim = shown?.querySelector("th").cloneNode(true);
    claim?.querySelector("a").remove();
    text.replaceChildren(claim ? claim.textContent.trim() : "You have guessed them all.");
    choices.hidden = !shown;
    found.replaceChildren();
    next.hidden = true;
    tell();
    if (focus) (shown ? choices.firstChild : over).focus();
  }

  function guess(verdict) {
    said[shown.id] = verdict;
    keep();
    const [, badge, figure, why] = shown.querySelector("tr").children;
    const answer = badge.querySelector(".ledger-verdict").cloneNode(true);
    const same = verdict === shown.dataset.verdict;
    const line = element("p", {}, same ? "So it is: " : `You said ${verdict}; it is `, answer, ". ",
      element("a", { href: `#${shown.id}`, textContent: "Its row" }));
    found.dataset.verdict = shown.dataset.verdict;
    found.replaceChildren(line, element("p", { className: "ledger-figure", textContent: figure.textContent }),
      element("p", {}, ...[...why.childNodes].map((node) => node.cloneNode(true))));
    choices.hidden = true;
    next.hidden = false;
    tell();
    next.focus();
  }

  place.append(element("p", {}, element("strong", { textContent: "Guess first. " }),
    "Someone says this. What did the measurements find?"), text, choices, found, next, count, over);
  place.hidden = false;
  ask(false);
})();
