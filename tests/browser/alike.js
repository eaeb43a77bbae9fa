/* Marks all but a few of the texts that look alike, before axe is asked about their contrast.
 *
 * Most of the time that axe takes goes into the contrast of texts that differ in their words only: names in a listing,
 * cells of a table, what stands around every page. Alike are elements of one kind whose styles, and those of all around
 * them, are the same in all that a contrast depends on. What was seen comes in and goes out, for the next page.
 */
({ few, numbers, counts }) => {
  const STYLES = [
    "color", "fontSize", "fontWeight", "textShadow", "backgroundColor", "backgroundImage", "opacity", "filter",
    "mixBlendMode", "position", "transform", "clip", "clipPath", "overflow", "visibility", "display",
  ];
  const looks = new Map();

  function look(element) {
    if (!element) return 0;
    if (!looks.has(element)) {
      const styles = getComputedStyle(element);
      const own = STYLES.map((name) => styles[name]);
      const text = [look(element.parentElement), element.localName, element.hasAttribute("disabled"), ...own].join("|");
      looks.set(element, (numbers[text] ??= Object.keys(numbers).length + 1));
    }
    return looks.get(element);
  }

  for (const element of document.querySelectorAll("body *")) {
    element.removeAttribute("data-alike");
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const found = `${look(element)} ${element.checkVisibility({ opacityProperty: true, visibilityProperty: true })}`;
    counts[found] = (counts[found] ?? 0) + 1;
    if (counts[found] > few) element.setAttribute("data-alike", "");
  }
  return { few, numbers, counts };
}
