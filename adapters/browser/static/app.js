// Starts the page and ties its parts together; what is known about each person of this tab lives here.

import { icon, isTyping, keep, kept, list, named, record, text } from "./dom.js";
import { Acts } from "./acts.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { controlOf } from "./controls.js";
import { dialogOpen, openForm, openHelp } from "./forms.js";
import { listen } from "./keys.js";
import { Log } from "./log.js";
import { Notices } from "./notices.js";
import { Side } from "./side.js";
import { themeToggle } from "./theme-toggle.js";

const TRIES = ["practice", "progress", "leaderboard", "warmup"];
const STATES = { connecting: "Connecting…", connected: "Connected", reconnecting: "Reconnecting…" };

const address = new URL(location.href);
const stores = new Map();
const state = {
  person: address.searchParams.get("as") ?? kept("sessionStorage", "warmup-person") ?? "",
  name: "",
  people: [],
  channels: [],
  commands: [],
  channel: "",
  welcomed: false,
  shown: null,
  joining: null,
  focusLater: null,
};

// Everything this tab has seen as one person, so that switching back shows it at once.
function store() {
  if (!stores.has(state.person)) stores.set(state.person, { messages: new Map(), seq: 0, unread: new Set() });
  return stores.get(state.person);
}

// Reminders and streaks go by this person's own days; where the browser does not tell, the server's zone is used.
function zone() {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  } catch {
    return "";
  }
}

const notices = new Notices();
const connection = new Connection({
  hello: () => {
    state.welcomed = false;
    return { type: "hello", person: state.person, since: store().seq, zone: zone() };
  },
  frame: (frame) => Object.hasOwn(frames, text(frame.type)) && frames[frame.type](frame),
  state: showState,
  lost,
});
const acts = new Acts(connection, (act) => {
  if (act.message !== undefined) log.refresh(act.message, act);
  document.getElementById("strip").textContent = acts.anyWorking ? "Warmup is thinking…" : "";
});
const log = new Log({ press, pending: (id) => acts.pendingOn(id), tries });
const composer = new Composer((line) => say(line));
const side = new Side({ person: become });

function showState(name) {
  const node = document.getElementById("connection");
  node.dataset.state = name;
  if (node.textContent !== STATES[name]) node.textContent = STATES[name];
  if (name === "connected") composer.tell("");
}

function lost() {
  acts.drop();
  state.joining?.problem("The connection dropped. Try again in a moment.");
  state.joining = null;
}

function complain(problem) {
  if (problem !== null) notices.say(problem);
}

function say(line) {
  const channel = state.channel;
  const ended = (problem, dropped) => {
    complain(problem);
    if (dropped) composer.restore(channel, line);
  };
  return acts.begin({ type: "say", channel, text: line }, { channel, ended });
}

function press(message, token, values, key) {
  if (acts.pendingOn(message.id) !== null) return;
  const act = { message: message.id, channel: message.channel, token, key, ended: complain };
  const sent = acts.begin({ type: "press", message: message.id, token, values }, act);
  if (!sent) notices.say("You are not connected, so nothing was pressed. Try again in a moment.");
}

function tries() {
  const known = state.commands.map((command) => text(command.name));
  return {
    line: state.welcomed ? "Ask for a question and answer it right here. A few things to try:" : "Warmup is on its way…",
    tries: TRIES.filter((name) => known.includes(name)).map((name) => `/${name}`),
    choose: (line) => {
      if (say(line)) composer.remember(line);
      else notices.say("You are not connected. Try again in a moment.");
    },
  };
}

// The address is anybody's to write: half an escape in it must not stop the page.
function wantedChannel() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function showChannel() {
  const wanted = wantedChannel();
  const { channels } = state;
  const channel = channels.find((one) => one.id === wanted) ?? channels.find((one) => one.id === state.channel) ?? channels[0];
  if (channel === undefined) return;
  const moved = state.channel !== channel.id;
  state.channel = text(channel.id);
  store().unread.delete(state.channel);
  document.getElementById("channel-name").textContent = `#${text(channel.name)}`;
  document.getElementById("channel-about").textContent = text(channel.about);
  log.scroller.setAttribute("aria-label", `Messages in #${text(channel.name)}`);
  if (moved) composer.channel(state.channel, text(channel.name));
  log.show([...store().messages.values()].filter((message) => message.channel === state.channel));
  drawSide();
}

function drawSide() {
  const { unread } = store();
  side.drawChannels(state.channels, state.channel, unread);
  const name = state.channels.find((one) => one.id === state.channel)?.name;
  document.title = `${unread.size ? "• " : ""}${name ? `#${text(name)} · ` : ""}Warmup`;
}

// Keeps a message and tells whether it is one to show: an older state of a known one is not.
function take(raw) {
  const message = record(raw);
  if (!Number.isInteger(message.id) || typeof message.channel !== "string") return null;
  const here = store();
  const known = here.messages.get(message.id);
  if (Number.isFinite(message.seq)) here.seq = Math.max(here.seq, message.seq);
  if (known !== undefined && known.seq > message.seq) return null;
  here.messages.set(message.id, message);
  if (known === undefined && message.channel !== state.channel && state.channel) here.unread.add(message.channel);
  return message;
}

