// Answers on their way: kept in the browser's storage from the moment they are sent until the server has them.
// The same answer may be delivered twice (it carries its own uuid); it is never dropped on a failure, and one
// that cannot be delivered holds up no other.

export const Verdict = Object.freeze({
  TAKEN: "taken", // stored, or skipped; done with
  KEPT: "kept", // stored as surplus, or a skip no longer wanted; done with, and the labeler is told
  LOST: "lost", // the lease is gone and the server stored nothing
  REFUSED: "refused", // not taken as it is; set aside here, and the labeler is told
  SIGNED_OUT: "signed-out", // wait for the sign-in
  LATER: "offline", // no network, server down or busy; try again
});

const WAITS = [Verdict.SIGNED_OUT, Verdict.LATER]; // the worse first

export function verdict({ status, code }) {
  if (status >= 200 && status < 300) return Verdict.TAKEN;
  if (status === 409) return code === "surplus" ? Verdict.KEPT : Verdict.LOST;
  if (status === 401 || status === 403) return Verdict.SIGNED_OUT;
  if (status === 0 || status === 408 || status === 429 || status >= 500) return Verdict.LATER;
  return Verdict.REFUSED;
}

const PAUSES = [500, 1000, 2000, 4000, 8000, 16_000, 30_000];

export class Outbox {
  #waiting;
  #refused;
  #deliver;
  #told;
  #schedule;
  #running = null;
  #failures = new Map(); // how often each entry has failed
  #resting = new Map(); // what became of those that are tried again after a pause

  // waiting and refused are StoredEntries; deliver(entry) gives {status, code, message};
  // told({state, entry, reply}) hears of each change.
  constructor({ waiting, refused, deliver, told, schedule = (run, pause) => setTimeout(run, pause) }) {
    this.#waiting = waiting;
    this.#refused = refused;
    this.#deliver = deliver;
    this.#told = told;
    this.#schedule = schedule;
  }

  get entries() {
    return this.#waiting.all();
  }

  // Something is to go out at once, not only after a pause.
  get isBusy() {
    return this.#due() !== undefined;
  }

  has(slot) {
    return this.entries.some((entry) => entry.slot === slot);
  }

  add(entry) {
    this.#waiting.set(entry.id, entry);
  }

  // Deliver all that is due, in order; calls while one is running join it.
  flush() {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  // Try now instead of after the pause: the network is back, or somebody signed in.
  wake() {
    this.#failures.clear();
    this.#resting.clear();
    return this.flush();
  }

  // Try once more what was set aside; an answer whose uuid another one bears gets its own.
  sendAgain() {
    for (const { reply, ...entry } of this.#refused.all()) {
      this.add(reply?.code === "client_uuid_reused" ? withNewUuid(entry) : entry);
      this.#refused.delete(entry.id);
    }
    return this.flush();
  }

  #due() {
    return this.entries.find((entry) => !this.#resting.has(entry.id));
  }

  async #run() {
    for (let entry = this.#due(); entry; entry = this.#due()) {
      this.#told({ state: "saving" });
      const reply = await this.#deliver(entry);
      const state = fate(entry, verdict(reply));
      if (WAITS.includes(state)) this.#rest(entry, { state, reply });
      else this.#finish(entry, { state, reply });
    }
    const resting = this.entries.map((entry) => this.#resting.get(entry.id)).filter(Boolean);
    resting.sort((one, other) => WAITS.indexOf(one.state) - WAITS.indexOf(other.state));
    this.#told(resting[0] ?? { state: "saved" });
  }

  #finish(entry, { state, reply }) {
    this.#failures.delete(entry.id);
    if (state === Verdict.REFUSED) this.#refused.set(entry.id, { ...entry, reply });
    this.#waiting.delete(entry.id);
    this.#told({ state, entry, reply });
  }

  #rest(entry, outcome) {
    const failures = this.#failures.get(entry.id) ?? 0;
    this.#failures.set(entry.id, failures + 1);
    this.#resting.set(entry.id, outcome);
    const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
    this.#schedule(() => {
      if (this.#resting.get(entry.id) !== outcome) return; // woken and tried since
      this.#resting.delete(entry.id);
      this.flush();
    }, pause);
  }
}

// A skip that is not taken holds no work: nothing to set aside.
function fate(entry, state) {
  if (state !== Verdict.LOST && state !== Verdict.REFUSED) return state;
  return entry.isSkip ? Verdict.KEPT : Verdict.REFUSED;
}

function withNewUuid(entry) {
  const uuid = crypto.randomUUID();
  const body = entry.body.map(([name, value]) => [name, name === "client_uuid" ? uuid : value]);
  return { ...entry, id: uuid, body };
}
