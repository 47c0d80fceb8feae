// <confirm-form question="…" verb="…">: asks before the form inside it is sent.
// Without JavaScript the form is sent at once, so what it does must be mendable or said on its button.
class ConfirmForm extends HTMLElement {
  #agreed = false;
  #submitter = null;

  connectedCallback() {
    // Captured here, before htmx, which listens on the form itself.
    this.addEventListener("submit", this, { capture: true });
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this, { capture: true });
  }

  handleEvent(event) {
    if (event.target.closest("dialog") || this.#agreed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#submitter = event.submitter;
    this.#dialog().showModal();
  }

  #dialog() {
    return this.querySelector(":scope > dialog") ?? this.#build();
  }

  #build() {
    const dialog = element("dialog", { role: "alertdialog" });
    const question = element("p", { textContent: this.getAttribute("question") });
    const keep = element("button", { className: "button", type: "button", textContent: "Go back" });
    const agree = element("button", { className: "button danger primary", type: "button" });
    agree.textContent = this.getAttribute("verb") ?? "Yes";
    const actions = element("div", { className: "actions" });
    actions.append(keep, agree);
    dialog.append(question, actions);
    dialog.setAttribute("aria-label", question.textContent);
    keep.addEventListener("click", () => dialog.close());
    agree.addEventListener("click", () => this.#send(dialog));
    this.append(dialog);
    return dialog;
  }

  #send(dialog) {
    dialog.close();
    this.#agreed = true;
    this.querySelector("form").requestSubmit(this.#submitter);
    this.#agreed = false;
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

customElements.define("confirm-form", ConfirmForm);
