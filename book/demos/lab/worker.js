/* The worker: it trains while the page answers its reader. */
import { lookAt } from "./looking.js";
import { MOST_STEPS } from "./spec.js";
import { readDigits } from "./tasks.js";
import { Trainer, isMilestone } from "./trainer.js";

const SLICE = 50; // milliseconds of work before messages are read

let digits = null;
let trainer = null;
let version = 0; // of the settings: what is told of others comes too late
let running = false;
let timer = null; // until the next slice

function tell(results = null) {
  self.postMessage({ kind: "progress", version, steps: trainer.steps, running, results });
}

/** Work for a slice of time, and go on after what has come in between. */
function advance() {
  if (!running) return;
  const until = performance.now() + SLICE;
  let known = null;
  do {
    trainer.step();
    known = isMilestone(trainer.steps) ? trainer.evaluate() : null;
    running = trainer.steps < MOST_STEPS;
  } while (!known && performance.now() < until);
  tell(known);
  timer = setTimeout(advance);
}

/** What each network knows after some steps, for one seed after the other; results at five moments. */
function overSeeds({ settings, steps, seeds }) {
  for (const seed of seeds) {
    const one = new Trainer({ ...settings, seed }, digits);
    const moments = [1, 2, 3, 4, 5].map((part) => Math.round((part * steps) / 5));
    const results = moments.map((moment) => {
      while (one.steps < moment) one.step();
      return { steps: moment, networks: one.evaluate() };
    });
    self.postMessage({ kind: "seed", seed, results });
  }
}

const ANSWERS = {
  digits(given) {
    digits = readDigits(given);
  },
  setup(message) {
    running = false;
    version = message.version;
    trainer = new Trainer(message.settings, digits);
    tell();
  },
  step() {
    running = false;
    if (trainer.steps < MOST_STEPS) trainer.step(); // else the last was done while this was asked for
    tell(trainer.evaluate());
  },
  run() {
    if (running || trainer.steps >= MOST_STEPS) return;
    running = true;
    clearTimeout(timer); // of before a pause
    advance();
  },
  pause() {
    if (!running) return;
    running = false;
    tell(trainer.evaluate());
  },
  look(message) {
    self.postMessage({ kind: "look", version, of: message.of, ...lookAt(trainer, message.of) });
  },
  seeds: overSeeds,
};

self.onmessage = ({ data }) => ANSWERS[data.kind](data);
