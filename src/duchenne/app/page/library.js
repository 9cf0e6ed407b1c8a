// Past recordings: search, rename, delete.

import { ask, send } from "./api.js";
import { clock, make, say } from "./dom.js";
import { found } from "./files.js";

const PAUSE_MS = 200;

export async function library(main) {
  const field = make("input", { type: "search", id: "search", autocomplete: "off", placeholder: "Words of the title, or an emotion" });
  field.style.width = "min(28rem, 100%)";
  const list = make("ul", { class: "list", "aria-label": "Recordings" });
  const none = make("p", { class: "under" });
  main.append(make("h1", {}, "Library"),
    make("p", { class: "lede" }, "Everything that was analysed here. Deleting a recording deletes its video, too."),
    make("label", { class: "quiet", for: "search" }, "Search"), make("div", {}, field), list, none);
  let timer;
  const refresh = async () => {
    const entries = await ask(`/api/recordings?text=${encodeURIComponent(field.value)}`);
    list.replaceChildren(...entries.map((entry) => row(entry, refresh)));
    none.hidden = entries.length > 0;
    none.replaceChildren(field.value ? "Nothing here goes by these words." : "Nothing yet: ",
      field.value ? "" : make("a", { href: "#files" }, "analyse a file"));
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh().catch((error) => say(error.message)), PAUSE_MS);
  });
  await refresh();
  return () => clearTimeout(timer);
}

function row(entry, refresh) {
  const name = make("p", { class: "name" }, entry.state === "done"
    ? make("a", { href: `#recording/${entry.id}` }, entry.title) : entry.title);
  const actions = make("div", { class: "actions" });
  if (entry.state === "done") actions.append(make("button", { type: "button", onclick: () => rename(entry, name, refresh) }, "Rename"));
  if (entry.state === "done" || entry.state === "failed") actions.append(remover(entry, refresh));
  const facts = make("p", { class: entry.state === "failed" ? "quiet problem" : "quiet" }, about(entry));
  return make("li", { class: "item" }, name, actions, facts);
}

function about(entry) {
  const day = new Date(entry.created).toLocaleString();
  if (entry.state === "failed") return `${day} · ${entry.problem}`;
  if (entry.state !== "done") return `${day} · being analysed`;
  const length = entry.media === "picture" ? "picture" : clock(entry.duration);
  return `${day} · ${length} · ${found(entry)}`;
}

// Two clicks instead of a question in a window of its own.
function remover(entry, refresh) {
  const button = make("button", { type: "button", class: "danger" }, "Delete");
  button.onclick = () => {
    button.textContent = "Really delete";
    button.onclick = () => ask(`/api/recordings/${entry.id}`, { method: "DELETE" }).then(refresh, (error) => say(error.message));
    button.onblur = () => button.replaceWith(remover(entry, refresh));
  };
  return button;
}

function rename(entry, name, refresh) {
  const field = make("input", { type: "search", "aria-label": "New title", value: entry.title, maxlength: 160 });
  const save = (event) => {
    event.preventDefault();
    send(`/api/recordings/${entry.id}`, "PATCH", { title: field.value }).then(refresh, (error) => say(error.message));
  };
  const form = make("form", { class: "actions", onsubmit: save }, field, make("button", { class: "main" }, "Save"));
  form.addEventListener("keydown", (event) => event.key === "Escape" && refresh());
  name.replaceChildren(form);
  field.select();
}
