// Files in, progress for each, and the way to the result.

import { ask, upload, vocabulary } from "./api.js";
import { make, say } from "./dom.js";

const EVERY_MS = 500;

export async function files(main) {
  const words = await vocabulary();
  const list = make("ul", { class: "list", "aria-label": "Analyses" });
  const chosen = make("input", { type: "file", multiple: true, hidden: true, id: "chosen",
    accept: "video/*,image/*,.mkv,.avi,.mjpeg" });
  const drop = make("div", { class: "drop" },
    make("h2", {}, "Drop videos or pictures here"),
    make("p", { class: "quiet" }, `Several at once, each up to ${words.most_upload_mb.toLocaleString("en")} MB. ` +
      "They are kept in your library, on the computer that runs duchenne, until you delete them. " +
      "Analyse only people who agreed to it."),
    make("button", { type: "button", class: "main", onclick: () => chosen.click() }, "Choose files"),
    chosen);
  main.append(
    make("h1", {}, "Files"),
    make("p", { class: "lede" }, "Faces, displayed emotions and Action Units of every frame; each expression with " +
      "the recordings it resembles, spontaneous or posed, and the reasons."),
    drop, list);

  const rows = new Map();
  const put = (all) => [...all].forEach((file) => begin(file, list, rows));
  chosen.addEventListener("change", () => { put(chosen.files); chosen.value = ""; });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    put(event.dataTransfer.files);
  });

  for (const analysis of await ask("/api/analyses")) {
    if (analysis.entry.kind === "recording") follow(new Row(list, analysis.entry.title), analysis, rows);
  }
  const timer = setInterval(() => refresh(rows), EVERY_MS);
  return () => clearInterval(timer);
}

class Row {
  constructor(list, title) {
    this.stage = make("p", { class: "quiet" }, "uploading");
    this.bar = make("progress", { max: 1, value: 0, "aria-label": `Progress of ${title}` });
    this.cancel = make("button", { type: "button" }, "Cancel");
    this.actions = make("div", { class: "actions" }, this.cancel);
    this.element = make("li", { class: "item" }, make("p", { class: "name" }, title), this.actions,
      make("div", {}, this.bar, this.stage));
    list.prepend(this.element);
  }

  progress(stage, done, of) {
    this.stage.textContent = of ? `${stage}: ${done.toLocaleString("en")} of ${of.toLocaleString("en")}` :
      done ? `${stage}: ${done.toLocaleString("en")}` : stage;
    if (of) this.bar.value = done / of;
    else this.bar.removeAttribute("value");
  }

  over(text, link, bad = false) {
    this.bar.hidden = true;
    this.stage.textContent = text;
    this.stage.classList.toggle("problem", bad);
    this.actions.replaceChildren(link ?? make("button", { type: "button", onclick: () => this.element.remove() }, "Dismiss"));
  }
}

async function begin(file, list, rows) {
  const row = new Row(list, file.name);
  const sending = upload(file, file.name, (done, of) => {
    row.bar.value = of ? done / of : 0;
    row.stage.textContent = `uploading: ${(done / 2 ** 20).toFixed(1)} of ${(of / 2 ** 20).toFixed(1)} MB`;
  });
  row.cancel.onclick = () => sending.cancel();
  try {
    follow(row, await sending.done, rows);
  } catch (error) {
    if (error.name === "AbortError") row.element.remove();
    else row.over(error.message, null, true);
  }
}

function follow(row, analysis, rows) {
  const id = analysis.entry.id;
  rows.set(id, row);
  row.progress(analysis.stage, analysis.done, analysis.of);
  row.cancel.onclick = async () => {
    rows.delete(id);
    row.element.remove();
    await ask(`/api/analyses/${id}`, { method: "DELETE" }).catch((error) => say(error.message));
  };
}

async function refresh(rows) {
  for (const [id, row] of rows) {
    let analysis;
    try {
      analysis = await ask(`/api/analyses/${id}`);
    } catch (error) {
      rows.delete(id);
      row.over(error.message, null, true);
      continue;
    }
    if (!rows.has(id)) continue;
    const { entry } = analysis;
    if (entry.state === "done") {
      rows.delete(id);
      row.over(found(entry), make("a", { class: "button", href: `#recording/${id}` }, "Open"));
    } else if (entry.state === "failed") {
      rows.delete(id);
      row.over(entry.problem, null, true);
    } else row.progress(analysis.stage, analysis.done, analysis.of);
  }
}

export function found(entry) {
  if (!entry.faces) return "no face found";
  const parts = [`${entry.faces} ${entry.faces === 1 ? "face" : "faces"}`];
  if (entry.emotion) parts.push(`displays mostly ${entry.emotion}`);
  const verdicts = [
    [entry.genuine, "resembling spontaneous recordings"], [entry.posed, "resembling posed recordings"],
    [entry.undecided, "undecided"],
  ].filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  if (verdicts.length) parts.push(`expressions: ${verdicts.join(", ")}`);
  return parts.join("; ");
}
