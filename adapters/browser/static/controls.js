// The rows of a message: buttons, links and choices. They know their message and say what was pressed.

import { h, list, record, text } from "./dom.js";
import { outside, safeUrl } from "./content.js";

let count = 0;

export function rows(message, press) {
  return list(message.rows).map((row) => rowNode(record(row), message, press)).filter((node) => node !== null);
}

function rowNode(row, message, press) {
  if (row.t === "buttons") return h("div", { class: "row" }, ...list(row.buttons).map((button) => buttonNode(record(button), message, press)));
  if (row.t !== "select") return null;
  return Number(row.most) > 1 ? checkboxes(row, message, press) : picker(row, message, press);
}

function buttonNode(button, message, press) {
  const label = text(button.label);
  if (button.url !== undefined) {
    const url = safeUrl(button.url);
    return url === null ? h("span", { class: "button off" }, label) : outside(url, { class: "button" }, label);
  }
  const style = ["primary", "danger"].includes(button.style) ? button.style : "secondary";
  const short = label.length <= 2 ? " key" : "";
  const token = text(button.token);
  return h(
    "button",
    {
      type: "button",
      class: `button ${style}${short}`,
      "data-token": token,
      "data-key": token,
      "data-label": label,
      // Apart from the passing state of a press, so that it comes back as the message says it.
      "data-off": button.disabled === true,
      disabled: button.disabled === true,
      onclick: () => press(message, token, [], token),
    },
    label,
  );
}

function picker(row, message, press) {
  count += 1;
  const token = text(row.token);
  const id = `pick-${count}`;
  const select = h(
    "select",
    { id, "data-key": token, "data-keep": token },
    h("option", { value: "" }, text(row.placeholder) || "Choose…"),
    ...list(row.choices).map((raw) => {
      const choice = record(raw);
      const said = text(choice.description);
      return h("option", { value: text(choice.value) }, said ? `${text(choice.label)} (${said})` : text(choice.label));
    }),
  );
  const button = h("button", { type: "button", class: "button primary", "data-key": `${token}/send`, "data-token": token }, "Choose");
  // Pressing on change would take the first entry that somebody passes with the arrow keys.
  button.addEventListener("click", () => {
    if (select.value !== "") press(message, token, [select.value], `${token}/send`);
    else select.focus();
  });
  return h("div", { class: "row pick" }, h("label", { class: "hidden", for: id }, text(row.placeholder) || "Choose"), select, button);
}

function howMany(least, most) {
  if (least === most) return `Choose ${most}`;
  return `Choose ${least} to ${most}`;
}

function checkboxes(row, message, press) {
  count += 1;
  const id = `ticks-${count}`;
  const token = text(row.token);
  const most = Number(row.most);
  const least = Number.isFinite(Number(row.least)) ? Number(row.least) : 1;
  const boxes = list(row.choices).map((raw, index) => {
    const choice = record(raw);
    const value = text(choice.value);
    const said = text(choice.description);
    const box = h("input", { type: "checkbox", value, id: `${id}-${index}`, "data-key": `${token}/${value}`, "data-keep": `${token}/${value}` });
    const label = h("label", { class: "tick", for: box.id }, box, h("span", {}, text(choice.label), said ? h("small", {}, said) : null));
    return { box, label };
  });
  const state = h("span", { class: "ticks-state", "aria-live": "polite" });
  const send = h("button", { type: "button", class: "button primary", "data-key": `${token}/send`, "data-token": token }, "Submit");
  const ticked = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  const check = () => {
    const chosen = ticked().length;
    const fits = chosen >= least && chosen <= most;
    send.toggleAttribute("data-off", !fits);
    send.disabled = !fits;
    state.textContent = chosen > most ? `${chosen} chosen, at most ${most}` : `${chosen} chosen`;
  };
  send.addEventListener("click", () => press(message, token, ticked(), `${token}/send`));
  const group = h(
    "fieldset",
    { class: "ticks" },
    h("legend", {}, text(row.placeholder), " ", h("small", {}, howMany(least, most))),
    ...boxes.map(({ label }) => label),
    h("div", { class: "row" }, send, state),
  );
  group.addEventListener("change", check);
  // What was ticked is put back after an edit without a change event.
  group.addEventListener("warmup:kept", check);
  check();
  return group;
}

const CONTROLS = "button[data-key], select[data-key], input[data-key]";

// A disabled control loses the focus; the article holds it meanwhile, so the keys go on working there.
export function setPending(article, act) {
  const active = document.activeElement;
  if (act === null) article.removeAttribute("aria-busy");
  else article.setAttribute("aria-busy", "true");
  for (const control of article.querySelectorAll(CONTROLS)) {
    control.disabled = act !== null || control.hasAttribute("data-off");
    control.classList.toggle("pressed", act !== null && control.tagName === "BUTTON" && control.dataset.token === act.token);
  }
  if (article.contains(active) && active.disabled === true) article.focus({ preventScroll: true });
}

export function controlOf(article, key) {
  return [...article.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key && !node.disabled) ?? null;
}

export function buttonLabelled(article, fits) {
  return [...article.querySelectorAll("button[data-label]")].find((node) => !node.disabled && fits(node.dataset.label)) ?? null;
}

export function tickOf(article, value) {
  return [...article.querySelectorAll("input[type=checkbox]")].find((node) => !node.disabled && node.value === value) ?? null;
}

// An edit redraws the message; what was ticked or picked in it and not yet sent stays.
export function carryOver(from, to) {
  const fresh = [...to.querySelectorAll("[data-keep]")];
  for (const old of from.querySelectorAll("[data-keep]")) {
    const node = fresh.find((one) => one.dataset.keep === old.dataset.keep && one.tagName === old.tagName);
    if (node === undefined) continue;
    if (node.tagName === "INPUT") node.checked = old.checked;
    else if ([...node.options].some((option) => option.value === old.value)) node.value = old.value;
  }
  for (const group of to.querySelectorAll("fieldset.ticks")) group.dispatchEvent(new Event("warmup:kept"));
}
