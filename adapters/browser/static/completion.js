// What can come next in a command. Reads a line as the server does: name:value pairs, quotes, bare words in order.

import { list, record, text } from "./dom.js";

const NOTHING = { items: [], from: 0, to: 0, usage: "", first: -1 };

function wordsOf(line) {
  const words = [];
  let word = null;
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    if (/\s/u.test(sign) && !quoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    word ??= { start: at, raw: "" };
    if (/["“”„]/u.test(sign)) quoted = !quoted;
    word.raw += sign;
  }
  // The last word is the one being typed, even when nothing of it is there yet.
  words.push(word ?? { start: line.length, raw: "" });
  return words;
}

const bare = (raw) => raw.replace(/["“”„]/gu, "");

const fold = (value) => text(value).toLowerCase();

const quote = (value) => (/\s/u.test(value) ? `"${value}"` : value);

function rank(all, typed, names) {
  if (typed === "") return all;
  const score = (item) => {
    const said = names(item).map(fold);
    if (said.some((name) => name === typed)) return 0;
    if (said.some((name) => name.startsWith(typed))) return 1;
    if (said.some((name) => name.includes(` ${typed}`))) return 2;
    return said.some((name) => name.includes(typed)) ? 3 : 4;
  };
  return all
    .map((item) => ({ item, rank: score(item) }))
    .filter((entry) => entry.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .map((entry) => entry.item);
}

function choicesOf(option, typed) {
  const all = list(option.choices).map(record);
  const fitting = rank(all, typed, (choice) => [choice.value, choice.label, choice.description]);
  return {
    exact: all.some((choice) => fold(choice.value) === typed || fold(choice.label) === typed),
    items: fitting.map((choice) => ({
      insert: `${text(option.name)}:${quote(text(choice.value))} `,
      name: text(choice.value),
      usage: text(choice.label) === text(choice.value) ? "" : text(choice.label),
      description: text(choice.description),
    })),
  };
}

function commandItems(line, caret, commands) {
  const typed = fold(line.slice(1, caret));
  const space = line.slice(caret).search(/\s/u);
  const to = space === -1 ? line.length : caret + space;
  const whole = commands.find((command) => fold(command.name) === typed);
  if (whole !== undefined && list(whole.options).length === 0) return NOTHING;
  const items = rank(commands, typed, (command) => [command.name]).map((command) => ({
    insert: `/${text(command.name)}${list(command.options).length ? " " : ""}`,
    name: `/${text(command.name)}`,
    usage: text(command.usage).split(/\s+/u).slice(1).join(" "),
    description: text(command.description),
  }));
  // A whole command is ready to go: Enter sends it.
  return { items, from: 0, to, usage: "", first: whole === undefined && typed !== "" ? 0 : -1 };
}

// `first` is the entry that is highlighted unasked, or -1 where Enter should send.
export function suggest(line, caret, all) {
  if (!line.startsWith("/")) return NOTHING;
  const commands = list(all).map(record);
  const before = line.slice(0, caret);
  if (!/\s/u.test(before)) return commandItems(line, caret, commands);
  const [name, ...words] = wordsOf(before);
  const command = commands.find((one) => fold(one.name) === fold(name.raw.slice(1)));
  if (command === undefined) return NOTHING;

  const options = list(command.options).map(record);
  const word = words.pop();
  const used = new Set();
  const known = (raw) => {
    const said = fold(bare(raw).split(":")[0]);
    return raw.includes(":") ? options.find((option) => fold(option.name) === said) : undefined;
  };
  for (const earlier of words) {
    const option = known(earlier.raw) ?? options.find((one) => !used.has(one.name));
    if (option !== undefined) used.add(option.name);
  }
  const rest = line.slice(caret).search(/\s/u);
  const to = rest === -1 ? line.length : caret + rest;
  const place = { from: word.start, to, usage: text(command.usage) };

  const named = known(word.raw);
  if (named !== undefined) {
    const typed = fold(bare(word.raw.slice(word.raw.indexOf(":") + 1)));
    const { items, exact } = choicesOf(named, typed);
    return items.length ? { ...place, items, first: exact ? -1 : 0 } : NOTHING;
  }

  const left = options.filter((option) => !used.has(option.name));
  const typed = fold(bare(word.raw));
  const next = left[0];
  const names = left
    .filter((option) => fold(option.name).startsWith(typed))
    .map((option) => ({
      insert: `${text(option.name)}:`,
      name: `${text(option.name)}:`,
      usage: option.required === true ? "required" : "",
      description: text(option.description),
    }));
  if (typed === "") {
    // Nothing more is needed unless an option has to be there.
    return names.length ? { ...place, items: names, first: left.some((option) => option.required === true) ? 0 : -1 } : NOTHING;
  }
  const choices = next === undefined ? { items: [], exact: false } : choicesOf(next, typed);
  const items = [...names, ...choices.items];
  // A word of free text may begin like an option's name and is still meant as it stands.
  const open = next === undefined || list(next.choices).length === 0;
  return items.length ? { ...place, items, first: choices.exact || open ? -1 : 0 } : NOTHING;
}
