import assert from "node:assert/strict";
import { test } from "node:test";
import { DraftKeeper } from "../../labelapp/static/js/draft-keeper.js";
import { StoredEntries } from "../../labelapp/static/js/stored-entries.js";
import { FakeStorage } from "./fake-storage.js";

function keeperWith(replies) {
  const saved = [];
  const heard = [];
  const planned = [];
  const copies = new StoredEntries(new FakeStorage(), "draft:lena:");
  const keeper = new DraftKeeper({
    copies,
    save: async (draft) => {
      saved.push(draft.fields);
      return replies.shift() ?? { status: 200 };
    },
    told: ({ state }) => heard.push(state),
    schedule: (run) => planned.push(run),
    cancel: (timer) => {
      planned[timer - 1] = () => {};
    },
  });
  return { keeper, copies, saved, heard, planned };
}

const draft = (fields) => ({ slot: "s", fields, at: 0 });

test("a change is kept here at once and saved once things are quiet", async () => {
  const { keeper, saved, heard } = keeperWith([]);
  keeper.keep(draft("one"));
  keeper.keep(draft("two"));
  assert.equal(keeper.unsaved("s").fields, "two");
  await keeper.flush();
  assert.deepEqual(saved, ["two"]);
  assert.equal(keeper.unsaved("s"), null);
  assert.deepEqual(heard, ["saving", "saving", "taken"]);
});

test("what could not be saved stays unsaved and is tried again", async () => {
  const { keeper, saved, planned } = keeperWith([{ status: 0 }]);
  keeper.keep(draft("one"));
  await keeper.flush();
  assert.equal(keeper.unsaved("s").fields, "one");
  planned.at(-1)();
  await Promise.resolve();
  assert.deepEqual(saved, ["one", "one"]);
});

test("a lost lease leaves the copy here", async () => {
  const { keeper, heard } = keeperWith([{ status: 409 }]);
  keeper.keep(draft("one"));
  await keeper.flush();
  assert.equal(keeper.unsaved("s").fields, "one");
  assert.equal(heard.at(-1), "lost");
});

test("a sent task is forgotten, also while its draft is under way", async () => {
  const { keeper, heard } = keeperWith([]);
  keeper.keep(draft("one"));
  const saving = keeper.flush();
  keeper.forget("s");
  await saving;
  assert.equal(keeper.unsaved("s"), null);
  assert.deepEqual(heard, ["saving"]);
});

test("copies older than a week are cleared away", () => {
  const { keeper, copies } = keeperWith([]);
  copies.set("old", { slot: "old", at: 0, dirty: true });
  copies.set("new", { slot: "new", at: 7 * 24 * 3600 * 1000, dirty: true });
  keeper.tidy(8 * 24 * 3600 * 1000);
  assert.deepEqual(copies.ids(), ["new"]);
});
