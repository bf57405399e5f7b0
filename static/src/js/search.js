import { isTyping } from "./dom.js";

/* "/" goes to the search field, unless the reader has switched single keys off. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.documentElement.dataset.shortcuts === "off") return;
  const field = document.querySelector("main input[type=search][name=q]") ?? document.getElementById("search");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
