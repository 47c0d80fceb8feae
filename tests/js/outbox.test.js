import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, verdict } from "../../labelapp/static/js/outbox.js";
import { refusedWords } from "../../labelapp/static/js/refused-words.js";
import { StoredEntries } from "../../labelapp/static/js/stored-entries.js";
import { FakeStorage } from "./fake-storage.js";

function outboxWith(replies, storage = new FakeStorage()) {
  const sent = [];
  const heard = [];
  const planned = [];
  const outbox = new Outbox({
    waiting: new StoredEntries(storage, "outbox:lena:"),
    refused: new StoredEntries(storage, "refused:lena:"),
    deliver: async (entry) => {
      sent.push(entry.id);
      return replies.shift() ?? { status: 201 };
    },
    told: ({ state }) => heard.push(state),
    schedule: (run, pause) => planned.push({ run, pause }),
  });
  return { outbox, storage, sent, heard, planned };
}

const entry = (id, at = 1) => ({ id, slot: `slot of ${id}`, at });

test("each status has its verdict", () => {
  const expected = { 0: "offline", 200: "taken", 201: "taken", 401: "signed-out", 403: "signed-out" };
  Object.assign(expected, { 404: "refused", 409: "lost", 413: "refused", 422: "refused", 429: "offline" });
  Object.assign(expected, { 500: "offline", 502: "offline", 503: "offline" });
  for (const [status, word] of Object.entries(expected)) {
    assert.equal(verdict({ status: Number(status) }), word, status);
  }
});

test("of all conflicts only a surplus answer is stored", () => {
  assert.equal(verdict({ status: 409, code: "surplus" }), "kept");
  for (const code of ["lease_lost", "client_uuid_reused"])
    assert.equal(verdict({ status: 409, code }), "lost");
});

test("an answer is stored before it is sent and gone after it was taken", async () => {
  const { outbox, storage, heard } = outboxWith([]);
  outbox.add(entry("a"));
  assert.equal(storage.length, 1);
  assert.ok(outbox.has("slot of a"));
  await outbox.flush();
  assert.equal(storage.length, 0);
  assert.deepEqual(heard, ["saving", "taken", "saved"]);
});

test("answers go out in the order in which they were given", async () => {
  const { outbox, sent } = outboxWith([]);
  outbox.add(entry("later", 2));
  outbox.add(entry("earlier", 1));
  await outbox.flush();
  assert.deepEqual(sent, ["earlier", "later"]);
});

test("without network an answer stays and is sent again, ever less often", async () => {
  const down = Array.from({ length: 7 }, () => ({ status: 0 }));
  const { outbox, planned, heard, storage } = outboxWith(down);
  outbox.add(entry("a"));
  await outbox.flush();
  while (planned.length < 7) {
    planned.at(-1).run();
    await outbox.flush();
  }
  assert.deepEqual(
    planned.map(({ pause }) => pause),
    [500, 1000, 2000, 4000, 8000, 16_000, 30_000],
  );
  assert.equal(storage.length, 1);
  await outbox.wake();
  assert.equal(storage.length, 0);
  assert.equal(heard.at(-1), "saved");
});

test("a signed-out answer waits", async () => {
  const { outbox, heard, storage } = outboxWith([{ status: 401 }]);
  outbox.add(entry("a"));
  await outbox.flush();
  assert.equal(heard.at(-1), "signed-out");
  assert.equal(storage.length, 1);
});

test("what can never be taken is set aside, and the rest goes on", async () => {
  const { outbox, storage, sent } = outboxWith([{ status: 422, message: "no" }]);
  outbox.add(entry("bad", 1));
  outbox.add(entry("good", 2));
  await outbox.flush();
  assert.deepEqual(sent, ["bad", "good"]);
  assert.equal(JSON.parse(storage.getItem("refused:lena:bad")).reply.message, "no");
  assert.deepEqual(outbox.entries, []);
});

test("flushing twice at once delivers once", async () => {
  const { outbox, sent } = outboxWith([]);
  outbox.add(entry("a"));
  await Promise.all([outbox.flush(), outbox.flush()]);
  assert.deepEqual(sent, ["a"]);
});

test("an answer added while another is under way goes out as well", async () => {
  const { outbox, sent } = outboxWith([]);
  outbox.add(entry("a"));
  const flushing = outbox.flush();
  outbox.add(entry("b", 2));
  await flushing;
  assert.deepEqual(sent, ["a", "b"]);
});

