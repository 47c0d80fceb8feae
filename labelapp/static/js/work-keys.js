// What a key means on the labeling screen, apart from what the task type makes of it.
export function commandOf(event, skipMenu) {
  if (document.querySelector("dialog[open]") || event.altKey) return null;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Escape")
    return document.querySelector("[data-drawer]:popover-open") ? { name: "close" } : null;
  if (skipMenu && !command && /^[1-9]$/.test(event.key) && !isTyping(event.target)) {
    const button = skipMenu.querySelectorAll("button[name=reason]")[Number(event.key) - 1];
    return button ? { name: "skip", button } : null;
  }
  if (command && event.key.toLowerCase() === "z" && !isTyping(event.target)) {
    return { name: event.shiftKey ? "redo" : "undo" };
  }
  if (event.key === "Enter" && !command && !isOperable(event.target))
    return { name: event.repeat ? "wait" : "send" };
  return null;
}

export function isTyping(target) {
  return (
    target instanceof Element && target.matches("textarea, select, input:not([type=radio], [type=checkbox])")
  );
}

// Where Enter has a meaning of its own.
function isOperable(target) {
  return (
    isTyping(target) ||
    (target instanceof Element && target.closest("a, button, summary, [popover]") !== null)
  );
}
