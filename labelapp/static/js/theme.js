// Runs before the first paint, therefore a plain script in the head and not a module.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's own setting holds.
  }
})();
