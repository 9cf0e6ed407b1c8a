// One recording: player with overlay in step with its timelines, verdicts, downloads.

import { ask, vocabulary } from "./api.js";
import { area, legend, stack, Timeline } from "./charts.js";
import { clock, counted, make, percent } from "./dom.js";
import { drawFaces, unpack } from "./draw.js";
import { found } from "./files.js";
import { card } from "./verdict.js";

const CHUNK_S = 4;
const LEAST_RISE = 1;
export const FAINT = "Paler ones are experimental: their checks on real faces fail or are missing.";
const FORMS = [
  ["parquet", "Parquet"], ["csv", "CSV"], ["openface", "OpenFace CSV"], ["expressions", "Expressions CSV"],
  ["html", "Report (HTML)"],
];

export async function recording(main, id) {
  const [words, result] = await Promise.all([vocabulary(), ask(`/api/recordings/${id}`)]);
  const { entry } = result;
  const player = new Player(id, result, words);
  const downloads = make("div", { class: "actions" }, ...FORMS.map(([form, name]) =>
    make("a", { class: "button", href: `/api/recordings/${id}/tables/${form}`, download: true }, name)));
  main.append(
    make("p", { class: "crumb" }, make("a", { href: "#library" }, "Library")),
    make("h1", {}, entry.title),
    make("p", { class: "lede" }, `${about(entry)} ${sentence(found(entry))}`),
    ...result.summary.warnings.map((text) => make("p", { class: "notice bad" }, text)),
    make("div", { class: "stage" }, player.screen, player.side),
    player.lines,
    verdicts(result, player),
    make("section", {}, make("h2", {}, "Take it away"), downloads,
      make("p", { class: "quiet under" }, "Tables carry no pictures; the report shows a few small ones. ",
        make("a", { href: `/api/recordings/${id}/report`, target: "_blank", rel: "noopener" }, "Open the report"))));
  player.start();
  return () => player.stop();
}

function about(entry) {
  if (entry.media === "picture") return "A picture.";
  return `${counted(entry.frames, "frame")}, ${clock(entry.duration)}.`;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function verdicts(result, player) {
  const cards = result.expressions.map((one) => card(one, { onJump: (it) => player.play(it) }));
  const none = result.why_none || "No expression stands out enough to be judged.";
  return make("section", {}, make("h2", {}, "Expressions"),
    cards.length ? make("div", { class: "verdicts" }, ...cards) : make("p", {}, none));
}

class Player {
  constructor(id, result, words) {
    Object.assign(this, { id, result, words });
    this.size = { width: result.width, height: result.height };
    this.still = result.entry.media === "picture";
    this.chunks = new Map();
    this.charts = [];
    this.until = Infinity;
    this.#makeScreen();
    this.side = make("div", {});
    this.lines = make("section", {});
    this.faces = Object.keys(result.timeline.faces);
    if (this.faces.length) this.choose(this.faces[0]);
  }

  #makeScreen() {
    const source = `/api/recordings/${this.id}/media`;
    this.media = this.still
      ? make("img", { src: source, alt: "The picture that was analysed" })
      : make("video", { src: source, controls: true, muted: true, playsinline: true, preload: "auto",
        "aria-label": "The video that was analysed" });
    this.media.muted = true;
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.screen = make("div", { class: "screen" }, this.media, this.canvas);
  }

  start() {
    this.redraw = () => this.#show(true);
    window.addEventListener("resize", this.redraw);
    this.media.addEventListener(this.still ? "load" : "loadeddata", this.redraw);
    if (!this.still) this.media.addEventListener("seeked", this.redraw);
    const step = () => {
      if (this.stopped) return;
      if (!this.still && !this.media.paused) this.#show();
      requestAnimationFrame(step);
    };
    this.redraw();
    step();
  }

  stop() {
    this.stopped = true;
    if (!this.still) this.media.pause();
    window.removeEventListener("resize", this.redraw);
  }

  seek(time) {
    this.until = Infinity;
    if (!this.still) this.media.currentTime = time;
    this.#show(true);
  }

  play(expression) {
    if (this.still) return;
    this.choose(String(expression.face_id));
    this.seek(Math.max(0, expression.onset_s - 0.3));
    this.until = expression.offset_s + 0.3;
    this.screen.scrollIntoView({ block: "center" });
    this.media.play();
  }

  choose(face) {
    if (!this.result.timeline.faces[face]) return;
    this.face = face;
    this.#makeSide();
    this.#makeLines();
    if (this.redraw) this.#show(true);
  }

  #makeSide() {
    const tabs = this.faces.length < 2 ? "" : make("div", { class: "tabs", role: "group", "aria-label": "Faces" },
      ...this.faces.map((face) => make("button", { type: "button", "aria-pressed": String(face === this.face),
        onclick: () => this.choose(face) }, `Face ${face}`)));
    this.bars = new EmotionBars(this.words);
    this.units = new UnitBars(this.words);
    this.side.replaceChildren(tabs || make("span"),
      make("div", { class: "panel" }, make("h2", {}, `Face ${this.face} displays`), this.bars.element),
      make("div", { class: "panel" }, make("h2", {}, "Strongest Action Units (0 to 5)"), this.units.element, make("p", { class: "quiet" }, FAINT)));
  }

  #makeLines() {
    const { timeline } = this.result;
    this.charts = [];
    if (this.still || timeline.times.length < 2) return;
    const series = timeline.faces[this.face];
    const pick = (time) => this.seek(time);
    const whole = make("canvas", { height: 120, role: "img", "aria-label": "Emotions over time" });
    whole.style.height = "7.5rem";
    this.charts.push(new Timeline(whole, timeline.times, stack(timeline.times, series.emotions, this.words), pick));
    const rows = Object.entries(this.words.units).map(([unit, text], place) => [unit, text, series.aus[place]])
      .filter(([, , values]) => values.some((value) => value >= LEAST_RISE))
      .map(([unit, text, values]) => {
        const canvas = make("canvas", { role: "img", "aria-label": `${unit} over time` });
        this.charts.push(new Timeline(canvas, timeline.times, area(timeline.times, values, 5, "--unit"), pick));
        return make("div", { class: isFaint(text) ? "unit-row faint" : "unit-row" }, make("p", {}, make("b", {}, unit), make("span", {}, ` ${brief(text)}`)), canvas);
      });
    this.lines.replaceChildren(
      make("h2", {}, `Face ${this.face} over time`),
      make("p", { class: "quiet" }, "Click a timeline to go there."),
      make("div", { class: "unit-row emotions" }, make("div", {}, make("b", {}, "Displayed emotion"), legend(this.words)), whole),
      make("p", { class: "unit-row" }, make("b", {}, "Action Units"), make("span", {}, "Those that reach 1 of 5. ", FAINT)),
      make("div", {}, ...(rows.length ? rows : [make("p", { class: "quiet" }, "None does.")])));
  }

  #show(everything = false) {
    const now = this.still ? 0 : this.media.currentTime;
    if (now > this.until) {
      this.media.pause();
      this.until = Infinity;
    }
    this.#overlay(now);
    if (this.face == null) return;
    const place = nearest(this.result.timeline.times, now);
    const series = this.result.timeline.faces[this.face];
    this.bars.show(series.emotions.map((row) => row[place] == null ? null : row[place] / 100));
    this.units.show(series.aus.map((row) => row[place]));
    if (everything || now !== this.drawn) this.charts.forEach((chart) => chart.show(now));
    this.drawn = now;
  }

  #overlay(now) {
    const chunk = this.#chunk(Math.floor(now / CHUNK_S));
    this.#chunk(Math.floor(now / CHUNK_S) + 1);
    if (!chunk.times) return;
    const time = chunk.times[nearest(chunk.times, now)];
    const places = chunk.rows.flatMap((row, place) => row[0] === time && Math.abs(time - now) < 0.25 ? [place] : []);
    const faces = places.map((place) => {
      const [, id, x, y, width, height, top, share] = chunk.rows[place];
      return { id, box: [x, y, width, height], emotion: this.words.emotions[top], share: percent(share) };
    });
    const begin = places[0] ?? 0;
    drawFaces(this.canvas, this.size, faces, chunk.points.subarray(begin * 936), this.words);
  }

  #chunk(number) {
    if (!this.chunks.has(number)) {
      const empty = {};
      this.chunks.set(number, empty);
      const begin = number * CHUNK_S;
      if (begin > Math.max(this.result.entry.duration, 0)) return empty;
      // A little more than the span: the nearest frame may lie on the other side of its border.
      ask(`/api/recordings/${this.id}/overlay?start=${Math.max(0, begin - 0.2)}&end=${begin + CHUNK_S + 0.2}`)
        .then(({ rows, points }) => {
          Object.assign(empty, { rows, points: unpack(points), times: [...new Set(rows.map((row) => row[0]))] });
          this.#show(true);
        }).catch(() => this.chunks.delete(number));
    }
    return this.chunks.get(number);
  }
}

