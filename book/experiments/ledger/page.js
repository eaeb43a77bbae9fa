(() => {
  const ledger = document.currentScript.parentElement.querySelector(".ledger:has(form)");
  const form = ledger.querySelector("form");
  const rows = [...ledger.querySelectorAll(".ledger-claims > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());

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
    form.querySelector("output").textContent = `${count} of ${rows.length} claims`;
  }

  function reveal() {
    const row = rows.find((candidate) => `#${candidate.id}` === location.hash);
    if (!row) return;
    if (row.hidden) {
      form.reset();
      show();
    }
    row.scrollIntoView();
  }

  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  addEventListener("load", reveal); // the filter has moved the table since the browser looked for the row
  form.hidden = false;
})();
