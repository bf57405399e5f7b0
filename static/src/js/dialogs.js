import { on } from "./dom.js";

/* A link or button with data-dialog="id" opens that dialog; without JavaScript a link goes to its own page. */
on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});

on("click", "[data-close]", (event, closer) => closer.closest("dialog")?.close());

on("click", "dialog", (event, dialog) => {
  if (event.target === dialog) dialog.close();
});

on("click", "[data-dismiss]", (event, closer) => closer.closest(".notice")?.remove());

on("click", "[data-toggle]", (event, button) => {
  const part = document.getElementById(button.dataset.toggle);
  if (!part) return;
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
});

on("click", "[data-copy]", async (event, button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  const status = document.getElementById("status");
  if (status) status.textContent = button.dataset.copied;
});

on("click", "[data-print]", () => window.print());
