// <key-sheet>: a button and the dialog that it opens.
class KeySheet extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    const dialog = this.querySelector("dialog");
    // The dialog itself is hit when the click is on the veil around its content.
    if (event.target === dialog) dialog.close();
    else if (event.target.closest("[aria-haspopup=dialog]")) dialog.showModal();
  }
}

customElements.define("key-sheet", KeySheet);
