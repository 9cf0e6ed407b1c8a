// Timelines on canvases: emotions as layers that fill the height, Action Units as areas.

import { colour, make } from "./dom.js";
import { fit } from "./draw.js";

export class Timeline {
  // times: s; draw(context, x(time), height): the content
  constructor(canvas, times, draw, onPick) {
    this.canvas = canvas;
    this.first = times[0];
    this.span = Math.max(times[times.length - 1] - times[0], 1e-6);
    this.draw = draw;
    this.now = this.first;
    canvas.addEventListener("pointerdown", (event) => this.#pick(event, onPick));
    canvas.addEventListener("pointermove", (event) => event.buttons && this.#pick(event, onPick));
  }

  #pick(event, onPick) {
    const share = event.offsetX / this.canvas.clientWidth;
    onPick(this.first + Math.min(1, Math.max(0, share)) * this.span);
  }

  show(now = this.now) {
    this.now = now;
    fit(this.canvas);
    const context = this.canvas.getContext("2d");
    const scale = window.devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const width = this.canvas.width / scale;
    const height = this.canvas.height / scale;
    context.clearRect(0, 0, width, height);
    const x = (time) => ((time - this.first) / this.span) * width;
    this.draw(context, x, height);
    context.fillStyle = colour("--ink");
    context.fillRect(Math.min(width - 2, Math.max(0, x(now) - 1)), 0, 2, height);
  }
}

// layers: {name: values in percent}
export function stack(times, layers, words) {
  return (context, x, height) => {
    let ground = times.map(() => 0);
    for (const name of words.stack) {
      const row = layers[words.emotions.indexOf(name)];
      const top = ground.map((low, i) => low + (row[i] ?? 0));
      context.fillStyle = words.colours[name];
      for (const [begin, end] of runs(row)) {
        context.beginPath();
        for (let i = begin; i < end; i++) context.lineTo(x(times[i]), height * (1 - top[i] / 100));
        for (let i = end - 1; i >= begin; i--) context.lineTo(x(times[i]), height * (1 - ground[i] / 100));
        context.fill();
      }
      ground = top;
    }
  };
}

export function area(times, values, most, tint) {
  return (context, x, height) => {
    context.fillStyle = colour(tint);
    for (const [begin, end] of runs(values)) {
      context.beginPath();
      context.moveTo(x(times[begin]), height);
      for (let i = begin; i < end; i++) context.lineTo(x(times[i]), height * (1 - values[i] / most));
      context.lineTo(x(times[end - 1]), height);
      context.fill();
    }
  };
}

// Stretches in which values are known, each at least two points long.
function runs(values) {
  const found = [];
  let begin = -1;
  for (let i = 0; i <= values.length; i++) {
    const known = i < values.length && values[i] != null;
    if (known && begin < 0) begin = i;
    if (!known && begin >= 0) {
      if (i - begin > 1) found.push([begin, i]);
      begin = -1;
    }
  }
  return found;
}

export function legend(words) {
  return make("div", { class: "legend" }, ...words.stack.map((name) => {
    const mark = make("i");
    mark.style.background = words.colours[name];
    return make("span", {}, mark, name);
  }));
}
