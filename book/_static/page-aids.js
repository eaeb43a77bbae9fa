/* From disk a page cannot read its neighbours, so search results there go without excerpts. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* A formula or table that is too wide scrolls: then the keyboard must be able to reach it. */
addEventListener("load", () => {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const scrolling = "div.math.display > .formulas, .pst-scrollable-table-container";
  document.querySelectorAll(scrolling).forEach((wide) => watch.observe(wide));
});
