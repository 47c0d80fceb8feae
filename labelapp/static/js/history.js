// Undo and redo over snapshots of a form. No DOM here; tests/js covers it.
export class History {
  #past = [];
  #present;
  #future = [];

  constructor(present) {
    this.#present = present;
  }

  get present() {
    return this.#present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  // Remember a new snapshot; one equal to the present is no change.
  push(snapshot) {
    if (same(snapshot, this.#present)) return;
    this.#past.push(this.#present);
    this.#present = snapshot;
    this.#future = [];
  }

  undo() {
    if (!this.canUndo) return null;
    this.#future.push(this.#present);
    this.#present = this.#past.pop();
    return this.#present;
  }

  redo() {
    if (!this.canRedo) return null;
    this.#past.push(this.#present);
    this.#present = this.#future.pop();
    return this.#present;
  }
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
