/* For paper: the answers to the questions go to the chapter's end, and what demos have drawn stands below their
 * pictures. After printing all is as before. */
(() => {
  let undo = [];

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function moveAnswers() {
    const answers = [...document.querySelectorAll(".bd-article details.answer")];
    if (!answers.length) return;
    const end = element("section", { className: "answers-at-the-end" }, element("h2", { textContent: "Answers" }));
    answers.forEach((answer, i) => {
      const note = element("p", { className: "answer-note", textContent: `Answer ${i + 1} stands at the chapter's end.` });
      answer.replaceWith(note);
      end.append(element("h3", { textContent: `Answer ${i + 1}` }), answer);
      undo.push(() => note.replaceWith(answer));
    });
    document.querySelector(".bd-article").append(end);
    undo.push(() => end.remove());
  }

  function drawDemos() {
    for (const live of document.querySelectorAll(".has-live-widget")) {
      const drawn = [...live.querySelectorAll(".lm-demo canvas")].filter((canvas) => canvas.checkVisibility());
      const picture = live.querySelector(".demo-picture");
      if (!drawn.length || !picture) continue;
      const images = drawn.map((canvas) => element("img", { src: canvas.toDataURL(), alt: canvas.getAttribute("aria-label") ?? "" }));
      const row = element("div", { className: "demo-drawn" }, ...images.map((image) => element("figure", {}, image,
        element("figcaption", { textContent: image.alt }))));
      picture.append(row);
      undo.push(() => row.remove());
    }
  }

  addEventListener("beforeprint", () => {
    drawDemos(); // what is to be moved has been seen before
    moveAnswers();
  });
  addEventListener("afterprint", () => {
    undo.forEach((step) => step());
    undo = [];
  });
})();
