// <refused-work>: answers that the server did not take, kept here and in sight until somebody decides.
import { refusedWords } from "./refused-words.js";
import { StoredEntries } from "./stored-entries.js";

class RefusedWork extends HTMLElement {
  #refused = new StoredEntries(localStorage, `refused:${this.dataset.user}:`);
  #listening = new AbortController();

  connectedCallback() {
    const { signal } = this.#listening;
    this.addEventListener("submit", (event) => this.#submitted(event), { signal });
    document.addEventListener("work-refused", () => this.#show(), { signal });
    window.addEventListener("storage", () => this.#show(), { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #show() {
    const entries = this.#refused.all();
    this.hidden = entries.length === 0;
    if (entries.length > 0) this.querySelector("[data-words]").textContent = refusedWords(entries);
  }

  #submitted(event) {
    event.preventDefault();
    if (event.target.matches("[data-send-again]")) document.dispatchEvent(new CustomEvent("work-again"));
    else for (const { id } of this.#refused.all()) this.#refused.delete(id);
    this.#show();
  }
}

customElements.define("refused-work", RefusedWork);
