import assert from "node:assert/strict";
import test from "node:test";
import { absolute, relative } from "../../labelapp/static/js/times.js";

const now = new Date("2026-11-21T12:00:00Z");
const before = (minutes) => new Date(now.getTime() - minutes * 60_000);

test("a point in time is written in the reader's zone", () => {
  assert.equal(absolute(now, "UTC"), "21 Nov 2026, 12:00");
  assert.equal(absolute(now, "Asia/Tokyo"), "21 Nov 2026, 21:00");
});

test("a distance is written in its largest whole unit", () => {
  assert.equal(relative(before(0.5), now), "just now");
  assert.equal(relative(before(1), now), "1 min ago");
  assert.equal(relative(before(59.9), now), "59 min ago");
  assert.equal(relative(before(60), now), "1 h ago");
  assert.equal(relative(before(24 * 60), now), "1 day ago");
  assert.equal(relative(before(3 * 24 * 60), now), "3 days ago");
  assert.equal(relative(before(-125), now), "in 2 h");
});

test("from a week on the date is shown", () => {
  assert.equal(relative(before(7 * 24 * 60), now, "UTC"), "14 Nov 2026");
});
