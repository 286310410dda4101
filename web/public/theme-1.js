// Before the first paint, so that a dark page never flashes white. A classic script: a module would come too late.
(function () {
  var chosen = "system";
  try {
    chosen = localStorage.getItem("ironlog.theme") || "system";
  } catch {
    // Storage may be forbidden; then the system's own choice counts.
  }
  var isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  document.body.classList.toggle("is-dark", isDark);
})();
