// Things that went wrong, said politely until they are dismissed.

import { h, icon } from "./dom.js";

const MOST = 3;

export class Notices {
  constructor() {
    this.place = document.getElementById("notices");
  }

  say(words) {
    const again = [...this.place.children].find((notice) => notice.dataset.words === words);
    again?.remove();
    const notice = h("div", { class: "notice", "data-words": words }, icon("error"), h("p", {}, words));
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => this.#dismiss(notice) }, icon("close"));
    notice.append(close);
    this.place.append(notice);
    while (this.place.children.length > MOST) this.place.firstElementChild.remove();
  }

  #dismiss(notice) {
    const next = notice.nextElementSibling ?? notice.previousElementSibling;
    notice.remove();
    (next?.querySelector("button") ?? document.getElementById("composer-input")).focus();
  }

  clear() {
    this.place.replaceChildren();
  }
}
