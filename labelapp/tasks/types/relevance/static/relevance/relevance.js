// <relevance-task>: grades by key, walks the focus, and offers Did Not Load for a picture that did not.
import { missingText, neighbour, nextToGrade } from "./grading.js";

class RelevanceTask extends HTMLElement {
  #listening = null;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.addEventListener("focusin", (event) => this.#focused(event), { signal });
    this.addEventListener("picture-lost", (event) => this.#lost(event), { signal });
    this.closest("form").addEventListener("task-restored", (event) => this.#restored(event), { signal });
    for (const candidate of this.#candidates) this.#lookAtPicture(candidate);
    this.#walkTo(nextToGrade(this.#isGraded(), -1));
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  // Said when the task cannot be sent yet; the focus goes to what is missing.
  explain(names) {
    this.#walkTo(this.#candidates.findIndex((candidate) => names.includes(candidate.dataset.name)));
    return missingText(names.length, this.#candidates.length);
  }

  get #candidates() {
    return [...this.querySelectorAll("[data-candidate]")];
  }

  get #current() {
    return Math.max(
      0,
      this.#candidates.findIndex((candidate) => candidate.hasAttribute("data-current")),
    );
  }

  #isGraded() {
    return this.#candidates.map((candidate) => candidate.querySelector("input:checked") !== null);
  }

  #walkTo(index) {
    const candidate = this.#candidates[index];
    (candidate?.querySelector("input:checked") ?? candidate?.querySelector("input"))?.focus();
  }

  #focused(event) {
    const focused = event.target.closest("[data-candidate]");
    for (const candidate of this.#candidates)
      candidate.toggleAttribute("data-current", candidate === focused);
  }

  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target))
      return;
    if (/^[1-5]$/.test(event.key)) this.#grade(event);
    else if (event.key.startsWith("Arrow")) this.#walk(event);
  }

  #grade(event) {
    event.preventDefault();
    const index = this.#current;
    const radio = this.#candidates[index]?.querySelector(`input[data-key="${event.key}"]`);
    if (!radio || event.repeat) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    this.#walkTo(nextToGrade(this.#isGraded(), index));
  }

  #walk(event) {
    event.preventDefault();
    const tops = this.#candidates.map((candidate) => candidate.offsetTop);
    const columns = tops.filter((top) => top === tops[0]).length;
    this.#walkTo(neighbour(this.#current, event.key, { count: tops.length, columns }));
  }

  #restored(event) {
    const changed = this.#candidates.findIndex((one) => event.detail.names.includes(one.dataset.name));
    this.#walkTo(changed >= 0 ? changed : nextToGrade(this.#isGraded(), -1));
  }

  // One fetched ahead, or quicker than this script, has failed without our hearing of it.
  #lookAtPicture(candidate) {
    const picture = candidate.querySelector("img");
    const isLost = picture?.complete && picture.currentSrc && picture.naturalWidth === 0;
    if (isLost) candidate.setAttribute("data-lost", "");
  }

  #lost(event) {
    event.target.closest("[data-candidate]")?.setAttribute("data-lost", "");
  }
}

// In a dialog, or where text is typed.
function isElsewhere(target) {
  if (document.querySelector("dialog[open]")) return true;
  return (
    target instanceof Element && target.matches("textarea, select, input:not([type=radio], [type=checkbox])")
  );
}

customElements.define("relevance-task", RelevanceTask);
