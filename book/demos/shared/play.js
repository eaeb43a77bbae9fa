/* What slides by itself: play and pause, one step, the speed, and numbers that fly from cell to cell. Who wants no
 * motion gets the step alone. */
import { button, choice, make } from "./ui.js";

const PAUSES = { slow: 1800, fast: 700 }; // milliseconds for a step
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Buttons that walk through `count()` places: `at()` is the present one (−1 before the first), `go(place)` goes there
 *  and `show(place, milliseconds)` may let something fly. At the end playing stops; `wrap` lets it begin anew. */
export function player({ name, count, at, go, show, wrap = true }) {
  let [timer, pace] = [null, "slow"];
  const to = (place) => {
    go(place);
    if (!still()) requestAnimationFrame(() => show(place, 0.7 * PAUSES[pace]));
  };
  const forward = () => {
    const next = at() + 1;
    if (count() === 0 || (!wrap && next >= count())) return;
    to(next % count());
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    play.textContent = "Play";
  };
  const tick = () => {
    forward();
    if (at() + 1 >= count()) stop();
    else timer = setTimeout(tick, PAUSES[pace]);
  };
  const play = button("Play", () => {
    if (timer) stop();
    else {
      play.textContent = "Pause";
      tick();
    }
  });
  const step = button(name, () => {
    stop();
    forward();
  }, "lm-main");
  const speed = choice("Speed", { slow: "slow", fast: "fast" }, (value) => {
    pace = value;
    speed.show(pace);
  });
  speed.show(pace);
  return { nodes: still() ? [step] : [step, play, speed.node], step, play, stop };
}

/** Let texts fly over the stage from one element to another; those without a goal fade where they are. */
export function fly(stage, chips, milliseconds) {
  const origin = stage.getBoundingClientRect();
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2 - origin.left, top + height / 2 - origin.top];
  };
  chips.forEach(({ from, to, text }, i) => {
    const chip = make("span", { class: "lm-flying", "aria-hidden": "true" }, text);
    const [x, y] = middle(from);
    const [dx, dy] = to ? middle(to).map((end, axis) => end - [x, y][axis]) : [0, 0];
    const at = (moveX, moveY, scale) => `translate(-50%, -50%) translate(${moveX}px, ${moveY}px) scale(${scale})`;
    Object.assign(chip.style, { left: `${x}px`, top: `${y}px` });
    stage.append(chip);
    const frames = [{ transform: at(0, 0, 1), opacity: 1 }, { transform: at(0, 0, 1.1), opacity: 1, offset: 0.25 },
      { transform: at(dx, dy, to ? 0.7 : 0.5), opacity: to ? 1 : 0 }];
    const delay = Math.min(i * 30, 0.25 * milliseconds);
    chip.animate(frames, { duration: milliseconds - delay, delay, easing: "ease-in-out", fill: "backwards" })
      .finished.catch(() => {}).then(() => chip.remove());
  });
}
