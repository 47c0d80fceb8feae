// Writes into the page's message line, which keeps its place.
export function say(text, ...more) {
  const line = document.querySelector("#messages");
  if (!line) return;
  if (!text) {
    line.replaceChildren();
    return;
  }
  const message = document.createElement("div");
  message.className = "message warning";
  message.append(Object.assign(document.createElement("span"), { textContent: text }), ...more);
  line.replaceChildren(message);
}
