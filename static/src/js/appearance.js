import { on } from "./dom.js";

const year = 60 * 60 * 24 * 365;

/* The server does the same for a browser without JavaScript; here the page need not load again. */
on("submit", "form[data-appearance]", (event, form) => {
  const theme = event.submitter?.name === "theme" ? event.submitter.value : null;
  if (theme === null) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  form.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === theme));
  });
  document.dispatchEvent(new CustomEvent("portal:theme"));
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("portal:theme"));
});
