import assert from "node:assert/strict";
import { test } from "node:test";
import { ActiveClock, asMinutes } from "../../labelapp/static/js/active-clock.js";
import { fieldsOf, restoreFields } from "../../labelapp/static/js/form-fields.js";
import { History } from "../../labelapp/static/js/history.js";
import {
  missingText,
  neighbour,
  nextToGrade,
} from "../../labelapp/tasks/types/relevance/static/relevance/grading.js";

test("undo and redo walk back and forth, and a new change ends redo", () => {
  const history = new History("a");
  history.push("b");
  history.push("c");
  assert.equal(history.undo(), "b");
  assert.equal(history.undo(), "a");
  assert.equal(history.undo(), null);
  assert.equal(history.redo(), "b");
  history.push("d");
  assert.equal(history.canRedo, false);
  assert.equal(history.redo(), null);
  assert.equal(history.undo(), "b");
  assert.equal(history.present, "b");
});

test("a snapshot equal to the present is no change", () => {
  const history = new History([["x", "1"]]);
  history.push([["x", "1"]]);
  assert.equal(history.canUndo, false);
});

test("the clock counts only while somebody is at work", () => {
  const clock = new ActiveClock({ now: 0, idle: 30_000 });
  clock.touch(10_000);
  assert.equal(clock.seconds(20_000), 20);
  assert.equal(clock.seconds(600_000), 40);
  assert.equal(clock.isIdle(600_000), true);
  clock.touch(600_000);
  assert.equal(clock.seconds(605_000), 45);
});

test("the clock goes on from what was spent before", () => {
  assert.equal(new ActiveClock({ now: 0, spent: 12 }).seconds(1000), 13);
});

test("time is shown in minutes and seconds", () => {
  assert.deepEqual([0, 59.9, 60, 754].map(asMinutes), ["0:00", "0:59", "1:00", "12:34"]);
});

test("fields leave out what merely travels with the form", () => {
  const entries = [
    ["csrfmiddlewaretoken", "x"],
    ["grade-a", "4"],
    ["seconds", "3"],
    ["lease_token", "y"],
  ];
  assert.deepEqual(fieldsOf(entries), [["grade-a", "4"]]);
});

test("restoring sets and clears controls and names those that changed", () => {
  const controls = [
    { name: "grade-a", type: "radio", value: "4", checked: true },
    { name: "grade-a", type: "radio", value: "3", checked: false },
    { name: "grade-b", type: "radio", value: "1", checked: false },
    { name: "boxes", type: "hidden", value: "[]" },
    { name: "seconds", type: "hidden", value: "9" },
    { name: "", type: "submit", value: "Send" },
  ];
  assert.deepEqual(
    restoreFields(controls, [
      ["grade-a", "3"],
      ["boxes", "[1]"],
    ]),
    ["grade-a", "boxes"],
  );
  assert.deepEqual(
    controls.map((control) => control.checked ?? control.value),
    [false, true, false, "[1]", "9", "Send"],
  );
});

test("after a grade the focus goes to the next candidate without one", () => {
  assert.equal(nextToGrade([true, false, false], 0), 1);
  assert.equal(nextToGrade([true, true, false], 0), 2);
  assert.equal(nextToGrade([false, true, true], 2), 0);
  assert.equal(nextToGrade([true, true, true], 1), 1);
  assert.equal(nextToGrade([true, false], -1), 1);
});

test("arrows walk rows and stop at the ends", () => {
  const two = { count: 5, columns: 3 };
  assert.equal(neighbour(0, "ArrowRight", two), 1);
  assert.equal(neighbour(0, "ArrowLeft", two), 0);
  assert.equal(neighbour(4, "ArrowRight", two), 4);
  assert.equal(neighbour(1, "ArrowDown", two), 4);
  assert.equal(neighbour(2, "ArrowDown", two), 4);
  assert.equal(neighbour(3, "ArrowDown", two), 3);
  assert.equal(neighbour(4, "ArrowUp", two), 1);
  assert.equal(neighbour(1, "ArrowDown", { count: 5, columns: 5 }), 1);
});

test("what is missing is said in words", () => {
  assert.match(missingText(5, 5), /Nothing is graded/);
  assert.match(missingText(1, 5), /^One candidate/);
  assert.match(missingText(2, 5), /^2 candidates/);
});
