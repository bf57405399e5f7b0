import { each, on, writing } from "./dom.js";

/* The heading says what went wrong; a keyboard or screen reader starts there. */
document.querySelector(".error-summary")?.focus();

/* A second click while the first is on its way must not send the form twice. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-hx-post")) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
});

const changed = new Set();

on("input", "form[data-warn-unsaved]", (event, form) => changed.add(form));
on("submit", "form[data-warn-unsaved]", (event, form) => changed.delete(form));
document.addEventListener("session:over", () => changed.clear());

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

/* The count is read out politely only near the end, so that it does not talk over the typing. */
each("textarea[maxlength], input[data-count][maxlength]", (input) => {
  const output = document.createElement("span");
  output.className = "field-count";
  input.after(output);
  const limit = input.maxLength;
  const words = document.body.dataset.charactersLeft ?? "#";
  const show = () => {
    const left = limit - input.value.length;
    output.textContent = words.replace("#", left.toLocaleString(writing));
    output.toggleAttribute("data-over", left < 0);
    if (left < limit * 0.1) output.setAttribute("role", "status");
    else output.removeAttribute("role");
  };
  input.addEventListener("input", show);
  show();
});

on("change", "[data-check-all]", (event, box) => {
  document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.checkAll)}"]`).forEach((other) => {
    other.checked = box.checked;
  });
});
