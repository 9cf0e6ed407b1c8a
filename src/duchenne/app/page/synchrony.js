// Who moves with whom: choose recordings, see t-ISC.

import { ask, send } from "./api.js";
import { clock, make, say } from "./dom.js";

const EVERY_MS = 500;
const FEATURES = [["aus", "Action Units"], ["emotions", "Emotions"], ["blendshapes", "Blendshapes"], ["pose", "Head pose"]];

export async function synchrony(main) {
  const [entries, past] = await Promise.all([ask("/api/recordings"), ask("/api/synchrony")]);
  const videos = entries.filter((entry) => entry.state === "done" && entry.media === "video" && entry.faces);
  main.append(make("h1", {}, "Synchrony"),
    make("p", { class: "lede" }, "Choose recordings of two people or more whose clocks begin together, for example of everybody " +
      "who watched the same film. Windows in which they move together more than chance explains are marked."));
  if (videos.length < 2) {
    main.append(make("p", { class: "notice" }, "This takes two recorded videos with a face: ", make("a", { href: "#files" }, "analyse some first"), "."));
  } else main.append(chooser(videos));
  if (past.length) main.append(make("section", {}, make("h2", {}, "Past comparisons"),
    make("ul", { class: "list" }, ...past.map(pastRow))));
}

function chooser(videos) {
  const chosen = new Set();
  const begin = make("button", { class: "main", disabled: true }, "Compare");
  const list = make("ul", { class: "list" }, ...videos.map((entry) => {
    const box = make("input", { type: "checkbox" });
    const item = make("li", { class: "item" }, make("label", {}, box, make("span", {}, make("span", { class: "name" }, entry.title),
      make("span", { class: "quiet" }, `  ${clock(entry.duration)}`))));
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(entry.id);
      else chosen.delete(entry.id);
      item.classList.toggle("picked", box.checked);
      begin.disabled = chosen.size < 2;
    });
    return item;
  }));
  const features = make("select", {}, ...FEATURES.map(([value, name]) => make("option", { value }, name)));
  const width = make("input", { type: "number", min: 0.5, max: 600, step: 0.5, value: 5, required: true });
  const submit = async (event) => {
    event.preventDefault();
    try {
      const { entry } = await send("/api/synchrony", "POST",
        { recordings: [...chosen], features: features.value, window: Number(width.value) });
      location.hash = `#comparison/${entry.id}`;
    } catch (error) {
      say(error.message);
    }
  };
  return make("form", { onsubmit: submit }, list,
    make("div", { class: "row" }, make("label", {}, "Compare", features), make("label", {}, "Window (seconds)", width), begin));
}

function pastRow(entry) {
  const name = entry.state === "failed" ? entry.title : make("a", { href: `#comparison/${entry.id}` }, entry.title);
  const item = make("li", { class: "item" }, make("p", { class: "name" }, name),
    make("div", { class: "actions" }, make("button", { type: "button", class: "danger", onclick: () =>
      ask(`/api/synchrony/${entry.id}`, { method: "DELETE" }).then(() => item.remove(), (error) => say(error.message)) }, "Delete")),
    make("p", { class: entry.state === "failed" ? "quiet problem" : "quiet" },
      entry.problem || `${new Date(entry.created).toLocaleString()} · windows of ${entry.window} s`));
  return item;
}

export async function comparison(main, id) {
  const heading = make("h1", {}, "Synchrony");
  const told = make("p", { class: "lede" });
  const bar = make("progress", { max: 1, "aria-label": "Progress of the comparison" });
  main.append(make("p", { class: "crumb" }, make("a", { href: "#synchrony" }, "Synchrony")), heading, told, bar);
  let timer;
  const look = async () => {
    const { entry, stage, done, of, found } = await ask(`/api/synchrony/${id}`);
    heading.textContent = entry.title;
    if (found) {
      bar.remove();
      told.textContent = found.said;
      main.append(make("iframe", { class: "sheet", src: `/api/synchrony/${id}/page`, title: `Synchrony of ${entry.title}`, sandbox: "allow-scripts" }));
    } else if (entry.state === "failed") {
      bar.remove();
      told.className = "notice bad";
      told.textContent = entry.problem;
    } else {
      told.textContent = of ? `${stage}: feature ${done} of ${of}` : stage;
      if (of) bar.value = done / of;
      timer = setTimeout(() => look().catch((error) => say(error.message)), EVERY_MS);
    }
  };
  await look();
  return () => clearTimeout(timer);
}
