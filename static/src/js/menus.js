import { on } from "./dom.js";

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

on("keydown", "details.menu", (event, menu) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

on("focusout", "details.menu", (event, menu) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

/* A wide screen shows the outline by style alone; this makes its state say the same. */
const wide = matchMedia("(width >= 64rem)");
const fold = () => {
  document.querySelectorAll(".outline > details").forEach((outline) => {
    outline.open = wide.matches;
  });
};
wide.addEventListener("change", fold);
fold();
