// Runs before the first paint; without it a person with a kept theme would see the other one flash.
try {
  const kept = localStorage.getItem("warmup-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // Storage is blocked: the system's theme it is.
}
