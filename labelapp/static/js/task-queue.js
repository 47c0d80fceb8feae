// <task-queue>: keeps the next task ready, sends answers in the background and loses none of them.
// Works for every task type: what a type shows is a form, and this element reads and restores its fields.
import { ActiveClock } from "./active-clock.js";
import { DraftKeeper } from "./draft-keeper.js";
import { fieldsOf, restoreFields } from "./form-fields.js";
import { History } from "./history.js";
import { say } from "./message-line.js";
import { NextTask } from "./next-task.js";
import { Outbox, Verdict, verdict } from "./outbox.js";
import "./refused-work.js";
import "./save-state.js";
import { StoredEntries } from "./stored-entries.js";
import { askToSignIn, countOneMore, enable, showClock, showState, waitingLine } from "./work-bar.js";
import { commandOf } from "./work-keys.js";
import { post } from "./work-requests.js";

const HEARTBEAT = 60_000;
const AWAY = 5 * 60_000; // a lease is not kept alive for somebody who has left

class TaskQueue extends HTMLElement {
  #user = this.dataset.user;
  #article = null;
  #history = null;
  #clock = null;
  #states = { outbox: "saved", draft: "saved", next: "saved" };
  #timers = [];
  #listening = new AbortController();
  #channel = new BroadcastChannel(`work:${this.#user}`);
  #lastTouch = Date.now();

  #outbox = new Outbox({
    waiting: new StoredEntries(localStorage, `outbox:${this.#user}:`),
    refused: new StoredEntries(localStorage, `refused:${this.#user}:`),
    deliver: (entry) => post(entry.url, entry.body, { user: this.#user }),
    told: (news) => this.#heardOfSending(news),
  });

  #drafts = new DraftKeeper({
    copies: new StoredEntries(localStorage, `draft:${this.#user}:`),
    save: (draft) => post(draft.url, draft.body, { user: this.#user }),
    told: (news) => this.#heardOfDraft(news),
  });

