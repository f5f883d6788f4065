// Blocks and inline text of a message, as the server's small tree says them.

import { h, hidden, icon, list, record, text } from "./dom.js";

const OPTION = /^([A-Z]|\d{1,2})[.)]?$/;

const MOMENT = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

function instant(unix) {
  const at = new Date(Number(unix) * 1000);
  return unix === null || Number.isNaN(at.getTime()) ? null : at;
}

function timeNode(unix, format, fallback = "") {
  const at = instant(unix);
  if (at === null) return h("span", {}, fallback);
  return h("time", { datetime: at.toISOString(), title: EXACT.format(at) }, format.format(at));
}

export const clock = (unix) => timeNode(unix, CLOCK);

export function dayOf(unix) {
  const at = instant(unix);
  if (at === null) return { key: "", name: "" };
  const key = (day) => `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (key(at) === key(new Date())) return { key: key(at), name: "Today" };
  if (key(at) === key(yesterday)) return { key: key(at), name: "Yesterday" };
  return { key: key(at), name: DAY.format(at) };
}

// Only https leads out of this page; anything else a link might say (javascript:, data:) is not one.
export function safeUrl(href) {
  try {
    const url = new URL(text(href));
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export function outside(href, props, ...children) {
  return h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, ...children, icon("external"), hidden(" (opens in a new tab)"));
}

function inlineNode(raw) {
  const part = record(raw);
  switch (part.t) {
    case "text":
      return document.createTextNode(text(part.v));
    case "code":
      return h("code", {}, text(part.v));
    case "br":
      return h("br");
    case "strong":
    case "em":
      return h(part.t, {}, ...inline(part.c));
    case "link": {
      const url = safeUrl(part.href);
      return url === null ? h("span", {}, ...inline(part.c)) : outside(url, { class: "link" }, ...inline(part.c));
    }
    case "time":
      return timeNode(part.unix, MOMENT, text(part.v));
    default:
      return document.createTextNode(text(part.v));
  }
}

const inline = (parts) => list(parts).map(inlineNode);

function plain(parts) {
  return list(parts).map((part) => text(record(part).v) + plain(record(part).c)).join("");
}

function lines(parts) {
  const found = [[]];
  for (const part of list(parts)) {
    if (record(part).t === "br") found.push([]);
    else found[found.length - 1].push(part);
  }
  return found;
}

function marker(line) {
  if (record(line[0]).t !== "strong") return null;
  return OPTION.exec(plain([line[0]]).trim())?.[1] ?? null;
}

function optionList(run) {
  const item = (line) => {
    const [first, ...rest] = line;
    // The space after "A." is a column's gap here.
    if (record(rest[0]).t === "text") rest[0] = { ...rest[0], v: text(rest[0].v).trimStart() };
    return h("li", { class: "option" }, h("strong", { class: "option-key" }, plain([first]).trim()), " ", h("span", { class: "option-text" }, ...inline(rest)));
  };
  // Safari forgets that a list without bullets is one unless it is told.
  return h("ul", { class: "options", role: "list" }, ...run.map(item));
}

// Lines that begin with a bold letter are answers to choose from and get a row each.
function paragraph(parts) {
  const all = lines(parts);
  if (all.filter((line) => marker(line) !== null).length < 2) return [h("p", {}, ...inline(parts))];
  const nodes = [];
  let run = [];
  let options = false;
  const flush = () => {
    if (run.length && options) nodes.push(optionList(run));
    else if (run.some((line) => line.length)) {
      nodes.push(h("p", {}, ...run.flatMap((line, index) => [...(index ? [h("br")] : []), ...inline(line)])));
    }
    run = [];
  };
  for (const line of all) {
    const isOption = marker(line) !== null;
    if (isOption !== options) flush();
    options = isOption;
    run.push(line);
  }
  flush();
  return nodes;
}

function codeBlock(block) {
  const language = text(block.language);
  return h("pre", { class: "code", "aria-label": language ? `Code, ${language}` : "Code", role: "group" }, h("code", {}, text(block.text)));
}

function blockNodes(raw) {
  const block = record(raw);
  switch (block.t) {
    case "p":
      return paragraph(block.c);
    case "code":
      return [codeBlock(block)];
    case "list":
      return [h(block.ordered === true ? "ol" : "ul", {}, ...list(block.items).map((item) => h("li", {}, ...inline(item))))];
    case "quote":
      return [h("blockquote", {}, ...inline(block.c))];
    default:
      return [];
  }
}

export const blocks = (all) => list(all).flatMap(blockNodes);

// Short values sit side by side; an explanation gets the whole width.
export function isShort(all) {
  const [only, ...more] = list(all).map(record);
  return only?.t === "p" && more.length === 0 && plain(only.c).length <= 32 && !list(only.c).some((part) => record(part).t === "br");
}
