// Which view is on show: the part of the address behind #.

import { files } from "./files.js";
import { library } from "./library.js";
import { live } from "./live.js";
import { recording } from "./recording.js";
import { comparison, synchrony } from "./synchrony.js";
import { make } from "./dom.js";

const VIEWS = { live, files, library, synchrony, recording, comparison };
const TABS = { recording: "library", comparison: "synchrony" };

let leave = () => {};
let turn = 0;

async function show() {
  const [name, id] = (location.hash.slice(1) || "live").split("/");
  if (name === "main") return;
  const view = VIEWS[name] ? name : "live";
  const mine = ++turn;
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  main.replaceChildren();
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.hash === `#${TABS[view] ?? view}`;
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    const left = await VIEWS[view](main, id);
    if (mine === turn) leave = left ?? leave;
    else left?.();
  } catch (error) {
    if (mine === turn) main.replaceChildren(make("p", { class: "notice bad", role: "alert" }, error.message));
  }
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
window.addEventListener("hashchange", show);
show();