  #next = new NextTask({
    fetch: (holding) =>
      post(
        this.dataset.nextUrl,
        holding.map((token) => ["holding", token]),
        { user: this.#user, accept: "text/html" },
      ),
    holding: () => this.#leases(),
    told: (news) => this.#heardOfNext(news),
  });

  connectedCallback() {
    const { signal } = this.#listening;
    this.addEventListener("submit", (event) => this.#submitted(event), { signal });
    this.addEventListener("change", () => this.#changed(), { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal, capture: true });
    for (const kind of ["keydown", "pointerdown", "pointermove"]) {
      document.addEventListener(kind, () => this.#touched(), { signal, passive: true });
    }
    document.addEventListener("visibilitychange", () => this.#drafts.flush(), { signal });
    for (const kind of ["online", "focus"]) window.addEventListener(kind, () => this.#wake(), { signal });
    document.addEventListener("work-again", () => this.#outbox.sendAgain(), { signal });
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#channel.addEventListener("message", ({ data }) => this.#doneElsewhere(data.slot), { signal });
    this.#timers = [setInterval(() => this.#tick(), 1000), setInterval(() => this.#heartbeat(), HEARTBEAT)];
    this.#drafts.tidy(Date.now());
    this.#begin();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#timers.forEach(clearInterval);
    this.#next.stop();
    this.#channel.close();
  }

  get #form() {
    return this.#article?.querySelector("form[data-task]") ?? null;
  }

  // What an earlier visit left unsent goes out first; its task is not shown again.
  async #begin() {
    const first = this.querySelector("article[data-slot]");
    if (first && this.#outbox.has(first.dataset.slot)) {
      this.#wait();
    } else if (first) {
      this.#adopt(first);
    } else {
      this.#next.watch(this.firstElementChild);
    }
    await this.#outbox.flush();
    this.#next.want({ now: this.#article === null });
  }

  #adopt(article) {
    this.#article = article;
    const { slot } = article.dataset;
    const kept = this.#drafts.unsaved(slot);
    this.#form.noValidate = true;
    this.#clock = new ActiveClock({ now: Date.now(), spent: kept?.seconds ?? 0 });
    if (kept) {
      restoreFields(this.#form.elements, kept.fields);
      this.#keepDraft();
    }
    this.#history = new History(fieldsOf(new FormData(this.#form)));
    this.#form.dispatchEvent(new CustomEvent("task-restored", { detail: { names: [] } }));
    this.#showUndo();
    this.#tick();
  }

  #show(node) {
    this.replaceChildren(node);
    if (node.dataset.slot) this.#adopt(node);
    else this.#article = null;
    this.toggleAttribute("data-next-ready", this.#next.isReady);
    for (const button of document.querySelectorAll("[data-needs-task]")) button.hidden = !this.#article;
  }

  #wait() {
    this.#show(waitingLine());
  }

  #submitted(event) {
    event.preventDefault();
    if (event.target.matches("[data-task]")) this.#send();
    else if (event.target.matches("[data-skip]")) this.#skip(event.target, event.submitter);
  }

  #send() {
    const form = this.#form;
    const missing = [...form.elements].filter((control) => control.willValidate && !control.validity.valid);
    if (missing.length > 0) {
      const names = [...new Set(missing.map((control) => control.name))];
      say(missing[0].closest("[data-explains]")?.explain?.(names) ?? missing[0].validationMessage);
      return;
    }
    form.elements.seconds.value = this.#clock.seconds(Date.now()).toFixed(1);
    this.#dispatch(form, [...new FormData(form)]);
  }

  #skip(form, submitter) {
    const fields = [...new FormData(form)];
    if (submitter?.name) fields.push([submitter.name, submitter.value]);
    this.#dispatch(form, fields);
  }

  #dispatch(form, fields) {
    const { slot, lease } = this.#article.dataset;
    const body = fields.filter(([name]) => name !== "csrfmiddlewaretoken");
    const isSkip = form.matches("[data-skip]");
    const id = isSkip ? `skip-${lease}` : form.elements.client_uuid.value;
    this.#outbox.add({ id, slot, lease, isSkip, url: form.action, body, at: Date.now() });
    this.#drafts.forget(slot);
    this.#states.draft = "saved";
    say("");
    this.#advance();
    this.#outbox.flush();
  }

  #advance() {
    const ready = this.#next.take();
    if (ready) this.#show(ready);
    else {
      this.#wait();
      this.#next.want({ now: true });
    }
  }

  #heardOfSending({ state, entry, reply }) {
    if (entry) {
      this.#channel.postMessage({ slot: entry.slot });
      if (state === Verdict.TAKEN && reply.code === "counted") countOneMore();
      if (state === Verdict.KEPT) say(reply.message ?? "The skip came too late.");
      if (state === Verdict.REFUSED) document.dispatchEvent(new CustomEvent("work-refused"));
      this.#next.want({ now: this.#article === null });
    }
    if (state === Verdict.SIGNED_OUT) askToSignIn(this.dataset.signInUrl, reply?.message);
    this.#setState("outbox", entry ? "saving" : state);
  }

  #heardOfDraft({ state, reply }) {
    if (state === Verdict.SIGNED_OUT) askToSignIn(this.dataset.signInUrl, reply?.message);
    if (state === Verdict.LOST) say(reply.message);
    const waits = state === "saving" || state === Verdict.LATER || state === Verdict.SIGNED_OUT;
    this.#setState("draft", waits ? state : "saved");
  }

  #heardOfNext({ state, reply, node }) {
    if (state === Verdict.SIGNED_OUT) askToSignIn(this.dataset.signInUrl, reply?.message);
    this.#setState("next", node ? "saved" : state);
    this.toggleAttribute("data-next-ready", this.#next.isReady);
    if (!node || this.#article) return;
    const isFull = node.dataset.queueState === "full" && this.#outbox.isBusy;
    if (isFull) return; // there is room as soon as what is on its way has arrived
    this.#show(this.#next.take() ?? node);
    if (this.#article) this.#next.want({ now: false });
  }

  // Somebody with this account finished the task in another tab.
  #doneElsewhere(slot) {
    this.#next.drop(slot);
    if (this.#article?.dataset.slot !== slot) return;
    this.#drafts.forget(slot);
    this.#advance();
    say("You sent that task from another tab. Here is the next.");
  }

  #changed() {
    if (!this.#form || !this.#history) return;
    this.#history.push(fieldsOf(new FormData(this.#form)));
    this.#showUndo();
    say("");
    this.#keepDraft();
  }

  #keepDraft() {
    const { slot, draftUrl } = this.#article.dataset;
    const body = [...new FormData(this.#form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const seconds = this.#clock?.seconds(Date.now()) ?? 0;
    this.#drafts.keep({ slot, url: draftUrl, body, fields: fieldsOf(body), seconds, at: Date.now() });
  }

  #step(snapshot) {
    if (!snapshot) return;
    const names = restoreFields(this.#form.elements, snapshot);
    this.#form.dispatchEvent(new CustomEvent("task-restored", { detail: { names } }));
    this.#showUndo();
    this.#keepDraft();
  }

  #pressed(event) {
    const command = commandOf(event, this.querySelector("[data-skip-menu]:popover-open"));
    if (!command) return;
    event.preventDefault();
    const history = this.#history;
    if (command.button) command.button.click();
    else if (command.name === "close") document.querySelector("[data-drawer]:popover-open")?.hidePopover();
    else if (!this.#form) return;
    else if (command.name === "send") this.#form.requestSubmit();
    else if (command.name === "undo") this.#step(history.undo());
    else if (command.name === "redo") this.#step(history.redo());
  }

  #clicked(event) {
    if (event.target.closest("[data-undo]") && this.#form) this.#step(this.#history.undo());
    if (event.target.closest("[data-redo]") && this.#form) this.#step(this.#history.redo());
  }

  #touched() {
    const now = Date.now();
    this.#clock?.touch(now);
    const wasAway = now - this.#lastTouch > AWAY;
    this.#lastTouch = now;
    if (wasAway) this.#heartbeat();
  }

  #wake() {
    this.#outbox.wake();
    this.#drafts.flush();
    this.#next.want({ now: this.#article === null });
  }

  async #heartbeat() {
    if (Date.now() - this.#lastTouch > AWAY) return;
    for (const article of [this.#article, this.#next.peek()]) {
      if (!article) continue;
      const { renewUrl, lease, slot } = article.dataset;
      const reply = await post(renewUrl, [["lease_token", lease]], { user: this.#user });
      if (verdict(reply) !== Verdict.LOST) continue;
      if (article === this.#article) say(reply.message);
      else this.#next.drop(slot);
    }
  }

  #tick() {
    if (this.#clock) showClock(this.#clock.seconds(Date.now()));
  }

  #leases() {
    const held = [this.#article?.dataset.lease, this.#next.peek()?.dataset.lease];
    return [...held, ...this.#outbox.entries.map((entry) => entry.lease)].filter(Boolean);
  }

  #setState(part, state) {
    const wasOut = Object.values(this.#states).includes(Verdict.SIGNED_OUT);
    this.#states[part] = state;
    if (wasOut && !Object.values(this.#states).includes(Verdict.SIGNED_OUT)) say("");
    showState(Object.values(this.#states));
  }

  #showUndo() {
    enable("[data-undo]", this.#history.canUndo);
    enable("[data-redo]", this.#history.canRedo);
  }
}

customElements.define("task-queue", TaskQueue);
