// Reads the OpenAPI description and lists its operations; loads nothing from elsewhere.

import { ask } from "./api.js";
import { make } from "./dom.js";

const { paths } = await ask("/api/openapi.json");
for (const [path, operations] of Object.entries(paths)) {
  for (const [method, about] of Object.entries(operations)) {
    const inputs = (about.parameters ?? []).map((one) =>
      make("li", {}, make("code", {}, one.name), ` (${one.in}${one.required ? "" : ", optional"}) `, one.schema?.description ?? one.description ?? ""));
    document.getElementById("operations").append(make("div", { class: "panel" },
      make("h2", {}, make("code", {}, `${method.toUpperCase()} ${path}`)),
      make("p", {}, ...(about.description ?? about.summary).split("`").map((part, i) => i % 2 ? make("code", {}, part) : part)),
      inputs.length ? make("ul", { class: "quiet" }, ...inputs) : ""));
  }
}
