import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  // Not "style", of which htmx would copy an empty one: the content security policy refuses any.
  attributesToSettle: ["class"],
  selfRequestsOnly: true,
  // Pages hold personal records, so none is kept in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

document.addEventListener("htmx:responseError", (event) => {
  announce(document.body.dataset.requestFailed, event.detail.elt);
});
document.addEventListener("htmx:sendError", (event) => {
  announce(document.body.dataset.requestFailed, event.detail.elt);
});

function announce(words, near) {
  const status = document.getElementById("status");
  if (!status || !words) return;
  status.textContent = words;
  status.classList.remove("visually-hidden");
  near.addEventListener("htmx:afterRequest", () => status.classList.add("visually-hidden"), { once: true });
}