// What answers this person's own act may move the page and take the focus; what others say may not.
function put(message) {
  const author = record(message.author);
  const act = acts.answered(message.channel);
  const mine = act !== null && (author.bot === true || author.name === state.name);
  const isNew = log.article(message.id) === null;
  // Whoever is writing by now is left alone, except in the form that this answers.
  const free = dialogOpen() || !isTyping(document.activeElement);
  const asked = act?.kind === "say" ? message.tone === "question" && composer.empty : free;
  const focus = mine && isNew && author.bot === true && asked;
  log.put(message, { mine: mine && (isNew || act.message === message.id), focus: focus && !dialogOpen() });
  if (focus && dialogOpen()) state.focusLater = message.id;
}

const frames = {
  welcome(frame) {
    const person = record(frame.person);
    if (!text(person.id)) return;
    state.person = text(person.id);
    state.name = text(person.name);
    // A server that starts afresh counts from the beginning: what this tab remembers is of another time.
    if (Number.isFinite(frame.seq) && frame.seq < store().seq) {
      stores.clear();
      connection.restart();
      return;
    }
    const first = store().messages.size === 0;
    state.people = named(frame.people, "id");
    state.channels = named(frame.channels, "id");
    state.commands = named(frame.commands, "name");
    composer.commands = state.commands;
    state.welcomed = true;
    remember();
    const missed = list(frame.messages).map(take).filter(Boolean);
    if (first) store().unread.clear();
    if (Number.isFinite(frame.seq)) store().seq = Math.max(store().seq, frame.seq);
    side.drawPeople(state.people, state.person);
    if (first || state.shown !== state.person) showChannel();
    else for (const message of missed) if (message.channel === state.channel) put(message);
    state.shown = state.person;
    drawSide();
  },
  message(frame) {
    const message = take(frame.message);
    if (message === null) return;
    if (message.channel === state.channel) put(message);
    drawSide();
  },
  modal(frame) {
    const form = record(frame.modal);
    if (list(form.inputs).length === 0) return;
    const message = Number.isInteger(frame.message) ? frame.message : undefined;
    const button = acts.pendingOn(message)?.key;
    const sent = (inputs, handle) => {
      const ended = (problem) => (problem === null ? handle.close() : handle.problem(problem));
      const act = { message, channel: frame.channel, key: button, ended };
      const gone = acts.begin({ type: "submit", message, channel: frame.channel, token: form.token, inputs }, act);
      if (!gone) handle.problem("You are not connected, so this was not sent. Try again in a moment.");
    };
    openForm(form, { sent, closed: () => backTo(message, button) });
  },
  working: (frame) => acts.working(frame.id),
  done: (frame) => acts.end(frame.id),
  error(frame) {
    const words = text(frame.text) || "Something went wrong.";
    if (acts.end(frame.id, words)) return;
    if (state.joining !== null) {
      state.joining.problem(words);
      state.joining = null;
      return;
    }
    notices.say(words);
    if (state.welcomed || state.person === "") return;
    // A person the server does not know: it chooses one instead.
    state.person = "";
    connection.restart();
  },
  people(frame) {
    state.people = named(frame.people, "id");
    side.drawPeople(state.people, state.person);
    if (state.joining === null || !text(frame.joined)) return;
    state.joining.close();
    state.joining = null;
    become(text(frame.joined));
  },
};

// After a form: to the question it brought, or back to the button that opened it.
function backTo(message, key) {
  const article = log.article(state.focusLater ?? message ?? -1);
  const control = state.focusLater === null && article !== null && key ? controlOf(article, key) : null;
  state.focusLater = null;
  (control ?? article)?.focus({ preventScroll: true });
  return article !== null;
}

function remember() {
  keep("sessionStorage", "warmup-person", state.person);
  if (!address.searchParams.has("as")) return;
  address.searchParams.set("as", state.person);
  history.replaceState(null, "", `${address.pathname}${address.search}${location.hash}`);
}

function become(person) {
  if (person === state.person) return;
  state.person = person;
  state.name = text(state.people.find((one) => one.id === person)?.name);
  acts.forget();
  composer.forget();
  notices.clear();
  remember();
  side.drawPeople(state.people, person);
  showChannel();
  connection.restart();
}

function addPerson() {
  // The dialog gives the focus back, and a button inside a closed drawer could not take it.
  side.close();
  const form = {
    title: "Add a person",
    submit: "Add",
    inputs: [{ type: "text", name: "name", label: "Name", placeholder: "e.g. Marie Curie", required: true, most: 32 }],
  };
  const sent = ({ name }, handle) => {
    state.joining = handle;
    if (connection.send({ type: "join", name: name.trim() })) return;
    state.joining = null;
    handle.problem("You are not connected. Try again in a moment.");
  };
  openForm(form, { sent, closed: () => void (state.joining = null) });
}

document.getElementById("help").append(icon("keyboard"));
document.getElementById("help").addEventListener("click", openHelp);
document.getElementById("add-person").addEventListener("click", addPerson);
document.getElementById("add-person").prepend(icon("plus"));
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  composer.focus();
});
window.addEventListener("hashchange", showChannel);
themeToggle();
listen({ log, composer, help: openHelp });
connection.start();
