// Work in progress: a copy in the browser at once, one on the server soon after.
import { Verdict, verdict } from "./outbox.js";

const WEEK = 7 * 24 * 3600 * 1000;

export class DraftKeeper {
  #copies;
  #save;
  #told;
  #schedule;
  #cancel;
  #timer = null;
  #waiting = null;

  // copies are StoredEntries by slot; save(draft) gives {status, message}; told({state, reply}) hears of it.
  constructor({ copies, save, told, schedule = setTimeout, cancel = clearTimeout, pause = 1000 }) {
    this.#copies = copies;
    this.#save = save;
    this.#told = told;
    this.#schedule = (run) => schedule(run, pause);
    this.#cancel = (timer) => cancel(timer);
  }

  // The copy of a slot that the server may not have yet.
  unsaved(slot) {
    const draft = this.#copies.get(slot);
    return draft?.dirty ? draft : null;
  }

  keep(draft) {
    this.#copies.set(draft.slot, { ...draft, dirty: true });
    this.#waiting = draft;
    this.#told({ state: "saving" });
    if (this.#timer !== null) this.#cancel(this.#timer);
    this.#timer = this.#schedule(() => this.flush());
  }

  async flush() {
    this.#timer = null;
    const draft = this.#waiting;
    if (!draft) return;
    const reply = await this.#save(draft);
    if (this.#waiting !== draft) return; // changed or sent meanwhile
    const outcome = verdict(reply);
    if (outcome === Verdict.LATER || outcome === Verdict.SIGNED_OUT) {
      this.#timer ??= this.#schedule(() => this.flush());
    } else {
      this.#waiting = null;
      if (outcome === Verdict.TAKEN) this.#copies.set(draft.slot, { ...draft, dirty: false });
    }
    this.#told({ state: outcome, reply });
  }

  // The task was sent, skipped or lost; its draft has no more use.
  forget(slot) {
    if (this.#waiting?.slot === slot) this.#waiting = null;
    this.#copies.delete(slot);
  }

  // Clear away copies that nobody came back for.
  tidy(now) {
    for (const slot of this.#copies.ids()) {
      const draft = this.#copies.get(slot);
      if (!draft || now - draft.at > WEEK) this.#copies.delete(slot);
    }
  }
}
