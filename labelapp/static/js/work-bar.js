// The small facts in the bar of the labeling screen.
import { asMinutes } from "./active-clock.js";
import { say } from "./message-line.js";

const WORST_FIRST = ["signed-out", "offline", "saving"];

export function showClock(seconds) {
  const clock = document.querySelector("[data-clock]");
  if (clock) clock.textContent = asMinutes(seconds);
}

export function countOneMore() {
  const count = document.querySelector("[data-done-today]");
  if (count) count.textContent = String(Number(count.textContent) + 1);
}

// One word for several things on their way.
export function showState(states) {
  const worst = WORST_FIRST.find((one) => states.includes(one)) ?? "saved";
  document.querySelector("save-state")?.setAttribute("state", worst);
}

export function enable(selector, isEnabled) {
  for (const button of document.querySelectorAll(selector)) button.disabled = !isEnabled;
}

export function askToSignIn(url, message) {
  const link = document.createElement("a");
  Object.assign(link, { href: url, target: "_blank", textContent: "Sign in" });
  say(message ?? "You were signed out. Your work is kept here.", link);
}

export function waitingLine() {
  return Object.assign(document.createElement("p"), {
    className: "waiting",
    textContent: "Fetching the next task",
  });
}
