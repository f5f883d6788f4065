// The button for light and dark. Without a choice of its own the page follows the system.

import { icon, keep } from "./dom.js";

export function themeToggle() {
  const button = document.getElementById("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const draw = () => {
    const label = dark() ? "Use the light theme" : "Use the dark theme";
    button.replaceChildren(icon(dark() ? "sun" : "moon"));
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  button.addEventListener("click", () => {
    const wanted = dark() ? "light" : "dark";
    // Back on the system's side, the page follows the system again.
    const own = (wanted === "dark") !== system.matches;
    if (own) root.dataset.theme = wanted;
    else delete root.dataset.theme;
    keep("localStorage", "warmup-theme", own ? wanted : null);
    draw();
  });
  system.addEventListener("change", draw);
  draw();
}
