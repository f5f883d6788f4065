// The message box: sending, what was sent before, and a combobox that completes commands.

import { h, hidden, icon, text } from "./dom.js";
import { suggest } from "./completion.js";

const REMEMBERED = 50;

export class Composer {
  #commands = [];
  #items = [];
  #place = { from: 0, to: 0 };
  #active = -1;
  #sent = [];
  #recalled = -1;
  #drafts = new Map();
  #channel = "";

  // `say(line)` answers whether the line could be sent.
  constructor(say) {
    this.say = say;
    this.form = document.getElementById("composer");
    this.input = document.getElementById("composer-input");
    this.note = document.getElementById("composer-note");
    this.box = document.getElementById("completion-box");
    this.list = document.getElementById("completion");
    this.usage = document.getElementById("completion-usage");
    document.getElementById("send").append(icon("send"), h("span", { class: "send-word" }, "Send"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => {
      this.#recalled = -1;
      this.tell("");
      this.#suggest();
    });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("click", () => this.#suggest());
    this.input.addEventListener("blur", () => this.#close());
    // Taking the focus away from the box would close the list before the click arrives.
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option !== null) this.#accept(Number(option.dataset.index));
    });
  }

  get empty() {
    return this.input.value === "";
  }

  set commands(all) {
    this.#commands = all;
  }

  // Each channel keeps what was begun in it.
  channel(id, name) {
    if (this.#channel) this.#drafts.set(this.#channel, this.input.value);
    // What was typed before the first welcome belongs to the first channel.
    const draft = this.#channel ? (this.#drafts.get(id) ?? "") : this.input.value;
    this.#channel = id;
    this.#set(draft);
    this.input.placeholder = `Message #${name}, or / for commands`;
    this.tell("");
    this.#close();
  }

  focus() {
    this.input.focus();
  }

  tell(words) {
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  // Someone else's lines are not recalled and not sent.
  forget() {
    this.#sent = [];
    this.#drafts.clear();
    this.#set("");
    this.tell("");
    this.#close();
  }

  // A line that got lost comes back, unless something new was begun meanwhile.
  restore(channel, line) {
    if (channel !== this.#channel) {
      if (!this.#drafts.get(channel)) this.#drafts.set(channel, line);
    } else if (this.empty) this.#set(line);
  }

  begin(line) {
    this.focus();
    if (!this.empty) return;
    this.#set(line);
    this.#suggest();
  }

  send() {
    const line = this.input.value.trim();
    this.#close();
    if (line === "") {
      this.#set("");
      this.focus();
      return;
    }
    if (!this.say(line)) {
      this.tell("You are not connected, so this was not sent. It stays here: send it again in a moment.");
      this.focus();
      return;
    }
    this.remember(line);
    this.#set("");
    this.tell("");
  }

  remember(line) {
    this.#sent = [line, ...this.#sent.filter((one) => one !== line)].slice(0, REMEMBERED);
    this.#recalled = -1;
  }

  #set(line) {
    this.input.value = line;
    this.input.spellcheck = !line.startsWith("/");
    // Safari takes this as a wish for the focus.
    if (document.activeElement === this.input) this.input.setSelectionRange(line.length, line.length);
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const open = this.#items.length > 0;
    const plain = !event.shiftKey;
    if (open && plain && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.#active === -1 && step === -1 ? 0 : this.#active;
      this.#highlight((from + step + this.#items.length) % this.#items.length);
    } else if (open && plain && event.key === "Tab") {
      event.preventDefault();
      this.#accept(Math.max(this.#active, 0));
    } else if (open && plain && event.key === "Enter" && this.#active !== -1) {
      event.preventDefault();
      this.#accept(this.#active);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (!open && plain && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      this.#recall(event);
    }
  }

  // Only from an empty box, or on from what was just recalled: the arrows of a line being written are its own.
  #recall(event) {
    if (this.#recalled === -1 && (!this.empty || event.key === "ArrowDown")) return;
    const next = this.#recalled + (event.key === "ArrowUp" ? 1 : -1);
    if (next >= this.#sent.length) return;
    event.preventDefault();
    this.#recalled = next;
    this.#set(next === -1 ? "" : this.#sent[next]);
  }

  #suggest() {
    this.input.spellcheck = !this.input.value.startsWith("/");
    const found = suggest(this.input.value, this.input.selectionStart ?? this.input.value.length, this.#commands);
    this.#items = found.items;
    this.#place = found;
    if (found.items.length === 0) {
      this.#close();
      return;
    }
    this.usage.textContent = found.usage;
    this.usage.hidden = found.usage === "";
    this.list.replaceChildren(...found.items.map((item, index) => this.#option(item, index)));
    this.list.scrollTop = 0;
    this.box.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#highlight(found.first);
  }

  #option(item, index) {
    return h(
      "li",
      { role: "option", id: `completion-${index}`, "data-index": index, "aria-selected": "false" },
      h("span", { class: "option-name" }, item.name),
      " ",
      item.usage ? h("span", { class: "option-usage" }, item.usage) : null,
      item.description ? h("span", { class: "option-about" }, hidden(" "), text(item.description)) : null,
    );
  }

  #highlight(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
    if (index === -1) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", `completion-${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  #accept(index) {
    const item = this.#items[index];
    if (item === undefined) return;
    const { from, to } = this.#place;
    const line = this.input.value;
    // One space after the word is enough where the line goes on.
    const after = item.insert.endsWith(" ") ? line.slice(to).trimStart() : line.slice(to);
    this.input.value = line.slice(0, from) + item.insert + after;
    const caret = from + item.insert.length;
    this.focus();
    this.input.setSelectionRange(caret, caret);
    this.#suggest();
  }

  #close() {
    this.#items = [];
    this.#active = -1;
    this.box.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
