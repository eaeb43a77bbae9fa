(() => {
  const ledger = document.currentScript.parentElement.querySelector(".ledger:has(form)");
  const form = ledger.querySelector("form");
  const rows = [...ledger.querySelectorAll(".ledger-claims > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const fields = [...form.elements].filter((field) => field.name);

  function show() {
    const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, i) => {
      const fits =
        (!form.verdict.value || row.dataset.verdict === form.verdict.value) &&
        (!form.chapter.value || row.dataset.chapter === form.chapter.value) &&
        (!form.surprise.checked || row.dataset.surprise === "yes") &&
        words.every((word) => texts[i].includes(word));
      row.hidden = !fits;
      count += fits;
    });
    form.querySelector("output").textContent = count ? `${count} of ${rows.length} claims` : "No claim matches.";
  }

  /** What is chosen stands in the address, so that it can be passed on and is there again after Back. */
  function keep() {
    const address = new URL(location.href);
    for (const field of fields) {
      const value = field.type === "checkbox" ? field.checked && "yes" : field.value;
      if (value) address.searchParams.set(field.name, value);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(history.state, "", address);
  }

  /** Choose what the address says; the browser may have put back something else by itself. */
  function recall() {
    const chosen = new URLSearchParams(location.search);
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = chosen.has(field.name);
      else field.value = chosen.get(field.name) ?? "";
      if (field.value === "" && field.options) field.selectedIndex = 0; // an address with no such choice
    }
    show();
  }

  /** On a narrow page a claim is its sentence and its verdict, until it is unfolded. */
  function fold(row) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "ledger-more";
    more.textContent = "Why";
    more.setAttribute("aria-label", `Why, claim ${row.id.toUpperCase()}`);
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => unfold(row, !row.classList.contains("unfolded")));
    row.querySelector(".ledger-verdict").after(" ", more);
  }

  function unfold(row, open) {
    row.classList.toggle("unfolded", open);
    row.querySelector(".ledger-more").setAttribute("aria-expanded", String(open));
  }

  function reveal() {
    const row = rows.find((candidate) => `#${candidate.id}` === location.hash);
    if (!row) return;
    if (row.hidden) {
      form.reset();
      show();
      keep();
    }
    unfold(row, true);
    row.scrollIntoView({ behavior: "instant" });
  }

  function choose() {
    show();
    keep();
  }

  rows.forEach(fold);
  ledger.classList.add("foldable");
  form.addEventListener("input", choose);
  form.addEventListener("reset", () => setTimeout(choose));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  addEventListener("pageshow", recall);
  addEventListener("load", reveal); // the filter has moved the table since the browser looked for the row
  form.hidden = false;
})();
