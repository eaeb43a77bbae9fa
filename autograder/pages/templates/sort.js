// Lets the heads of the students' table sort it; without this script the table stands sorted by name.
const table = document.getElementById("students");
const heads = [...table.tHead.rows[0].cells];
const value = (row, column) => row.cells[column].textContent;
heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const numbers = head.classList.contains("number");
    const before = head.getAttribute("aria-sort");
    // What an instructor looks for first stands on top: the lowest score, the first name.
    const direction = before === "ascending" ? -1 : 1;
    const compare = (a, b) => numbers
      ? value(a, column) - value(b, column)
      : value(a, column).localeCompare(value(b, column));
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => direction * compare(a, b)));
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
  });
});
