// Letters that press: only when nobody is typing, and never together with Ctrl, Alt or the command key.

import { isTyping } from "./dom.js";
import { buttonLabelled, tickOf } from "./controls.js";
import { dialogOpen } from "./forms.js";

const WORDS = { T: "True", F: "False" };

export function listen({ log, composer, help }) {
  // The question that has the focus is the one that is meant; otherwise the newest one.
  const questions = () => {
    const own = document.activeElement?.closest?.("article[data-tone=question]");
    const newest = log.articles.findLast((article) => article.dataset.tone === "question");
    return [own, newest].filter(Boolean);
  };

  const target = (letter) => {
    for (const article of questions()) {
      const found =
        buttonLabelled(article, (label) => label.toUpperCase() === letter) ??
        buttonLabelled(article, (label) => label === WORDS[letter]) ??
        tickOf(article, letter);
      if (found !== null) return found;
    }
    return null;
  };

  const next = () => {
    const article = log.articles.findLast((one) => buttonLabelled(one, (label) => /^next\b/i.test(label)) !== null);
    return article === undefined ? null : buttonLabelled(article, (label) => /^next\b/i.test(label));
  };

  const press = (control) => {
    control.scrollIntoView({ block: "nearest" });
    control.focus({ preventScroll: true });
    control.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (dialogOpen() || isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      composer.begin("/");
      return;
    }
    if (!log.scroller.contains(document.activeElement) && !composer.empty) return;
    const letter = event.key.toUpperCase();
    const control = /^[A-FT]$/.test(letter) ? target(letter) : letter === "N" ? next() : null;
    if (control === null) return;
    event.preventDefault();
    press(control);
  });
}
