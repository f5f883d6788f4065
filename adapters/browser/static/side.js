// The left column: channels and who I am. On a phone it is a drawer.

import { avatar, h, hidden, icon, list, record, text } from "./dom.js";
import { dialogOpen } from "./forms.js";

export class Side {
  constructor({ person }) {
    this.node = document.getElementById("side");
    this.main = document.getElementById("main");
    this.menu = document.getElementById("menu");
    this.channels = document.getElementById("channels");
    this.picker = document.getElementById("person");
    this.menu.append(icon("menu"), h("span", { class: "menu-dot", hidden: true }));
    document.getElementById("veil").addEventListener("click", () => this.close());
    this.menu.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen || dialogOpen()) return;
      event.preventDefault();
      this.close();
    });
    this.picker.addEventListener("change", () => {
      this.close();
      person(this.picker.value);
    });
    // Wide again, there is no drawer: nothing may stay unreachable behind it.
    window.matchMedia("(max-width: 700px)").addEventListener("change", () => this.close(false));
  }

  get isOpen() {
    return document.body.classList.contains("drawer-open");
  }

  open() {
    document.body.classList.add("drawer-open");
    this.menu.setAttribute("aria-expanded", "true");
    this.main.inert = true;
    (this.channels.querySelector("a[aria-current]") ?? this.picker).focus();
  }

  close(refocus = true) {
    if (!this.isOpen) return;
    document.body.classList.remove("drawer-open");
    this.menu.setAttribute("aria-expanded", "false");
    this.main.inert = false;
    if (refocus) this.menu.focus();
  }

  drawChannels(channels, current, unread) {
    const item = (channel) => {
      const id = text(channel.id);
      const fresh = unread.has(id);
      return h(
        "li",
        {},
        h(
          "a",
          { href: `#${encodeURIComponent(id)}`, class: "channel", "data-testid": `channel-${id}`, "aria-current": id === current ? "page" : null, "data-unread": fresh ? "true" : null, onclick: () => this.close() },
          h("span", { class: "hash", "aria-hidden": "true" }, "#"),
          h("span", { class: "channel-label" }, text(channel.name)),
          fresh ? h("span", { class: "dot", "data-testid": `unread-${id}` }, hidden(" (unread)")) : null,
        ),
      );
    };
    const active = document.activeElement;
    const held = this.channels.contains(active) ? active.getAttribute("href") : null;
    this.channels.replaceChildren(...list(channels).map(record).map(item));
    this.menu.querySelector(".menu-dot").hidden = unread.size === 0;
    this.menu.setAttribute("aria-label", unread.size ? "Channels and people (unread messages)" : "Channels and people");
    if (held !== null) [...this.channels.querySelectorAll("a")].find((link) => link.getAttribute("href") === held)?.focus();
  }

  drawPeople(people, me) {
    const all = list(people).map(record);
    const options = all.map((person) => h("option", { value: text(person.id) }, `${text(person.name)}${person.moderator === true ? " (moderator)" : ""}`));
    this.picker.replaceChildren(...options);
    this.picker.value = me;
    const mine = all.find((person) => person.id === me);
    document.getElementById("me-avatar").replaceChildren(avatar(text(mine?.name) || "?"));
  }
}
