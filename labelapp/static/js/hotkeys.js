// Gives every [data-hotkey] its key, those that come later with a swapped fragment included.
import { install, uninstall } from "../vendor/@github/hotkey/index.js";

function within(node) {
  if (!(node instanceof Element)) return [];
  const found = [...node.querySelectorAll("[data-hotkey]")];
  return node.matches("[data-hotkey]") ? [node, ...found] : found;
}

function follow(changes) {
  for (const { removedNodes, addedNodes } of changes) {
    for (const node of removedNodes) within(node).forEach(uninstallOnce);
    for (const node of addedNodes) within(node).forEach(installOnce);
  }
}

const installed = new WeakSet();

function installOnce(element) {
  if (installed.has(element) || !element.isConnected) return;
  install(element);
  installed.add(element);
}

function uninstallOnce(element) {
  if (!installed.has(element) || element.isConnected) return;
  uninstall(element);
  installed.delete(element);
}

// While a dialog is open, only its own keys work.
function holdBack(event) {
  const dialog = document.querySelector("dialog[open]");
  if (dialog && !dialog.contains(event.target)) event.preventDefault();
}

document.addEventListener("hotkey-fire", holdBack, { capture: true });
within(document.body).forEach(installOnce);
new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
