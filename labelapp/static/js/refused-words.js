// What to say of answers that the server did not take.
export function refusedWords(entries) {
  const reason = entries.at(-1).reply?.message || "The server does not know this task any more.";
  const [subject, they, them] =
    entries.length === 1 ? ["An answer", "It is", "it"] : [many(entries), "They are", "them"];
  return (
    `${subject} could not be taken: ${reason} ${they} safe in this browser and not on the server. ` +
    `Send ${them} again; if that does not help, tell your expert, and go on with the next task meanwhile.`
  );
}

function many(entries) {
  return `${entries.length} answers`;
}
