// <save-state>: one word on where the work is, always at the same place.
const WORDS = {
  saved: "Saved",
  saving: "Saving",
  offline: "Offline, kept here",
  "signed-out": "Signed out, kept here",
};

class SaveState extends HTMLElement {
  static observedAttributes = ["state"];

  attributeChangedCallback() {
    const state = this.getAttribute("state");
    this.querySelector("[data-word]").textContent = WORDS[state] ?? WORDS.saved;
  }
}

customElements.define("save-state", SaveState);
