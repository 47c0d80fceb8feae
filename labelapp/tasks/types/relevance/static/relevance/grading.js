// Where the focus goes while candidates are graded. No DOM here; tests/js covers it.

// After a grade: the next candidate without one, from here on and then from the start; else stay.
export function nextToGrade(isGraded, current) {
  const count = isGraded.length;
  for (let step = 1; step <= count; step += 1) {
    const index = (current + step) % count;
    if (!isGraded[index]) return index;
  }
  return current;
}

// Arrow keys walk the rows of candidates and stop at the ends.
export function neighbour(current, key, { count, columns }) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  const index = current + step;
  if (index >= 0 && index < count) return index;
  // From a full row down to a shorter last one.
  const isLastRow = Math.floor(current / columns) === Math.floor((count - 1) / columns);
  return key === "ArrowDown" && !isLastRow ? count - 1 : current;
}

export function missingText(missing, count) {
  if (missing === count) return "Nothing is graded yet. Keys 1 to 5 grade the framed candidate.";
  return missing === 1 ? "One candidate has no grade yet." : `${missing} candidates have no grade yet.`;
}
