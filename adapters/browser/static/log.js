// The list of messages of one channel: where they go, what stays in sight, and where the focus is.

import { h, icon, list } from "./dom.js";
import { dayOf } from "./content.js";
import { carryOver, controlOf, setPending } from "./controls.js";
import { articleOf, follows } from "./messages.js";

const NEAR = 60;
const PAGE = 150;

export class Log {
  #messages = new Map();
  #stuck = true;
  #last = 0;
  #limit = PAGE;

  constructor({ press, pending, tries }) {
    this.on = { press, pending, tries };
    this.scroller = document.getElementById("log");
    this.inner = document.getElementById("log-inner");
    this.pill = document.getElementById("pill");
    this.pill.append(icon("down"), "New messages");
    this.pill.addEventListener("click", () => {
      this.toEnd();
      this.scroller.focus({ preventScroll: true });
    });
    // Only the person's own scrolling counts: the end also goes away by itself, when a picture is drawn.
    this.scroller.addEventListener("scroll", () => {
      if (Math.abs(this.scroller.scrollTop - this.#last) < 1) return;
      this.#settled(NEAR);
    });
    // Pictures, the phone's keyboard and a taller composer all move the end away.
    const settle = new ResizeObserver(() => {
      if (this.#stuck) this.toEnd();
      this.#reachable();
    });
    settle.observe(this.inner);
    settle.observe(this.scroller);
  }

  get articles() {
    return [...this.inner.querySelectorAll("article")];
  }

  article(id) {
    return this.inner.querySelector(`article[data-message-id="${CSS.escape(String(id))}"]`);
  }

  // Everything at once: a change of channel or of person. Nothing of it is news to be read out.
  show(messages) {
    this.#messages = new Map(messages.map((message) => [message.id, message]));
    this.#limit = PAGE;
    this.scroller.setAttribute("aria-live", "off");
    this.#draw();
    this.toEnd();
    requestAnimationFrame(() => this.scroller.setAttribute("aria-live", "polite"));
  }

  #draw() {
    const sorted = [...this.#messages.values()].sort((one, other) => one.id - other.id);
    const shown = sorted.slice(-this.#limit);
    const more = h("button", { type: "button", class: "button quiet earlier", onclick: () => this.#earlier() }, "Show earlier messages");
    this.inner.replaceChildren(...(sorted.length > shown.length ? [more] : []), ...shown.map((message) => this.#make(message)).filter(Boolean));
    this.#arrange();
  }

  #earlier() {
    const first = this.articles[0];
    const id = first?.dataset.messageId;
    const before = first?.getBoundingClientRect().top ?? 0;
    this.#limit += PAGE;
    this.#draw();
    const again = this.article(id);
    if (again === null) return;
    this.scroller.scrollTop += again.getBoundingClientRect().top - before;
    again.focus({ preventScroll: true });
  }

  // A message that cannot be drawn is left out instead of taking the others with it.
  #make(message) {
    try {
      const article = articleOf(message, this.on.press);
      setPending(article, this.on.pending(message.id));
      return article;
    } catch (problem) {
      console.warn("A message was left out.", problem);
      return null;
    }
  }

  // `mine`: it answers what this person just did, so it may move the page; the messages of others may not.
  put(message, { mine = false, focus = false } = {}) {
    const old = this.article(message.id);
    const known = this.#messages.has(message.id);
    this.#messages.set(message.id, message);
    if (known && old === null) return;
    const fresh = this.#make(message);
    if (fresh === null) return;
    const stuck = this.#stuck;
    this.#keepPlace(() => {
      if (old !== null) this.#replace(old, fresh);
      else this.#insert(fresh);
      this.#arrange();
    });
    if (mine) this.reveal(fresh, old?.dataset.tone !== fresh.dataset.tone);
    else if (stuck) this.toEnd();
    else if (old === null) this.pill.hidden = false;
    if (focus) fresh.focus({ preventScroll: true });
  }

  #insert(fresh) {
    const id = Number(fresh.dataset.messageId);
    const before = this.articles.findLast((article) => Number(article.dataset.messageId) < id);
    if (before !== undefined) before.after(fresh);
    else this.inner.prepend(fresh);
  }

  #replace(old, fresh) {
    const active = document.activeElement;
    const held = old.contains(active) ? (active.dataset.key ?? "") : null;
    carryOver(old, fresh);
    old.replaceWith(fresh);
    if (held !== null) (controlOf(fresh, held) ?? fresh).focus({ preventScroll: true });
  }

  // What is being read stays where it is when something above it grows.
  #keepPlace(change) {
    const top = this.scroller.getBoundingClientRect().top;
    const anchor = this.articles.find((article) => article.getBoundingClientRect().bottom > top);
    const id = anchor?.dataset.messageId;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    const after = id === undefined ? null : this.article(id);
    if (after !== null) this.scroller.scrollTop += after.getBoundingClientRect().top - before;
  }

  #arrange() {
    for (const old of this.inner.querySelectorAll(".day, .empty")) old.remove();
    let earlier;
    let day = "";
    for (const article of this.articles) {
      const message = this.#messages.get(Number(article.dataset.messageId));
      const { key, name } = dayOf(message.at);
      const newDay = key !== day;
      if (newDay && name) article.before(h("p", { class: "day" }, h("span", {}, name)));
      article.classList.toggle("grouped", !newDay && follows(earlier, message));
      day = key;
      earlier = message;
    }
    if (earlier === undefined) this.inner.append(this.#empty());
    this.#reachable();
  }

  // Code that scrolls inside itself must be reachable without a mouse; code that fits needs no tab stop.
  #reachable() {
    for (const code of this.inner.querySelectorAll("pre")) {
      if (code.scrollWidth > code.clientWidth) code.setAttribute("tabindex", "0");
      else code.removeAttribute("tabindex");
    }
  }

  #empty() {
    const { line, tries, choose } = this.on.tries();
    const chip = (command) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => choose(command) }, command));
    return h(
      "div",
      { class: "empty" },
      h("img", { src: "favicon.svg", alt: "", width: "56", height: "56" }),
      h("h3", {}, "Nothing here yet"),
      h("p", {}, line),
      list(tries).length ? h("ul", { class: "chips", role: "list" }, ...tries.map(chip)) : null,
    );
  }

  #settled(near) {
    const left = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    this.#last = this.scroller.scrollTop;
    this.#stuck = left < near;
    if (this.#stuck) this.pill.hidden = true;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#settled(Infinity);
  }

  // A new message, and a question that became a verdict, show their beginning; another edit keeps its controls in sight.
  reveal(article, fromStart) {
    const box = article.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    const tall = box.height > frame.height - 24;
    if (fromStart || (!tall && box.top < frame.top)) this.scroller.scrollTop += box.top - frame.top - 12;
    else if (box.bottom > frame.bottom) this.scroller.scrollTop += box.bottom - frame.bottom + 12;
    // A question a little taller than the frame keeps its beginning in sight rather than its end.
    this.#settled(2);
  }

  // Called when an act on a message begins or ends.
  refresh(id, act) {
    const article = this.article(id);
    if (article === null) return;
    const waiting = document.activeElement === article;
    setPending(article, this.on.pending(id));
    if (waiting && this.on.pending(id) === null && act.key) controlOf(article, act.key)?.focus({ preventScroll: true });
  }
}
