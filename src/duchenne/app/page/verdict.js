// One verdict as a card: what was displayed, which recordings it resembles, and why.

import { clock, make, percent, vector } from "./dom.js";

const SAID = {
  genuine: "Resembles spontaneous recordings",
  posed: "Resembles posed recordings",
  undecided: "Undecided",
};

export function card(found, { onJump = null, extra = null } = {}) {
  const span = found.offset_s - found.onset_s;
  const when = onJump && span > 0 ? `${clock(found.onset_s)} to ${clock(found.offset_s)}` : "";
  const head = make("div", { class: "head" },
    make("div", {},
      make("h3", {}, `Face ${found.face_id}${found.emotion ? ` displays ${found.emotion}` : ""}`),
      make("p", { class: "quiet" }, when)),
    onJump && span > 0 ? make("button", { type: "button", onclick: () => onJump(found) }, "Play") : "");
  return make("article", { class: `verdict ${found.verdict}` },
    head,
    make("p", { class: "headline" }, SAID[found.verdict]),
    found.p_genuine == null ? "" : scale(found),
    extra ?? "",
    make("ul", {}, ...found.reasons.map((reason) => make("li", {}, reason))),
    make("p", { class: "quiet" }, `Evidence: ${found.evidence}. Model: ${found.model}.`));
}

function scale(found) {
  const at = 100 * found.p_genuine;
  const low = 100 * (0.5 - found.band);
  const drawing = vector("svg", {
    viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img",
    "aria-label": `Probability of resembling spontaneous recordings: ${percent(found.p_genuine)}`,
  },
  rect(0, 3, 50, 4, "var(--posed)", 0.55), rect(50, 3, 50, 4, "var(--genuine)", 0.55),
  rect(low, 3, 2 * (50 - low), 4, "var(--undecided)", 0.9), rect(at - 0.6, 0, 1.2, 10, "var(--ink)", 1));
  return make("div", { class: "scale" }, drawing,
    make("p", {}, make("span", {}, "posed"), make("span", {}, `p = ${found.p_genuine.toFixed(2)}`),
      make("span", {}, "spontaneous")));
}

function rect(x, y, width, height, fill, opacity) {
  return vector("rect", { x, y, width, height, fill, opacity });
}
