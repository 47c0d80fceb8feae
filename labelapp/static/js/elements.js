// The elements that every page may use. A page's own elements come in its block `scripts`.
import "./confirm-form.js";
import "./hotkeys.js";
import "./key-sheet.js";
import "./local-time.js";
import "./picture-frame.js";
import "./theme-switch.js";
