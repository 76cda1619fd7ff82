"use strict";
// The page works without this script: it only remembers the theme, applies filters as they
// are chosen, and lets Escape close what a card opened.
(() => {
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    const isDark = (theme ?? (system.matches ? "dark" : "light")) === "dark";
    button?.setAttribute("aria-pressed", String(isDark));
  };
  show(stored());
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = button.getAttribute("aria-pressed") === "true" ? "light" : "dark";
      show(theme);
      try {
        localStorage.setItem("theme", theme);
      } catch {
        // A page opened from a file may have no storage; the choice then lasts as long as it.
      }
    });
  }
  for (const select of document.querySelectorAll(".filters select")) {
    // An arrow key changes a closed list at once: who uses keys says by Enter when it is right.
    let byKey = false;
    select.addEventListener("pointerdown", () => (byKey = false));
    select.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Enter") select.form.requestSubmit();
    });
    select.addEventListener("change", () => byKey || select.form.requestSubmit());
  }
  addEventListener("keydown", (event) => {
    const target = document.querySelector(".overlay:target");
    if (event.key !== "Escape" || !target || document.querySelector(":popover-open")) return;
    const metric = location.hash.replace("#metric-", "");
    location.hash = `#card-${metric}`;
    document.querySelector(`[data-metric="${CSS.escape(metric)}"] a.open`)?.focus();
  });
})();
