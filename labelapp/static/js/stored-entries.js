// Entries in the browser's storage, one key each: tabs that write at the same time never overwrite each other.
// What the storage refuses (full, or switched off) is kept in memory, so that it is at least sent.
export class StoredEntries {
  #storage;
  #prefix;
  #memory = new Map();

  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  get(id) {
    const text = this.#storage.getItem(this.#prefix + id);
    return text === null ? (this.#memory.get(id) ?? null) : parsed(text);
  }

  set(id, entry) {
    try {
      this.#storage.setItem(this.#prefix + id, JSON.stringify(entry));
      this.#memory.delete(id);
    } catch {
      this.#memory.set(id, entry);
    }
  }

  delete(id) {
    this.#memory.delete(id);
    this.#storage.removeItem(this.#prefix + id);
  }

  ids() {
    const stored = [];
    for (let at = 0; at < this.#storage.length; at += 1) {
      const key = this.#storage.key(at);
      if (key.startsWith(this.#prefix)) stored.push(key.slice(this.#prefix.length));
    }
    return [...stored, ...this.#memory.keys()];
  }

  // All entries, the oldest first.
  all() {
    const entries = this.ids().map((id) => this.get(id));
    return entries.filter(Boolean).sort((one, other) => one.at - other.at);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
