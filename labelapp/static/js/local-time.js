// <local-time>: shows the <time> inside it in the reader's zone, or as a distance with `relative`.
import { absolute, relative } from "./times.js";

const shown = new Set();

class LocalTime extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    this.show();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  show() {
    const time = this.querySelector("time");
    const then = new Date(time?.dateTime ?? "");
    if (Number.isNaN(then.getTime())) return;
    time.textContent = this.hasAttribute("relative") ? relative(then, new Date()) : absolute(then);
    time.title = absolute(then);
  }
}

customElements.define("local-time", LocalTime);
setInterval(() => {
  for (const element of shown) element.show();
}, 30_000);