test("a full storage loses nothing while the page is open", async () => {
  const storage = new FakeStorage({ full: true });
  const { outbox, sent } = outboxWith([{ status: 0 }], storage);
  outbox.add(entry("a"));
  await outbox.flush();
  assert.equal(outbox.entries.length, 1);
  await outbox.wake();
  assert.deepEqual(sent, ["a", "a"]);
});

test("entries of other people and damaged ones are left alone", () => {
  const storage = new FakeStorage();
  storage.setItem("outbox:olga:x", '{"id": "x"}');
  storage.setItem("outbox:lena:y", "{");
  assert.deepEqual(new StoredEntries(storage, "outbox:lena:").all(), []);
  assert.equal(storage.length, 2);
});

for (const status of [403, 500, 0]) {
  test(`one answer that cannot be delivered (${status}) holds up no other`, async () => {
    const { outbox, sent, storage, heard } = outboxWith([{ status }]);
    outbox.add(entry("stuck", 1));
    outbox.add(entry("good", 2));
    outbox.add(entry("better", 3));
    await outbox.flush();
    assert.deepEqual(sent, ["stuck", "good", "better"]);
    assert.deepEqual([storage.length, outbox.entries[0].id], [1, "stuck"]);
    assert.equal(outbox.isBusy, false);
    assert.equal(heard.at(-1), status === 403 ? "signed-out" : "offline");
  });
}

test("an answer at rest is not tried with the next one, only after its own pause", async () => {
  const { outbox, sent, planned } = outboxWith([{ status: 500 }]);
  outbox.add(entry("stuck", 1));
  await outbox.flush();
  outbox.add(entry("good", 2));
  await outbox.flush();
  assert.deepEqual(sent, ["stuck", "good"]);
  planned[0].run();
  await outbox.flush();
  assert.deepEqual(sent, ["stuck", "good", "stuck"]);
});

test("waking leaves one retry per answer, however often it happens", async () => {
  const { outbox, sent, planned } = outboxWith(Array.from({ length: 4 }, () => ({ status: 500 })));
  outbox.add(entry("stuck"));
  for (let wakes = 0; wakes < 4; wakes += 1) await outbox.wake();
  for (const { run } of planned.splice(0)) run();
  await outbox.flush();
  assert.equal(sent.length, 5);
});

for (const code of ["lease_lost", "client_uuid_reused"]) {
  test(`an answer that the server did not store (${code}) is set aside, not dropped`, async () => {
    const { outbox, storage, heard } = outboxWith([{ status: 409, code, message: "gone" }]);
    outbox.add(entry("a"));
    await outbox.flush();
    assert.deepEqual(heard, ["saving", "refused", "saved"]);
    assert.equal(JSON.parse(storage.getItem("refused:lena:a")).reply.message, "gone");
  });
}

test("a surplus answer is stored by the server and leaves the browser", async () => {
  const { outbox, storage, heard } = outboxWith([{ status: 409, code: "surplus" }]);
  outbox.add(entry("a"));
  await outbox.flush();
  assert.deepEqual([storage.length, heard[1]], [0, "kept"]);
});

test("a skip that comes too late is over", async () => {
  const { outbox, storage, heard } = outboxWith([{ status: 409, code: "lease_lost" }]);
  outbox.add({ ...entry("a"), isSkip: true });
  await outbox.flush();
  assert.deepEqual([storage.length, heard[1]], [0, "kept"]);
});

test("what was set aside is sent again when asked, under its own uuid if it bore another's", async () => {
  const refusals = [
    { status: 409, code: "client_uuid_reused" },
    { status: 409, code: "lease_lost" },
  ];
  const { outbox, storage, sent } = outboxWith(refusals);
  outbox.add({ ...entry("a", 1), body: [["client_uuid", "a"]] });
  outbox.add({ ...entry("b", 2), body: [["client_uuid", "b"]] });
  await outbox.flush();
  await outbox.sendAgain();
  assert.equal(storage.length, 0);
  assert.equal(sent.length, 4);
  assert.notEqual(sent[2], "a");
  assert.equal(sent[3], "b");
});

test("the words about refused answers say why, that they are safe, and what to do", () => {
  const one = refusedWords([{ reply: { message: "Claim it again." } }]);
  assert.match(one, /^An answer could not be taken: Claim it again\. It is safe in this browser/);
  assert.match(one, /Send it again/);
  assert.match(refusedWords([{ reply: { status: 404 } }, {}]), /^2 answers .* Send them again/);
});
