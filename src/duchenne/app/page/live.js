// The camera: pictures to the server, one at a time, and what it sees drawn over the video.

import { upload, vocabulary } from "./api.js";
import { colour, make, percent, say } from "./dom.js";
import { drawFaces, fit, unpack } from "./draw.js";
import { EmotionBars, FAINT, UnitBars } from "./recording.js";
import { card } from "./verdict.js";

const WIDEST = 640;
const QUALITY = 0.85;
const ROLLING_S = 20;
const WORDS = { aus: "from Action Units", landmarks: "from landmarks" };

export async function live(main) {
  const words = await vocabulary();
  const session = new Live(words);
  main.append(make("h1", {}, "Live"), session.consent, session.stage, session.frozen);
  const keys = (event) => session.key(event);
  document.addEventListener("keydown", keys);
  return () => {
    document.removeEventListener("keydown", keys);
    session.stop();
  };
}

class Live {
  constructor(words) {
    this.words = words;
    this.history = [];
    this.rates = [];
    this.#makeConsent();
    this.#makeStage();
    this.frozen = make("section", { hidden: true, "aria-live": "polite" });
  }

  #makeConsent() {
    this.begin = make("button", { type: "button", class: "main", onclick: () => this.start() }, "Start the camera");
    this.consent = make("div", {},
      make("p", { class: "lede" }, "Your camera's pictures go to the computer that runs duchenne and are forgotten after " +
        "ten seconds, unless you record. Start it only if everybody in front of it agrees."),
      make("div", { class: "actions" }, this.begin));
  }

  #makeStage() {
    this.video = make("video", { playsinline: true, muted: true, "aria-label": "Your camera" });
    this.video.muted = true;
    this.overlay = make("canvas", { "aria-hidden": "true" });
    this.rate = make("span", { class: "rate" });
    this.bars = new EmotionBars(this.words);
    this.units = new UnitBars(this.words);
    this.rolling = make("canvas", { class: "rolling", role: "img", "aria-label": `Emotions of the last ${ROLLING_S} seconds` });
    this.title = make("h2", {}, "Displays");
    this.a = button("Judge from Action Units", "A", () => this.freeze("aus"));
    this.l = button("Judge from landmarks", "L", () => this.freeze("landmarks"));
    this.record = button("Record", "R", () => this.recording ? this.endRecording() : this.beginRecording());
    this.end = button("Stop", "Q", () => this.stop());
    this.stage = make("div", { class: "stage", hidden: true },
      make("div", {},
        make("div", { class: "screen" }, this.video, this.overlay, this.rate),
        make("div", { class: "actions under" }, this.a, this.l, this.record, this.end)),
      make("div", {},
        make("div", { class: "panel" }, this.title, this.bars.element),
        make("div", { class: "panel" }, make("h2", {}, `Last ${ROLLING_S} seconds`), this.rolling),
        make("div", { class: "panel" }, make("h2", {}, "Strongest Action Units (0 to 5)"), this.units.element,
          make("p", { class: "quiet" }, FAINT))));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const action = { a: () => this.freeze("aus"), l: () => this.freeze("landmarks"), q: () => this.stop(),
      r: () => this.record.click() }[event.key.toLowerCase()];
    if (action && this.socket) {
      event.preventDefault();
      action();
    }
  }

  async start() {
    this.begin.disabled = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false,
        video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" } });
    } catch (error) {
      this.begin.disabled = false;
      say(cameraProblem(error));
      return;
    }
    this.stream.getVideoTracks()[0].addEventListener("ended", () => {
      say("The camera was unplugged or taken by another program.");
      this.stop();
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.consent.hidden = true;
    this.stage.hidden = false;
    this.#connect();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    this.socket.onopen = () => this.#sendPicture();
    this.socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    this.socket.onclose = (event) => {
      if (!this.socket) return;
      say(event.reason || "The server closed the connection: is duchenne serve still running?");
      this.stop();
    };
    this.rate.textContent = "starting";
    this.begun = performance.now();
  }

  // One picture is under way at any time, taken when the one before was answered: so the overlay never lags behind
  // by more than one picture, however slow the server is.
  async #sendPicture() {
    const socket = this.socket;
    if (!socket) return;
    if (this.wanted) {
      socket.send(JSON.stringify({ freeze: this.wanted }));
      this.wanted = null;
      return;
    }
    await newPicture(this.video);
    if (socket !== this.socket) return;
    const { videoWidth: wide, videoHeight: high } = this.video;
    const factor = Math.min(1, WIDEST / wide);
    this.picture ??= document.createElement("canvas");
    this.picture.width = Math.round(wide * factor);
    this.picture.height = Math.round(high * factor);
    this.picture.getContext("2d", { willReadFrequently: true }).drawImage(this.video, 0, 0, this.picture.width, this.picture.height);
    this.taken = performance.now();
    const jpeg = await new Promise((done) => this.picture.toBlob(done, "image/jpeg", QUALITY));
    if (socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
    const time = new Float64Array([(this.taken - this.begun) / 1000]);
    socket.send(new Blob([time, jpeg]));
  }

  #take(answer) {
    if (answer.error) say(answer.error);
    else if (answer.frozen) this.#showFrozen(answer.frozen);
    else this.#show(answer);
    this.#sendPicture();
  }

  #show(seen) {
    const faces = seen.ids.map((id, place) => {
      const shares = seen.emotions[place];
      const top = shares.indexOf(Math.max(...shares));
      return { id, box: seen.boxes[place], emotion: this.words.emotions[top], share: percent(shares[top]) };
    });
    drawFaces(this.overlay, seen, faces, unpack(seen.points), this.words);
    const largest = biggest(seen.boxes);
    const time = performance.now() / 1000;
    this.history.push([time, largest == null ? null : seen.emotions[largest]]);
    while (this.history[0][0] < time - ROLLING_S) this.history.shift();
    this.#roll(time);
    if (largest == null) this.title.textContent = "No face in sight";
    else {
      this.title.textContent = `Face ${seen.ids[largest]} displays ${faces[largest].emotion}`;
      this.bars.show(seen.emotions[largest]);
      this.units.show(seen.units[largest]);
    }
    this.#measure();
  }

  #measure() {
    const now = performance.now();
    this.latency = now - this.taken;
    this.rates.push(now);
    while (this.rates[0] < now - 2000) this.rates.shift();
    const rate = this.rates.length / Math.min(2, Math.max(0.5, (now - this.begun) / 1000));
    this.rate.replaceChildren(this.recording ? make("span", { class: "dot" }) : "",
      `${rate.toFixed(0)} a second, ${this.latency.toFixed(0)} ms behind`);
  }

  #roll(now) {
    fit(this.rolling);
    const context = this.rolling.getContext("2d");
    const { width, height } = this.rolling;
    context.clearRect(0, 0, width, height);
    const x = (time) => width * (1 - (now - time) / ROLLING_S);
    this.history.forEach(([time, shares], i) => {
      if (!shares) return;
      const end = i + 1 < this.history.length ? this.history[i + 1][0] : now;
      let ground = height;
      for (const name of this.words.stack) {
        const high = shares[this.words.emotions.indexOf(name)] * height;
        context.fillStyle = this.words.colours[name];
        context.fillRect(x(time), ground - high, x(end) - x(time) + 0.5, high);
        ground -= high;
      }
    });
  }

  freeze(source) {
    if (this.socket) this.wanted = source;
  }

  #showFrozen(frozen) {
    const canvas = make("canvas", { role: "img", "aria-label": "The frozen picture" });
    const image = new Image();
    image.onload = () => {
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      context.strokeStyle = colour("--unit");
      context.lineWidth = 3;
      for (const face of frozen.faces) if (face.box) context.strokeRect(...face.box);
    };
    image.src = frozen.picture;
    const cards = frozen.faces.map((face) => card({ ...face, emotion: face.displayed }));
    const heading = make("h2", { tabindex: "-1" }, `The last second, judged ${WORDS[frozen.source]}`);
    this.frozen.replaceChildren(heading,
      make("div", { class: "frozen" }, canvas, make("div", { class: "verdicts" },
        ...(cards.length ? cards : [make("p", {}, "No face was seen in the last second.")]))));
    this.frozen.hidden = false;
    this.frozen.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  beginRecording() {
    const type = ["video/webm;codecs=vp8", "video/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
    this.parts = [];
    this.recording = new MediaRecorder(this.stream, { mimeType: type, videoBitsPerSecond: 4_000_000 });
    this.recording.ondataavailable = (event) => this.parts.push(event.data);
    this.recording.onstop = () => keep(new Blob(this.parts, { type }));
    this.recording.start(1000);
    this.record.firstChild.textContent = "End the recording";
  }

  endRecording() {
    if (!this.recording) return;
    this.recording.stop();
    this.recording = null;
    this.record.firstChild.textContent = "Record";
  }

  stop() {
    this.endRecording();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    this.history = [];
    this.stage.hidden = true;
    this.consent.hidden = false;
    this.begin.disabled = false;
  }
}

