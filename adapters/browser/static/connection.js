// One WebSocket that is always on its way back; it is "ready" only once the server has said welcome.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;
const PATIENCE = 10_000;

export class Connection {
  #socket = null;
  #timer = 0;
  #attempts = 0;
  #ready = false;
  #ever = false;

  constructor({ hello, frame, state, lost }) {
    this.on = { hello, frame, state, lost };
    const wake = () => {
      if (document.visibilityState === "visible" && this.#socket === null) this.start();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    window.addEventListener("pageshow", wake);
  }

  get ready() {
    return this.#ready;
  }

  start() {
    this.#drop();
    this.on.state(this.#ever ? "reconnecting" : "connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws`);
    this.#socket = socket;
    // A server that takes the connection and then says nothing is as good as gone.
    this.#timer = setTimeout(() => this.#lose(socket), PATIENCE);
    socket.addEventListener("open", () => {
      if (socket === this.#socket) socket.send(JSON.stringify(this.on.hello()));
    });
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#read(event.data);
    });
    socket.addEventListener("close", () => this.#lose(socket));
  }

  // The server knows a connection by its one hello: another person needs another connection.
  restart() {
    this.#ever = false;
    this.#attempts = 0;
    this.start();
  }

  send(frame) {
    if (!this.#ready || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #read(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame === null || typeof frame !== "object") return;
    if (frame.type === "welcome") {
      clearTimeout(this.#timer);
      this.#attempts = 0;
      this.#ready = this.#ever = true;
      this.on.state("connected");
    }
    try {
      this.on.frame(frame);
    } catch (problem) {
      console.warn("A frame from the server was left out.", problem);
    }
  }

  #lose(socket) {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#ever = true;
    this.on.state("reconnecting");
    this.on.lost();
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 1.8 ** this.#attempts);
    this.#attempts += 1;
    // Not in step with the other tabs when a server comes back.
    this.#timer = setTimeout(() => this.start(), wait * (0.85 + Math.random() * 0.3));
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