function nearest(times, now) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < now) low = middle + 1;
    else high = middle;
  }
  return low > 0 && now - times[low - 1] < times[low] - now ? low - 1 : low;
}

// Of "AU12 intensity, lip corner puller (a remark)" the part that a person reads.
export function brief(text) {
  return text.replace(/^AU\d+ intensity, /, "").replace(/\s*\(.*$/, "");
}

export function isFaint(text) {
  return text.includes("(");
}

export class EmotionBars {
  constructor(words) {
    this.rows = words.emotions.map((name) => {
      const fill = make("i");
      const inner = make("b");
      inner.style.cssText = `display:block;height:100%;width:0;background:${words.colours[name]}`;
      fill.append(inner);
      const output = make("output");
      return { element: make("div", { class: "bar" }, make("span", {}, name), fill, output), inner, output };
    });
    this.element = make("div", { class: "bars" }, ...this.rows.map((row) => row.element));
  }

  show(shares) {
    const top = shares.indexOf(Math.max(...shares.map((share) => share ?? -1)));
    this.rows.forEach((row, place) => {
      const share = shares[place];
      row.inner.style.width = `${100 * (share ?? 0)}%`;
      row.output.textContent = share == null ? "" : percent(share);
      row.element.classList.toggle("top", place === top && share != null);
    });
  }
}

export class UnitBars {
  constructor(words, most = 7) {
    this.names = Object.entries(words.units);
    this.rows = Array.from({ length: most }, () => {
      const inner = make("b");
      inner.style.cssText = "display:block;height:100%;width:0;background:var(--unit)";
      const name = make("span");
      const output = make("output");
      return { element: make("div", { class: "bar unit" }, name, make("i", {}, inner), output), name, inner, output };
    });
    this.element = make("div", { class: "bars" }, ...this.rows.map((row) => row.element));
  }

  show(values) {
    const order = values.map((value, place) => [value ?? 0, place]).sort((a, b) => b[0] - a[0]);
    this.rows.forEach((row, rank) => {
      const [value, place] = order[rank];
      const [unit, text] = this.names[place];
      row.element.style.visibility = value >= 0.1 ? "visible" : "hidden";
      row.element.classList.toggle("faint", isFaint(text));
      row.name.textContent = `${unit} ${brief(text)}`;
      row.inner.style.width = `${Math.min(100, 20 * value)}%`;
      row.output.textContent = value.toFixed(1);
    });
  }
}
