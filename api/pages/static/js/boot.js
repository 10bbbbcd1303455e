// Runs before the first paint: the remembered theme and language. Not a module, because modules wait.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (localStorage.getItem("language") === "en") document.documentElement.lang = "en";
  } catch {
    // Storage is switched off: the defaults hold.
  }
})();
