// The task after this one: fetched ahead with its pictures, so that it is simply there.
import { Verdict, verdict } from "./outbox.js";

const ASK_AGAIN = 15_000;
const RETRY = 2_000;

export class NextTask {
  #fetch;
  #holding;
  #told;
  #ready = null;
  #fetching = false;
  #again = false;
  #timer = null;

  // fetch(holding) gives {status, html}; told({state, node, reply}) hears what came.
  constructor({ fetch, holding, told }) {
    this.#fetch = fetch;
    this.#holding = holding;
    this.#told = told;
  }

  get isReady() {
    return this.#ready !== null;
  }

  peek() {
    return this.#ready;
  }

  take() {
    const taken = this.#ready;
    this.#ready = null;
    return taken;
  }

  drop(slot) {
    if (this.#ready?.dataset.slot === slot) this.#ready = null;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#again = false;
  }

  // A page that says why there is nothing: ask again when it may help.
  watch(node) {
    if (!node?.dataset.queueState) return;
    const until = node.dataset.until ? new Date(node.dataset.until) - Date.now() : ASK_AGAIN;
    this.#askIn(Math.max(RETRY, Math.min(until, ASK_AGAIN)));
  }

  // Get a task ready unless one is; `now` also while another request is under way.
  async want({ now }) {
    if (this.#ready) {
      this.#told({ state: Verdict.TAKEN, node: this.#ready });
      return;
    }
    if (this.#fetching) {
      this.#again ||= now;
      return;
    }
    this.#fetching = true;
    const reply = await this.#fetch(this.#holding());
    this.#fetching = false;
    this.#came(reply);
    if (this.#again) {
      this.#again = false;
      if (!this.#ready) this.want({ now: false });
    }
  }

  #came(reply) {
    const outcome = verdict(reply);
    if (outcome !== Verdict.TAKEN) {
      this.#askIn(RETRY);
      this.#told({ state: outcome === Verdict.SIGNED_OUT ? outcome : Verdict.LATER, reply });
      return;
    }
    const node = parse(reply.html);
    if (node?.dataset.slot) {
      this.#ready = node;
      this.#load(node);
      return;
    }
    this.watch(node);
    this.#told({ state: Verdict.TAKEN, node });
  }

  async #load(node) {
    this.#told({ state: Verdict.TAKEN, node });
    await Promise.allSettled([...node.querySelectorAll("img")].map((picture) => picture.decode()));
    node.toggleAttribute("data-pictures-ready", true);
  }

  #askIn(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.want({ now: true }), pause);
  }
}

// Pictures begin to load as soon as they are parsed, also outside the page.
function parse(html) {
  const box = document.createElement("div");
  box.innerHTML = html;
  return box.firstElementChild;
}
