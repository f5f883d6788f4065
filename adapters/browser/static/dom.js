// Small helpers: nodes are only ever made here and by textContent, so nothing a message says can become markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  keyboard: "M3.5 6.5h17a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-17a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM6.5 10h.01M10.2 10h.01M13.8 10h.01M17.5 10h.01M8 14h8",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M20 14.5A8.3 8.3 0 0 1 9.5 4a8.3 8.3 0 1 0 10.5 10.5Z",
  send: "M4.5 12 20 4.5 15.5 20l-4-6.5ZM11.5 13.5 20 4.5",
  close: "M6 6l12 12M18 6 6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  external: "M14 4.5h5.5V10M19.5 4.5 11 13M17.5 13.5v5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1h5",
  lock: "M7.5 10.5V8a4.5 4.5 0 0 1 9 0v2.5M6 10.5h12a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7.5a1 1 0 0 1 1-1Z",
  question: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.6h.01",
  good: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12.3l2.8 2.7L16 9.5",
  partial: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 13.5c1.3-1.7 2.7-1.7 4-.5s2.7 1.2 4-.5M8 9.8c1.3-1.7 2.7-1.7 4-.5s2.7 1.2 4-.5",
  bad: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9 9l6 6M15 9l-6 6",
  error: "M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17.2h.01",
};

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

export const hidden = (text) => h("span", { class: "hidden" }, text);

export const list = (value) => (Array.isArray(value) ? value : []);

export const text = (value) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

// Entries of a list that can be told apart; whatever else is in it is no use to anybody.
export const named = (value, key) => list(value).filter((entry) => text(record(entry)[key]) !== "");

export const record = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? value : {});

export const isTyping = (node) =>
  node instanceof HTMLElement &&
  (node.isContentEditable ||
    node.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

export function avatar(name, bot = false) {
  if (bot) return h("span", { class: "avatar bot", "aria-hidden": "true" }, h("img", { src: "favicon.svg", alt: "" }));
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  const initials = ends.map((word) => Array.from(word)[0].toUpperCase()).join("");
  let sum = 0;
  for (const sign of name) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  return h("span", { class: `avatar hue-${sum % 8}`, "aria-hidden": "true" }, initials || "?");
}

// Blocked storage throws on the very access to it, so a kept value is a convenience that may fail.
export function kept(kind, key) {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

export function keep(kind, key, value) {
  try {
    if (value === null) window[kind].removeItem(key);
    else window[kind].setItem(key, value);
  } catch {
    // The page works without it until it is reloaded.
  }
}
