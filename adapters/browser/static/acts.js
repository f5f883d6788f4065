// What was sent and not yet answered. Each act ends once: done, refused, or lost with the connection.

const PATIENCE = 45_000;
const ECHO = 2000;

export const DROPPED = "The connection dropped before this was confirmed. Try again: nothing is counted twice.";
const SILENT = "There is no answer yet. You can try again: nothing is counted twice.";

export class Acts {
  #open = new Map();
  #recent = [];
  #count = 0;
  #tab = Math.random().toString(36).slice(2, 8);

  constructor(connection, changed) {
    this.connection = connection;
    this.changed = changed;
  }

  // `act` may hold: message, channel, token, text, and ended(problem), where problem is null after a done.
  begin(frame, act) {
    this.#count += 1;
    const id = `${this.#tab}-${this.#count}`;
    if (!this.connection.send({ ...frame, id })) return false;
    const entry = { kind: frame.type, working: false, ...act };
    entry.timer = setTimeout(() => this.end(id, SILENT), PATIENCE);
    this.#open.set(id, entry);
    this.changed(entry);
    return true;
  }

  end(id, problem = null, dropped = false) {
    const act = this.#open.get(id);
    if (act === undefined) return false;
    clearTimeout(act.timer);
    this.#open.delete(id);
    // An answer's message may come after its done; for a moment it still counts as the answer.
    if (problem === null) this.#recent.push({ act, until: performance.now() + ECHO });
    this.changed(act);
    act.ended?.(problem, dropped);
    return true;
  }

  working(id) {
    const act = this.#open.get(id);
    if (act === undefined) return;
    act.working = true;
    this.changed(act);
  }

  drop() {
    for (const id of [...this.#open.keys()]) this.end(id, DROPPED, true);
  }

  // The acts of another person are not this one's to be told about.
  forget() {
    for (const act of this.#open.values()) clearTimeout(act.timer);
    this.#open.clear();
    this.#recent = [];
    this.changed({});
  }

  pendingOn(message) {
    return [...this.#open.values()].find((act) => act.message === message) ?? null;
  }

  get anyWorking() {
    return [...this.#open.values()].some((act) => act.working);
  }

  // The act that a message in this channel most likely answers.
  answered(channel) {
    this.#recent = this.#recent.filter((entry) => entry.until > performance.now());
    const acts = [...this.#recent.map((entry) => entry.act), ...this.#open.values()];
    return acts.findLast((act) => act.channel === channel) ?? null;
  }
}
