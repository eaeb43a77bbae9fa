/* What can be set: the task, the training, the networks. */
import { BATCHES, KERNELS, LIMITS, MOST_BLOCKS, PLACES, RATES } from "./address.js";
import { BORDERS, DROPOUTS, HEADS, POOLS, SIDE, stages } from "./spec.js";
import { TASKS } from "./tasks.js";
import { button, choice, enable, grouped, make, stepper, toggle } from "../shared/ui.js";

export const NAMES = ["A", "B"];

function field(label, control) {
  return make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label), control.node);
}

const labelled = (values, label = String) => Object.fromEntries(values.map((value) => [String(value), label(value)]));
const line = (...nodes) => make("div", { class: "lm-line" }, ...nodes);

/** A part of the lab with a heading. */
export function part(title, ...nodes) {
  return make("div", { class: "lm-part", role: "group", "aria-label": title }, make("p", { class: "lm-parttitle" }, title), ...nodes);
}

/** Task, images and how they are learnt; `apply` takes changes. */
export function trainingPanel(apply) {
  const tasks = Object.fromEntries(Object.entries(TASKS).map(([key, { name }]) => [key, name]));
  const task = choice("Task", tasks, (value) => apply({ task: value }));
  const [images, noise, seed] = ["images", "noise", "seed"].map((name) =>
    stepper(name, LIMITS[name], (value) => apply({ [name]: LIMITS[name].step ? rounded(value) : Math.round(value) })));
  const rate = choice("Learning rate", labelled(RATES), (value) => apply({ rate: Number(value) }));
  const batch = choice("Batch", labelled(BATCHES), (value) => apply({ batch: Number(value) }));
  const shifts = toggle("shift the training images by up to 2 pixels", (value) => apply({ shifts: value }));
  const node = part("What is learnt, and how", line(task.node), line(field("images", images), field("noise", noise), field("seed", seed), rate.node,
    batch.node), line(shifts.node));
  function show(settings) {
    for (const [name, control] of Object.entries({ images, noise, seed, shifts })) control.show(settings[name]);
    for (const [name, control] of Object.entries({ task, rate, batch })) control.show(String(settings[name]));
  }
  return { node, show };
}

const rounded = (value) => Math.round(value * 10) / 10;

/** A network as a table: what each stage gives, sees and costs. */
function networkTable(name) {
  const body = make("tbody");
  const heads = ["layer", "shape", "sees", "parameters", "MACs"];
  const node = make("div", { class: "lm-scroll", tabindex: 0, role: "group", "aria-label": `Network ${name}: layers` },
    make("table", { class: "lm-stages" }, make("caption", {}, make("b", { class: `lm-${name.toLowerCase()}` }, `Network ${name}`)),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), body));
  function show(spec, classes, chosen, possible) {
    const rows = stages(spec, classes);
    const total = (what) => grouped(rows.reduce((sum, row) => sum + row[what], 0));
    const told = (text) => (possible ? text : "–");
    const cells = (row) => [told(row.name === "head" ? `${row.width} → ${row.channels}` : `${row.channels}×${row.size}×${row.size}`),
      told(row.field === null ? "all" : `${Math.min(row.field, SIDE)}×${Math.min(row.field, SIDE)}`),
      told(row.parameters ? grouped(row.parameters) : ""), told(row.macs ? grouped(row.macs) : "")];
    body.replaceChildren(...rows.map((row, index) => make("tr", { class: index === chosen + 1 ? "lm-chosen" : "" },
      make("th", { scope: "row" }, words(spec, index, row)), ...cells(row).map((text) => make("td", {}, text)))),
    make("tr", { class: "lm-total" }, make("th", { scope: "row" }, "in all"), make("td"), make("td"), make("td", {}, told(total("parameters"))),
      make("td", {}, told(total("macs")))));
  }
  return { node, show };
}

/** A stage in a few words. */
function words({ blocks, head }, index, { name }) {
  if (index === 0) return name;
  if (index > blocks.length) return HEADS[head];
  const { filters, kernel, pool, window, stride, dropout, p } = blocks[index - 1];
  const geometry = { none: "", stride: ` ${stride}` }[pool] ?? ` ${window}×${window}/${stride}`;
  const dropped = dropout === "none" ? "" : `, dropout ${p}`;
  return `${filters} of ${kernel}×${kernel}, ${pool === "none" ? "no pool" : POOLS[pool] + geometry}${dropped}`;
}

