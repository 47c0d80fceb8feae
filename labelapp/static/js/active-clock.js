// Seconds that somebody was really at work: time without a key, a click or a move stops counting.
export class ActiveClock {
  #spent = 0;
  #since;
  #last;
  #idle;

  constructor({ now, idle = 30_000, spent = 0 }) {
    this.#since = now;
    this.#last = now;
    this.#idle = idle;
    this.#spent = spent * 1000;
  }

  touch(now) {
    if (now - this.#last > this.#idle) {
      this.#spent += this.#last + this.#idle - this.#since;
      this.#since = now;
    }
    this.#last = now;
  }

  isIdle(now) {
    return now - this.#last > this.#idle;
  }

  seconds(now) {
    const end = Math.min(now, this.#last + this.#idle);
    return (this.#spent + Math.max(0, end - this.#since)) / 1000;
  }
}

export function asMinutes(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
