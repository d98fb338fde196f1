// Before the page is painted: the theme that was chosen here, if one was.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Where nothing may be kept, the system's theme is shown.
  }
})();