const FRESH = { filters: 16, kernel: 3, padding: "zero", pool: "max", window: 2, stride: 2, dropout: "none", place: "after", p: 0.5 };
const USUAL_WINDOW = { blur: 3 };

/** Both networks, and the controls of the block that is chosen; `apply` takes changes. */
export function networksPanel(current, apply) {
  const network = () => current().network;
  const change = (edit) => apply({ networks: current().networks.map((spec, index) => (index === network() ? edit(spec) : spec)) });
  const edit = (changes) => change((spec) => ({ ...spec,
    blocks: spec.blocks.map((block, index) => (index === current().block ? { ...block, ...changes } : block)) }));
  const which = choice("Network", labelled([0, 1], (index) => NAMES[index]), (value) => apply({ network: Number(value) }));
  const block = choice("Block", labelled([0, 1, 2], (index) => String(index + 1)), (value) => apply({ block: Number(value) }));
  const blockLabels = [...block.node.querySelectorAll("label")];
  const add = button("Add a block", () => change((spec) => ({ ...spec, blocks: [...spec.blocks, FRESH] })));
  const remove = button("Remove the last", () => change((spec) => ({ ...spec, blocks: spec.blocks.slice(0, -1) })));
  const copy = button("Make the other the same", () => apply({ networks: current().networks.map(() => current().networks[network()]) }));
  const steppers = { filters: "filters", window: "window", stride: "stride", p: "p of dropout" };
  const numbers = Object.fromEntries(Object.entries(steppers).map(([name, label]) =>
    [name, stepper(label, LIMITS[name], (value) => edit({ [name]: name === "p" ? rounded(value) : Math.round(value) }))]));
  const choices = {
    kernel: choice("Filter size", labelled(KERNELS, (size) => `${size} × ${size}`), (value) => edit({ kernel: Number(value) })),
    padding: choice("Border", BORDERS, (value) => edit({ padding: value })),
    pool: choice("Pool", POOLS, (value) => edit({ pool: value, window: USUAL_WINDOW[value] ?? 2 })),
    dropout: choice("Dropout", DROPOUTS, (value) => edit({ dropout: value })),
    place: choice("Where it drops", PLACES, (value) => edit({ place: value })),
  };
  const head = choice("Head", HEADS, (value) => change((spec) => ({ ...spec, head: value })));
  const fields = Object.fromEntries(Object.entries(steppers).map(([name, label]) => [name, field(label, numbers[name])]));
  const tables = NAMES.map(networkTable);
  const fault = make("p", { class: "lm-fault", role: "alert" });
  const node = part("The networks", make("div", { class: "lm-two" }, ...tables.map((table) => table.node)), fault,
    line(which.node, head.node, add, remove, copy),
    line(block.node, fields.filters, choices.kernel.node, choices.padding.node),
    line(choices.pool.node, fields.window, fields.stride),
    line(choices.dropout.node, choices.place.node, fields.p));

  function show(settings, problems) {
    const spec = settings.networks[settings.network];
    const chosen = spec.blocks[settings.block];
    which.show(String(settings.network));
    block.show(String(settings.block));
    head.show(spec.head);
    for (const [name, control] of Object.entries(numbers)) control.show(chosen[name]);
    for (const [name, control] of Object.entries(choices)) control.show(String(chosen[name]));
    blockLabels.forEach((label, index) => { label.hidden = index >= spec.blocks.length; });
    fields.window.hidden = ["none", "stride"].includes(chosen.pool);
    fields.stride.hidden = chosen.pool === "none";
    choices.place.node.hidden = fields.p.hidden = chosen.dropout === "none";
    enable(add, spec.blocks.length < MOST_BLOCKS);
    enable(remove, spec.blocks.length > 1);
    enable(copy, settings.networks[0] !== settings.networks[1]);
    const classes = TASKS[settings.task].classes.length;
    tables.forEach((table, index) => table.show(settings.networks[index], classes,
      index === settings.network ? settings.block : -2, !problems[index]));
    const told = problems.map((why, index) => (why ? `Network ${NAMES[index]} is impossible. ${why}` : "")).filter(Boolean);
    fault.textContent = told.join(" ");
    fault.hidden = !told.length;
  }
  return { node, show, fault: () => fault.textContent };
}
