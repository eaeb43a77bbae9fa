/* Search results open at the section that has the words, and quote it with formulas that can be read. Sphinx's own
 * script finds pages; what each section says stands in sections.js, which only the page of results loads. */
(() => {
  const MOST = 3; // sections of a page that are worth a line each

  /** A formula as text: x^2, a_i, (a)/(b), √(x). */
  function formula(node) {
    const parts = [...node.children].map(formula);
    const forms = {
      msup: ([base, up]) => `${base}^${up}`, msub: ([base, down]) => `${base}_${down}`,
      msubsup: ([base, down, up]) => `${base}_${down}^${up}`, mfrac: ([above, below]) => `(${above})/(${below})`,
      msqrt: (inner) => `√(${inner.join("")})`, munder: ([base, down]) => `${base}_${down}`,
      munderover: ([base, down, up]) => `${base}_${down}^${up}`,
    };
    return parts.length ? (forms[node.localName] ?? ((all) => all.join("")))(parts) : node.textContent;
  }

  /** What a section says before its first subsection, without what a reader would not take for text. */
  function readable(html, anchor) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("[role=main]");
    const section = page.getElementById(anchor.slice(1))?.closest("section") ?? main.querySelector("section");
    const noText = "section section, .headerlink, script, style, svg, details.answer, .plot";
    for (const left of section.querySelectorAll(noText)) left.remove();
    for (const math of section.querySelectorAll("math")) math.replaceWith(` ${formula(math)} `);
    for (const block of section.querySelectorAll("p, li, td, th, h1, h2, h3, h4, pre, dt, dd")) block.append(" ");
    return section.textContent.replace(/\s+/g, " ");
  }

  /** The sections of a page that have most of the words, in the page's order, in place of the page. */
  function narrowed([name, title, , description, score, file], stems) {
    const has = (words, stem) => words.includes(stem) || (stem.length > 2 && words.some((word) => word.includes(stem)));
    const rated = SECTIONS[name].map(([anchor, heading, words]) => {
      const found = stems.filter((stem) => has(words.split(" "), stem)).length;
      const named = stems.filter((stem) => heading.toLowerCase().includes(stem)).length;
      return { anchor, heading, found, named };
    });
    const most = Math.max(...rated.map((one) => one.found));
    if (!most) return [[name, title, "", description, score, file]];
    const best = rated.filter((one) => one.found === most).sort((a, b) => b.named - a.named);
    return best.slice(0, most === stems.length ? MOST : 1).map(({ anchor, heading, named }) =>
      [name, anchor ? `${title} > ${heading}` : title, anchor ? `#${anchor}` : "", description, score + 5 * named, file]);
  }

  function start() {
    if (typeof Search === "undefined" || typeof SECTIONS === "undefined") return;
    const found = Search.performTermsSearch;
    Search.performTermsSearch = (terms, excluded) => found(terms, excluded).flatMap((result) => narrowed(result, [...terms]));
    Search.htmlToText = readable;
  }

  document.addEventListener("DOMContentLoaded", start); // before Sphinx begins to search, which was loaded later
})();
