// localStorage as far as our modules use it.
export class FakeStorage {
  #items = new Map();
  #full;

  constructor({ full = false } = {}) {
    this.#full = full;
  }

  get length() {
    return this.#items.size;
  }

  key(at) {
    return [...this.#items.keys()][at] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    if (this.#full) throw new Error("QuotaExceededError");
    this.#items.set(key, value);
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}
