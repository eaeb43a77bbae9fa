/* Marks all but a few of the texts that look alike, before axe is asked about their contrast.
 *
 * Most of the time that axe takes goes into the contrast of texts that differ in their words only: names in a listing,
 * cells of a table. Alike are leaves of one kind whose styles, and those of all around them, are the same in all that
 * a contrast depends on.
 */
(few) => {
  const STYLES = [
    "color", "fontSize", "fontWeight", "textShadow", "backgroundColor", "backgroundImage", "opacity", "filter",
    "mixBlendMode", "position", "transform", "clip", "clipPath", "overflow", "visibility", "display",
  ];
  const numbers = new Map();
  const looks = new Map();
  const counts = new Map();

  function look(element) {
    if (!element) return 0;
    if (!looks.has(element)) {
      const styles = getComputedStyle(element);
      const own = STYLES.map((name) => styles[name]);
      const text = [look(element.parentElement), element.localName, element.hasAttribute("disabled"), ...own].join("|");
      if (!numbers.has(text)) numbers.set(text, numbers.size + 1);
      looks.set(element, numbers.get(text));
    }
    return looks.get(element);
  }

  for (const element of document.querySelectorAll("body *")) {
    element.removeAttribute("data-alike");
    if (element.childElementCount || !element.textContent.trim()) continue;
    const found = `${look(element)} ${element.checkVisibility({ opacityProperty: true, visibilityProperty: true })}`;
    counts.set(found, (counts.get(found) ?? 0) + 1);
    if (counts.get(found) > few) element.setAttribute("data-alike", "");
  }
}
