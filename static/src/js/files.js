import { each } from "./dom.js";

each(".file-drop", (area) => {
  const input = area.querySelector("input[type=file]");
  if (!input || input.disabled) return;
  const mark = (over) => area.toggleAttribute("data-over", over);
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  area.addEventListener("dragleave", () => mark(false));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
