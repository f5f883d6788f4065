// Dialogs: the forms that Warmup opens, adding a person, and the help for the keyboard.

import { h, hidden, icon, list, record, text } from "./dom.js";

let count = 0;
let current = null;

export const dialogOpen = () => current !== null;

// `sent` is called with the form's values and may refuse by calling problem(words) on what openForm returned.
class Dialog {
  constructor(title, closed) {
    current?.close();
    count += 1;
    this.before = document.activeElement;
    this.closed = closed;
    const id = `dialog-title-${count}`;
    const shut = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.close() }, icon("close"));
    this.body = h("div", { class: "dialog-body" });
    this.node = h("dialog", { class: "dialog", "data-testid": "dialog", "aria-labelledby": id }, h("header", {}, h("h2", { id }, title), shut), this.body);
    this.node.addEventListener("close", () => this.#gone());
    current = this;
  }

  open(first) {
    document.body.append(this.node);
    this.node.showModal();
    first?.focus();
  }

  close() {
    if (this.node.open) this.node.close();
    this.#gone();
  }

  #gone() {
    if (!this.node.isConnected) return;
    this.node.remove();
    if (current === this) current = null;
    if (this.closed?.() === true) return;
    if (this.before?.isConnected && !this.before.disabled) this.before.focus({ preventScroll: true });
  }
}

function textField(input) {
  count += 1;
  const id = `input-${count}`;
  const most = Number(input.most) > 0 ? Number(input.most) : 3000;
  const long = input.multiline === true;
  const box = h(long ? "textarea" : "input", {
    id,
    name: text(input.name),
    placeholder: text(input.placeholder) || null,
    maxlength: most,
    required: input.required === true,
    rows: long ? 6 : null,
    type: long ? null : "text",
    autocomplete: "off",
    "aria-describedby": `${id}-problem`,
  });
  box.value = text(input.value);
  const problem = h("p", { class: "problem", id: `${id}-problem` });
  const left = h("span", { class: "count", "aria-hidden": "true" });
  const counted = () => {
    left.textContent = box.value.length > most * 0.8 || long ? `${box.value.length} / ${most}` : "";
  };
  counted();
  const check = () => {
    const missing = input.required === true && box.value.trim() === "";
    box.toggleAttribute("aria-invalid", missing);
    if (missing) box.setAttribute("aria-invalid", "true");
    problem.textContent = missing ? "Please fill this in." : "";
    return missing ? box : null;
  };
  box.addEventListener("input", () => {
    counted();
    if (problem.textContent) check();
  });
  const optional = input.required === true ? null : h("small", {}, " (optional)");
  return {
    name: text(input.name),
    node: h("div", { class: "form-field" }, h("label", { for: id }, text(input.label), optional), box, h("div", { class: "under" }, problem, left)),
    first: box,
    value: () => box.value,
    check,
  };
}

function choiceField(input) {
  count += 1;
  const group = `choice-${count}`;
  const radios = list(input.choices).map((raw, index) => {
    const choice = record(raw);
    const said = text(choice.description);
    const radio = h("input", { type: "radio", name: group, value: text(choice.value), id: `${group}-${index}`, "aria-describedby": `${group}-problem` });
    radio.checked = radio.value === text(input.value);
    return { radio, label: h("label", { class: "tick", for: radio.id }, radio, h("span", {}, text(choice.label), said ? h("small", {}, said) : null)) };
  });
  const problem = h("p", { class: "problem", id: `${group}-problem` });
  const chosen = () => radios.find(({ radio }) => radio.checked)?.radio.value ?? "";
  const node = h("fieldset", { class: "form-field radios" }, h("legend", {}, text(input.label), input.required ? null : h("small", {}, " (optional)")), ...radios.map(({ label }) => label), problem);
  const check = () => {
    const missing = input.required === true && chosen() === "";
    problem.textContent = missing ? "Please choose one." : "";
    return missing ? (radios[0]?.radio ?? null) : null;
  };
  node.addEventListener("change", check);
  return { name: text(input.name), node, first: radios[0]?.radio ?? null, value: chosen, check };
}

// A form stays open, with everything typed, until it was taken; only then is its text nowhere else.
export function openForm(form, { sent, closed }) {
  const dialog = new Dialog(text(form.title), closed);
  const fields = list(form.inputs).map(record).map((input) => (input.type === "choice" ? choiceField(input) : textField(input)));
  const words = text(form.submit) || "Send";
  const send = h("button", { type: "submit", class: "button primary" }, words);
  const trouble = h("p", { class: "trouble", role: "status" });
  const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Cancel");
  const node = h("form", { novalidate: true }, ...fields.map((field) => field.node), trouble, h("div", { class: "dialog-foot" }, cancel, send));
  const handle = {
    close: () => dialog.close(),
    busy(on) {
      send.disabled = on;
      send.textContent = on ? "Sending…" : words;
    },
    problem(said) {
      handle.busy(false);
      trouble.textContent = said;
      if (document.activeElement === document.body) send.focus();
    },
  };
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.disabled) return;
    trouble.textContent = "";
    const [wrong] = fields.map((field) => field.check()).filter((field) => field !== null);
    if (wrong !== undefined) {
      wrong.focus();
      return;
    }
    handle.busy(true);
    sent(Object.fromEntries(fields.map((field) => [field.name, field.value()])), handle);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    node.requestSubmit();
  });
  dialog.body.append(node);
  dialog.open(fields[0]?.first ?? send);
  return handle;
}

const KEYS = [
  ["A – F", "Press that button of the newest question, or tick that box"],
  ["T, F", "Press True or False"],
  ["N", "Press Next"],
  ["/", "Go to the message box and start a command"],
  ["↑", "In an empty message box: what you sent last"],
  ["↑ ↓ Tab Enter", "Move in the suggestions and take one; Esc closes them"],
  ["Ctrl Enter", "Send a form from a field of several lines"],
  ["Esc", "Close a dialog or the list of channels"],
  ["?", "This help"],
];

export function openHelp() {
  const dialog = new Dialog("Keyboard");
  const entry = ([keys, does]) => {
    const names = keys === "A – F" ? [keys] : keys.split(/,? /);
    return h("div", {}, h("dt", {}, ...names.flatMap((name, index) => [index ? " " : "", h("kbd", {}, name)])), h("dd", {}, does));
  };
  const shut = h("button", { type: "button", class: "button primary", onclick: () => dialog.close() }, "Close", hidden(" the keyboard help"));
  dialog.body.append(
    h("p", {}, "Letters work while you are not typing in a box."),
    h("dl", { class: "keys" }, ...KEYS.map(entry)),
    h("div", { class: "dialog-foot" }, shut),
  );
  dialog.node.addEventListener("click", (event) => {
    if (event.target === dialog.node) dialog.close();
  });
  dialog.open(shut);
}
