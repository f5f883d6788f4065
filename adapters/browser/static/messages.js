// One message as an article.

import { avatar, h, hidden, icon, list, record, text } from "./dom.js";
import { blocks, clock, isShort } from "./content.js";
import { rows } from "./controls.js";

const TONES = {
  plain: "",
  question: "Question",
  good: "Done",
  partial: "Partly right",
  bad: "Wrong",
  error: "That did not work",
};

// A title that says by itself how an answer was needs no word for its tone.
const VERDICTS = /^(right|partly right|wrong)\b/i;

export const toneOf = (message) => (Object.hasOwn(TONES, message.tone) ? message.tone : "plain");

function fieldList(fields) {
  const all = list(fields).map(record);
  if (all.length === 0) return null;
  const entry = (field) => h("div", { class: isShort(field.blocks) ? "field" : "field wide" }, h("dt", {}, text(field.name)), h("dd", {}, ...blocks(field.blocks)));
  return h("dl", { class: "fields" }, ...all.map(entry));
}

// Pictures are drawn with two points for each of the page's, so that they stay sharp.
function picture(image) {
  const node = h("img", { src: image.src, alt: text(image.alt) });
  node.addEventListener("load", () => {
    node.width = Math.round(node.naturalWidth / 2);
  });
  return node;
}

// Pictures come inside the frame; any other address would be a request to somewhere else.
function pictures(images) {
  const safe = list(images).map(record).filter((image) => /^data:image\/(png|jpeg|webp|gif);base64,/.test(text(image.src)));
  return safe.length === 0 ? null : h("div", { class: "images" }, ...safe.map(picture));
}

function heading(message, tone) {
  const title = text(message.title);
  // A title that says it already need not be heard twice.
  const told = VERDICTS.test(title) || title.toLowerCase().startsWith(TONES[tone].toLowerCase());
  const said = told ? "" : `${TONES[tone]}${title ? ": " : ""}`;
  const mark = tone === "plain" ? null : h("span", { class: "tone" }, icon(tone), hidden(said));
  if (title) return h("h3", { class: "title" }, mark, h("span", {}, title));
  return mark === null ? null : h("p", { class: "title bare" }, mark, h("span", { "aria-hidden": "true" }, TONES[tone]));
}

export function articleOf(message, press) {
  const author = record(message.author);
  const name = text(author.name) || "Somebody";
  const bot = author.bot === true;
  const tone = toneOf(message);
  const privately = message.private === true;
  const head = h(
    "header",
    { class: "head", id: `head-${message.id}` },
    h("span", { class: "author" }, name),
    bot ? h("span", { class: "badge" }, "bot") : null,
    " ",
    clock(message.at ?? null),
    message.edited === true ? h("span", { class: "edited" }, " (edited)") : null,
    privately ? h("span", { class: "private-note" }, icon("lock"), " Only you can see this") : null,
  );
  const footer = blocks(message.footer);
  const parts = [
    heading(message, tone),
    ...blocks(message.blocks),
    fieldList(message.fields),
    pictures(message.images),
    ...rows(message, press),
    footer.length ? h("div", { class: "footer" }, ...footer) : null,
  ];
  return h(
    "article",
    {
      class: `message ${bot ? "from-bot" : "from-person"}`,
      "data-testid": "message",
      "data-message-id": message.id,
      "data-private": privately ? "true" : "false",
      "data-tone": tone,
      "aria-labelledby": `head-${message.id}`,
      tabindex: "-1",
    },
    avatar(name, bot),
    h("div", { class: "content" }, head, h("div", { class: "card" }, ...parts)),
  );
}

// Lines of one person within a few minutes read as one.
export function follows(earlier, later) {
  if (earlier === undefined || earlier.channel !== later.channel) return false;
  const [one, other] = [record(earlier.author), record(later.author)];
  return (
    one.name === other.name &&
    one.bot === other.bot &&
    earlier.private === later.private &&
    toneOf(later) === "plain" &&
    toneOf(earlier) === "plain" &&
    !text(later.title) &&
    later.at - earlier.at < 300
  );
}
