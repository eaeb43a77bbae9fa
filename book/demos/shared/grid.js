/* A matrix of numbers as a mosaic of coloured cells, walked by arrow keys, with frames laid over it. */
import { format, make } from "./ui.js";

const MOVES = {
  ArrowUp: ([r, c]) => [r - 1, c], ArrowDown: ([r, c]) => [r + 1, c],
  ArrowLeft: ([r, c]) => [r, c - 1], ArrowRight: ([r, c]) => [r, c + 1],
  Home: ([r]) => [r, 0], End: ([r]) => [r, Infinity],
};

const MOST_LEGIBLE = 9; // columns whose numbers a phone has room for

/** The colour class of a value on a scale whose largest magnitude is `largest`. */
export function level(value, largest) {
  const share = largest > 0 ? value / largest : 0;
  if (share > 0) return `lm-p${Math.min(8, Math.ceil(share * 8))}`;
  return share < 0 ? `lm-n${Math.min(6, Math.ceil(-share * 6))}` : "lm-zero";
}

/** The largest magnitude in a matrix. */
export function magnitude(rows) {
  return rows.reduce((most, row) => row.reduce((m, value) => Math.max(m, Math.abs(value)), most), 0);
}

export class Grid {
  /** Handlers get (row, column): `onVisit` for pointing and arrow keys, `onPress` for a click, Enter or Space,
   *  `onType` for any other key (returns true if it used it). */
  constructor(caption, { onVisit, onPress, onType } = {}) {
    this.handlers = { onVisit, onPress, onType };
    this.cells = [];
    this.ring = make("div", { class: "lm-ring", "aria-hidden": "true" });
    this.grid = make("div", {
      class: "lm-grid", role: "grid", "aria-label": caption,
      onpointerover: (event) => this.#point(event, onVisit),
      onclick: (event) => this.#point(event, onPress),
      onfocusin: (event) => this.#point(event, onVisit),
      onkeydown: (event) => this.#key(event),
    });
    this.board = make("div", { class: "lm-board" }, this.ring, this.grid);
    this.caption = make("span", { class: "lm-size" });
    this.title = make("span", {}, caption);
    this.value = make("span", { class: "lm-value", "aria-hidden": "true" }); // on phones, where cells are too small for numbers
    this.node = make("div", { class: "lm-pane" },
      make("p", { class: "lm-caption" }, this.title, this.caption, this.value), this.board);
    this.current = [0, 0];
    this.frames = new Map();
  }

  /** Show rows of values, null for an empty cell; `shade(row, column)` overrides the colour. The same rows as before are not drawn again. */
  show(rows, { padding = [0, 0], paddingText = "", shade, largest = magnitude(rows) } = {}) {
    const same = rows === this.shown?.rows && largest === this.shown.largest && !shade;
    this.shown = { rows, largest };
    this.#resize(rows.length, rows[0]?.length ?? 0, padding, paddingText);
    if (same) return;
    let widest = 2;
    for (const [r, row] of rows.entries()) {
      for (const [c, value] of row.entries()) {
        const cell = this.cells[r][c];
        const shown = value === null ? "" : format(value);
        const kind = `lm-cell ${shade ? shade(r, c) : level(value, largest)}`;
        if (cell.firstChild.data !== shown) cell.firstChild.data = shown;
        if (cell.className !== kind) cell.className = kind;
        widest = Math.max(widest, shown.length);
      }
    }
    this.board.style.setProperty("--chars", widest);
    this.#tell();
  }

  /** Empty the grid: there is nothing to show. */
  clear() {
    this.show([]);
    this.caption.textContent = "";
  }

  /** Lay a named frame over rows [top, bottom) and columns [left, right), padding included; null removes it.
   *  `kind` is how it looks: "window", "cell", "tap", "bin". */
  frame(name, area, kind = name) {
    if (!this.frames.has(name)) {
      if (!area) return;
      this.frames.set(name, make("div", { class: `lm-frame lm-frame-${kind}`, "aria-hidden": "true" }));
      this.board.append(this.frames.get(name));
    }
    const { style } = this.frames.get(name);
    style.display = area ? "" : "none";
    if (!area) return;
    const [rows, columns] = this.total;
    const [ph, pw] = this.padding;
    style.left = `${((area.left + pw) / columns) * 100}%`;
    style.top = `${((area.top + ph) / rows) * 100}%`;
    style.width = `${((area.right - area.left) / columns) * 100}%`;
    style.height = `${((area.bottom - area.top) / rows) * 100}%`;
  }

