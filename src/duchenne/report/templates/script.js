"use strict";
// Reads the series of the page: a hair line through all charts at once, and emotions alone.
(() => {
  const { unit, times, faces } = JSON.parse(document.getElementById("data").textContent);
  const names = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
  const root = document.documentElement;
  const last = times.length - 1;
  const span = times[last] - times[0];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  let current = -1;

  const nearest = (time) => {
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] < time) low = middle;
      else high = middle;
    }
    return time - times[low] < times[high] - time ? low : high;
  };

  const clock = (time) => {
    if (unit === "frame") return `frame ${Math.round(time)}`;
    if (time < 60) return `${time.toFixed(2)} s`;
    const seconds = Math.round(time);
    const two = (n) => String(n).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? `${minutes}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  };

  const words = {
    emotions: (v) => (v > 0 && v < 0.5 ? "<1 %" : v >= 99.5 && v < 100 ? ">99 %" : `${Math.round(v)} %`),
    aus: (v) => v.toFixed(1),
    angles: (v) => `${v < -0.5 ? "−" : ""}${Math.abs(Math.round(v))}°`,
  };

  const leading = (series) => {
    const values = series.emotions.map((row) => row[current]);
    if (values.some((v) => v === null)) return "";
    const top = values.indexOf(Math.max(...values));
    return ` · ${names[top]} ${words.emotions(values[top])}`;
  };

  const show = (index) => {
    current = index;
    const reading = index >= 0;
    document.body.classList.toggle("reading", reading);
    if (reading) {
      const at = span > 0 ? ((times[index] - times[0]) / span) * 100 : 50;
      root.style.setProperty("--at", `${at}%`);
    }
    for (const section of all("[data-face]")) {
      const series = faces[section.dataset.face];
      const value = (group, number) => (reading ? series[group][number][index] : null);
      for (const button of all(".key button", section)) {
        const output = button.querySelector("output");
        const v = value("emotions", button.dataset.series);
        button.dataset.mean ??= button.style.getPropertyValue("--v");
        button.style.setProperty("--v", reading ? (v ?? 0) / 100 : button.dataset.mean);
        output.textContent = reading ? (v === null ? "–" : words.emotions(v)) : output.dataset.still;
      }
      for (const output of all(".label output", section)) {
        const v = value(output.dataset.group, output.dataset.series);
        const text = v === null ? "–" : words[output.dataset.group](v);
        output.textContent = reading ? text : output.dataset.still;
      }
      for (const muscle of all(".muscle", section)) {
        const v = value(muscle.dataset.group, muscle.dataset.series);
        muscle.setAttribute("fill-opacity", reading ? (0.88 * (v ?? 0)) / 5 : muscle.dataset.still);
      }
      const when = reading ? clock(times[index]) : "";
      for (const now of all(".now", section)) now.textContent = when + (reading ? leading(series) : "");
      for (const which of all(".which", section)) which.textContent = reading ? `at ${when}` : "mean";
    }
  };

  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    show(nearest(times[0] + share * span));
  };
  const keys = (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
    const jumps = { Home: 0, End: last };
    if (event.key === "Escape") return show(-1);
    if (!(event.key in steps) && !(event.key in jumps)) return;
    event.preventDefault();
    const next = jumps[event.key] ?? Math.max(current, 0) + steps[event.key];
    show(Math.min(last, Math.max(0, next)));
  };
  for (const plot of all(".plot")) {
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointerleave", () => show(-1));
    plot.addEventListener("keydown", keys);
    plot.addEventListener("blur", () => show(-1));
  }
  for (const moment of all("[data-time]")) {
    moment.addEventListener("pointerenter", () => show(nearest(Number(moment.dataset.time))));
    moment.addEventListener("pointerleave", () => show(-1));
  }

  const x = times.map((t) => (span > 0 ? Math.round(((t - times[0]) / span) * 2000) : 0));

  // One layer between two curves, interrupted where the face was not seen.
  const layer = (low, high) => {
    let path = "";
    for (let start = 0; start <= last; start++) {
      if (high[start] === null) continue;
      let stop = start;
      while (stop < last && high[stop + 1] !== null) stop++;
      const over = [];
      const under = [];
      for (let i = start; i <= stop; i++) {
        over.push(`${x[i]} ${Math.round(1000 - 10 * high[i])}`);
        under.unshift(`${x[i]} ${Math.round(1000 - 10 * low[i])}`);
      }
      path += `M${over.join("L")}L${under.join("L")}z`;
      start = stop;
    }
    return path;
  };

  const choose = (section) => {
    const buttons = all(".key button", section);
    const chosen = new Set(
      buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.series),
    );
    section.querySelector(".key").classList.toggle("choosing", chosen.size > 0);
    let ground = times.map(() => 0);
    for (const path of all(".layer", section)) {
      path.dataset.whole ??= path.getAttribute("d");
      const alone = chosen.size > 0;
      path.style.display = alone && !chosen.has(path.dataset.series) ? "none" : "";
      if (!alone) path.setAttribute("d", path.dataset.whole);
      if (!alone || !chosen.has(path.dataset.series)) continue;
      const row = faces[section.dataset.face].emotions[path.dataset.series];
      const top = row.map((v, i) => (v === null ? null : ground[i] + v));
      path.setAttribute("d", layer(ground, top));
      ground = top;
    }
  };
  for (const section of all("[data-face]")) {
    for (const button of all(".key button", section)) {
      button.addEventListener("click", () => {
        const pressed = button.getAttribute("aria-pressed") === "true";
        button.setAttribute("aria-pressed", String(!pressed));
        choose(section);
      });
    }
  }
})();
