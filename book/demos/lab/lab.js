import { readAddress, writeAddress } from "./address.js";
import { lookPanel } from "./look.js";
import { networksPanel, trainingPanel } from "./panels.js";
import { startWorker } from "./partner.js";
import { resultsPanel, summary } from "./results.js";
import { seedsPanel } from "./seeds.js";
import { MOST_STEPS, specProblem } from "./spec.js";
import { button, connect, enable, frame, make } from "../shared/ui.js";

const LEARNT = ["task", "images", "noise", "shifts", "rate", "batch", "seed", "networks"]; // another of these: learn anew
const TRAITS = [...LEARNT, "network", "block", "image"];
const SELDOM = 100; // steps between what takes long to hear or to compute, while it trains

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Training lab",
    tryThis: "press Train and watch both networks learn from the same batches. Then change one thing about the pools of one of them, "
      + "and train again.",
    onReset: () => {
      settings = null; // also what has been learnt is forgotten
      seeds.usual();
      reset();
    },
  });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const initial = read();
  let settings = null;
  let [version, steps, running, history, problems] = [0, 0, false, [], []];
  let [looking, lookAgain, learning] = [false, false, false];
  let broken = "";

  const train = button("Train", () => ask(running ? "pause" : "run"), "lm-main lm-train");
  const step = button("One step", () => { learning = true; ask("step"); });
  const again = button("Start again", () => begin());
  const state = make("p", { class: "lm-state" });
  controls.append(make("div", { class: "lm-line" }, train, step, again), state);

  const training = trainingPanel((changes) => apply(changes));
  const networks = networksPanel(() => settings, (changes) => apply(changes));
  const results = resultsPanel();
  const look = lookPanel((changes) => apply(changes));
  const seeds = seedsPanel(model.get("worker"), model.get("digits"), () => ({ settings, steps, possible: possible() }));
  stage.append(results.node, training.node, networks.node, look.node, seeds.node);

  const worker = startWorker(model.get("worker"), model.get("digits"), hear, (why) => {
    broken = why;
    showState();
  });
  const possible = () => !problems.some(Boolean);
  function ask(kind, message) {
    worker.ask(kind, message);
    showState();
  }

  /** Back to first weights, or to what new settings make of them. */
  function begin() {
    version += 1;
    [steps, running, history, looking, learning] = [0, false, [], false, false];
    results.show(history);
    look.clear();
    seeds.reset();
    if (possible()) {
      ask("setup", { version, settings: Object.fromEntries(LEARNT.map((name) => [name, settings[name]])) });
      requestLook();
    } else {
      worker.ask("pause"); // it may train what was there before
    }
    showState();
    tell();
  }

  function requestLook() {
    if (!possible()) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    const { network, block, image } = settings;
    ask("look", { of: { network, block, image, shifts: steps > 0 && (!running || steps % SELDOM === 0) } });
  }

  function hear(message) {
    if (message.version !== version) return;
    broken = "";
    if (message.kind === "look") {
      looking = false;
      look.show(message, { ...settings, ...message.of });
      if (lookAgain) {
        lookAgain = false;
        requestLook();
      }
    } else {
      const paused = running && !message.running;
      ({ steps, running } = message);
      if (message.results) {
        learning = false;
        if (history.at(-1)?.steps !== steps) history.push({ steps, networks: message.results });
        results.show(history);
        requestLook();
        if (!running || paused || steps % SELDOM === 0) tell();
      }
    }
    showState();
  }

  /** Say how it stands, to ears and to whoever made the widget. */
  function tell() {
    say(possible() ? summary(settings, steps, history) : networks.fault());
    model.set("results", { steps, history });
    model.save_changes();
  }

  function showState() {
    train.textContent = running ? "Pause" : "Train";
    for (const control of [train, step]) enable(control, possible() && (running || steps < MOST_STEPS));
    enable(again, possible() && steps > 0);
    const busy = !running && (looking || learning) ? " computing …" : "";
    state.textContent = broken ? `Nothing can be trained here: ${broken}.` : `${steps} step${steps === 1 ? "" : "s"}${running ? ", training …" : ""}${steps === MOST_STEPS ? ", and no more" : ""}${busy}`;
  }

  function update() {
    const before = settings;
    settings = read();
    const { blocks } = settings.networks[settings.network];
    settings.block = Math.min(settings.block, blocks.length - 1);
    const anew = !before || LEARNT.some((name) => settings[name] !== before[name]);
    problems = settings.networks.map(specProblem);
    training.show(settings);
    networks.show(settings, problems);
    look.showImage(settings);
    if (anew) begin();
    else requestLook();
    if (model.get("in_address")) keep();
  }

  function keep() {
    const hash = writeAddress(settings, initial);
    if (hash || location.hash.startsWith("#lab?")) globalThis.history.replaceState(null, "", hash || location.pathname + location.search);
  }

  /** Take the state that the address names, and come into view; says whether it names one. */
  function open() {
    const found = readAddress(location.hash, initial);
    if (!found) return false;
    apply({ ...found, network: 0, block: 0, image: 0 });
    requestAnimationFrame(() => { // at first the lab is not yet in its page
      el.scrollIntoView();
      train.focus({ preventScroll: true });
    });
    return true;
  }

  /** Browsers do not tell of a link to where the address is already. */
  function openAgain({ target }) {
    if (target.closest("a[href*='#lab?']")?.hash === location.hash) open();
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update);
  const inAddress = model.get("in_address");
  if (!inAddress || !open()) update();
  if (inAddress) {
    addEventListener("hashchange", open);
    document.addEventListener("click", openAgain);
  }
  return () => {
    disconnect();
    removeEventListener("hashchange", open);
    document.removeEventListener("click", openAgain);
    worker.end();
    seeds.end();
  };
}

export default { render };