  /** Lay frames of one kind over some areas, and remove those of an earlier call. */
  frameAll(kind, areas) {
    const before = [...this.frames.keys()].filter((name) => name.startsWith(`${kind}-`)).length;
    for (let i = 0; i < Math.max(before, areas.length); i++) this.frame(`${kind}-${i}`, areas[i], kind);
  }

  /** Make one cell the one that Tab reaches. */
  select(row, column) {
    const [r, c] = this.current;
    this.cells[r]?.[c]?.setAttribute("tabindex", -1);
    this.cells[r]?.[c]?.removeAttribute("aria-selected");
    this.current = [row, column];
    this.cells[row]?.[column]?.setAttribute("tabindex", 0);
    this.cells[row]?.[column]?.setAttribute("aria-selected", "true");
    this.#tell();
  }

  #tell() {
    const [row, column] = this.current;
    const cell = this.cells[row]?.[column];
    const text = cell ? `[${row}, ${column}] ${cell.firstChild.data}` : "";
    if (this.value.textContent !== text) this.value.textContent = text;
  }

  #resize(rows, columns, padding, paddingText) {
    const key = [rows, columns, ...padding, paddingText].join();
    if (this.key === key) return;
    const reshaped = this.cells.length !== rows || (this.cells[0]?.length ?? 0) !== columns;
    this.key = key;
    this.padding = padding;
    this.total = [rows + 2 * padding[0], columns + 2 * padding[1]];
    this.node.style.setProperty("--rows", this.total[0]);
    this.node.style.setProperty("--columns", this.total[1]);
    Object.assign(this.grid.style, {
      top: `${(padding[0] / this.total[0]) * 100}%`, height: `${(rows / this.total[0]) * 100}%`,
      left: `${(padding[1] / this.total[1]) * 100}%`, width: `${(columns / this.total[1]) * 100}%`,
    });
    this.caption.textContent = `${rows} × ${columns}`;
    this.board.hidden = rows * columns === 0;
    this.node.classList.toggle("lm-many", columns > MOST_LEGIBLE);
    if (reshaped) this.#fill(rows, columns);
    this.#fillRing(rows, columns, paddingText);
  }

  #fill(rows, columns) {
    this.grid.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`;
    this.cells = Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => {
      const cell = make("div", { class: "lm-cell", role: "gridcell", tabindex: -1 });
      cell.append("");
      cell.place = [row, column];
      return cell;
    }));
    this.grid.replaceChildren(...this.cells.map((cells) => make("div", { class: "lm-row", role: "row" }, ...cells)));
    const [row, column] = this.current;
    this.select(Math.min(row, rows - 1), Math.min(column, columns - 1));
  }

  #fillRing(rows, columns, paddingText) {
    const [ph, pw] = this.padding;
    const cells = [];
    for (let r = -ph; r < rows + ph; r++) {
      for (let c = -pw; c < columns + pw; c++) {
        if (r >= 0 && r < rows && c >= 0 && c < columns) continue;
        const cell = make("span", {}, paddingText);
        cell.style.gridArea = `${r + ph + 1} / ${c + pw + 1}`;
        cells.push(cell);
      }
    }
    this.ring.style.gridTemplate = `repeat(${this.total[0]}, 1fr) / repeat(${this.total[1]}, 1fr)`;
    this.ring.replaceChildren(...cells);
  }

  #point(event, handler) {
    const place = event.target.place;
    if (place && handler) handler(...place, event);
  }

  #key(event) {
    if (!event.target.place || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = event.target.place;
    const { onPress, onType } = this.handlers;
    if (event.key in MOVES) {
      const [r, c] = MOVES[event.key]([row, column]);
      const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
      this.cells[clamp(r, this.cells.length)][clamp(c, this.cells[0].length)].focus();
    } else if ((event.key === "Enter" || event.key === " ") && onPress) onPress(row, column, event);
    else if (!onType?.(row, column, event.key)) return;
    event.preventDefault();
  }
}

/** The value that a key gives to a cell, or undefined: digits set it, minus changes its sign. */
export function typedValue(key, value) {
  if (/^[0-9]$/.test(key)) return Number(key);
  if (key === "-") return -value;
  return key === "Delete" || key === "Backspace" ? 0 : undefined;
}

/** A copy of an image with one cell changed. */
export function withCell(image, row, column, value) {
  return image.map((line, r) => (r === row ? line.map((old, c) => (c === column ? value : old)) : line));
}
