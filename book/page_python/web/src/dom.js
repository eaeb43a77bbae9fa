/* Small helpers for building what a page shows. */

/** Return a new element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const { class: name, data = {}, aria = {}, ...others } = properties;
  const element = Object.assign(document.createElement(tag), others);
  if (name) element.className = name;
  Object.assign(element.dataset, data);
  for (const [key, value] of Object.entries(aria)) element.setAttribute(key === "role" ? key : `aria-${key}`, value);
  element.append(...children);
  return element;
}

/** A button that says why it does nothing while it is off, and keeps the focus meanwhile. */
export function button(label, press, name = "") {
  const element = make("button", { type: "button", class: `pc-button ${name}`, textContent: label });
  element.addEventListener("click", () => {
    if (element.getAttribute("aria-disabled") !== "true") press();
  });
  return element;
}

export function enable(element, on) {
  element.setAttribute("aria-disabled", String(!on));
}

/** Return a function that calls `work` once nothing has asked for it for a while. */
export function later(work, milliseconds) {
  let timer;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(ask.now, milliseconds);
  };
  ask.now = () => {
    clearTimeout(timer);
    work();
  };
  return ask;
}
