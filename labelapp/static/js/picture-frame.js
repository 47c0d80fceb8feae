// <picture-frame>: marks itself `lost` when the picture inside it did not load, and tells so by an event.
class PictureFrame extends HTMLElement {
  connectedCallback() {
    // Neither event bubbles, so they are captured.
    this.addEventListener("error", this, { capture: true });
    this.addEventListener("load", this, { capture: true });
    const picture = this.querySelector("img");
    if (picture?.complete && picture.naturalWidth === 0 && picture.currentSrc) this.#mark(true);
  }

  disconnectedCallback() {
    this.removeEventListener("error", this, { capture: true });
    this.removeEventListener("load", this, { capture: true });
  }

  handleEvent(event) {
    // The icon's drawing loads as well.
    if (event.target instanceof HTMLImageElement) this.#mark(event.type === "error");
  }

  #mark(lost) {
    this.toggleAttribute("lost", lost);
    if (lost) this.dispatchEvent(new CustomEvent("picture-lost", { bubbles: true }));
  }
}

customElements.define("picture-frame", PictureFrame);
