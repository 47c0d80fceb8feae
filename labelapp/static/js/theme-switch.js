// <theme-switch>: buttons with value system, light or dark; the choice stays in this browser.
const NAMES = ["light", "dark"];

function chosen() {
  const theme = document.documentElement.dataset.theme;
  return NAMES.includes(theme) ? theme : "system";
}

function choose(theme) {
  const named = NAMES.includes(theme);
  if (named) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    if (named) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
}

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    const button = event.target.closest("button");
    if (!button) return;
    choose(button.value);
    this.#show();
  }

  #show() {
    for (const button of this.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen()));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