async function keep(video) {
  const ending = video.type.startsWith("video/mp4") ? "mp4" : "webm";
  const stamp = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  try {
    await upload(video, `Camera ${stamp}.${ending}`, () => {}).done;
    say("The recording is being analysed: look under Files.");
  } catch (error) {
    say(error.message);
  }
}

function button(text, letter, onclick) {
  return make("button", { type: "button", onclick }, make("span", {}, text), make("kbd", { "aria-hidden": "true" }, letter));
}

function biggest(boxes) {
  let best = null;
  boxes.forEach(([, , width, height], place) => {
    if (best == null || width * height > boxes[best][2] * boxes[best][3]) best = place;
  });
  return best;
}

// Resolves with the camera's next picture; at once where the browser cannot tell.
function newPicture(video) {
  if (!video.requestVideoFrameCallback) return new Promise((done) => requestAnimationFrame(done));
  return new Promise((done) => {
    const late = setTimeout(done, 200);
    video.requestVideoFrameCallback(() => { clearTimeout(late); done(); });
  });
}

function cameraProblem(error) {
  return {
    NotAllowedError: "The browser may not use the camera: allow it in the address bar, then start again.",
    NotFoundError: "No camera was found: plug one in, or analyse a file instead.",
    NotReadableError: "The camera is used by another program: close that one, then start again.",
  }[error.name] ?? (navigator.mediaDevices ? `The camera cannot be used: ${error.message}.`
    : "Browsers give the camera only to localhost or to https addresses: open this page that way.");
}
