/* The state of the lab in the address, behind the number sign: it is never sent to a server. */
import { BORDERS, DROPOUTS, HEADS, POOLS } from "./spec.js";
import { TASKS } from "./tasks.js";

const MARK = "#lab?";

export const RATES = [0.001, 0.003, 0.01, 0.03];
export const BATCHES = [8, 16, 32, 64];
/** Limits of the numbers that can be set. */
export const LIMITS = {
  images: { min: 50, max: 1000, step: 50 }, noise: { min: 0, max: 1, step: 0.1 }, seed: { min: 1, max: 999 },
  filters: { min: 4, max: 16 }, window: { min: 1, max: 16 }, stride: { min: 1, max: 4 }, p: { min: 0.1, max: 0.9, step: 0.1 },
};
export const KERNELS = [3, 5];
export const PLACES = { before: "before the pool", after: "after the pool" };
export const MOST_BLOCKS = 3;

const within = (name) => (text) => {
  const value = Number(text);
  const { min, max } = LIMITS[name];
  return text !== "" && value >= min && value <= max ? value : undefined;
};
const whole = (name) => (text) => (Number.isInteger(Number(text)) ? within(name)(text) : undefined);
const oneOf = (values) => (text) => values.find((value) => String(value) === text);

const BLOCK = [["filters", whole("filters")], ["kernel", oneOf(KERNELS)], ["padding", oneOf(Object.keys(BORDERS))],
  ["pool", oneOf(Object.keys(POOLS))], ["window", whole("window")], ["stride", whole("stride")],
  ["dropout", oneOf(Object.keys(DROPOUTS))], ["place", oneOf(Object.keys(PLACES))], ["p", within("p")]];
const DROPPING = 6; // a block without dropout is written up to there
const NO_DROPOUT = { dropout: "none", place: "after", p: 0.5 };

function writeNetwork({ blocks, head }) {
  const written = blocks.map((block) => BLOCK.slice(0, block.dropout === "none" ? DROPPING : BLOCK.length)
    .map(([name]) => block[name]).join("-"));
  return [...written, head].join("_");
}

function readNetwork(text) {
  const parts = text.split("_");
  const head = oneOf(Object.keys(HEADS))(parts.pop());
  const blocks = parts.map((part) => {
    const words = part.split("-");
    const fields = BLOCK.slice(0, words.length).map(([name, read], index) => [name, read(words[index])]);
    const known = [DROPPING, BLOCK.length].includes(words.length) && fields.every(([, value]) => value !== undefined);
    return known ? { ...NO_DROPOUT, ...Object.fromEntries(fields) } : null;
  });
  return head && blocks.length >= 1 && blocks.length <= MOST_BLOCKS && blocks.every(Boolean) ? { blocks, head } : undefined;
}

const READ = {
  task: oneOf(Object.keys(TASKS)), images: whole("images"), noise: within("noise"), shifts: oneOf([true, false]),
  rate: oneOf(RATES), batch: oneOf(BATCHES), seed: whole("seed"),
};

/** The settings as an address ends with them; those that are as at first are left out. */
export function writeAddress(settings, initial) {
  const fields = Object.keys(READ).filter((name) => settings[name] !== initial[name]).map((name) => [name, settings[name]]);
  const networks = settings.networks.map(writeNetwork);
  const changed = ["a", "b"].map((name, index) => [name, networks[index]])
    .filter(([, text], index) => text !== writeNetwork(initial.networks[index]));
  const all = [...fields, ...changed];
  return all.length ? MARK + new URLSearchParams(all) : "";
}

/** The settings that an address names, or null if it names none; what cannot be read is as at first. */
export function readAddress(hash, initial) {
  if (!hash.startsWith(MARK)) return null;
  const given = new URLSearchParams(hash.slice(MARK.length));
  const read = (name, reader) => (given.has(name) ? reader(given.get(name)) : undefined);
  const fields = Object.entries(READ).map(([name, reader]) => [name, read(name, reader) ?? initial[name]]);
  const networks = ["a", "b"].map((name, index) => read(name, readNetwork) ?? initial.networks[index]);
  return { ...Object.fromEntries(fields), networks };
}
