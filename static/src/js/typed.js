/**
 * What was typed on a page that the end of the session closes comes back after signing in. It waits in this tab alone,
 * encrypted with a key that only pages of the same person hold: on a shared computer the next one cannot read it.
 */

const KEPT = "typed";
const WAITS = "typed-waits";
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

const dialog = document.getElementById("session-dialog");
const over = document.querySelector("[data-session-over]");
const here = () => location.pathname + location.search;

const postForms = () =>
  [...document.forms].filter((form) => form.method === "post" && !form.closest("dialog, .masthead, footer"));

const fieldsOf = (form) =>
  [...form.elements].filter(
    (field) => field.name && "value" in field && !NEVER.has(field.type) && field.autocomplete !== "one-time-code",
  );

const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function isChanged(field) {
  if (isChoice(field)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

const valueOf = (field) => {
  if (isChoice(field)) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
};

function fill(field, value) {
  if (isChoice(field)) field.checked = value;
  else if (field.multiple) [...field.options].forEach((option) => (option.selected = value.includes(option.value)));
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Forms that were touched, and those that came back with errors: what is in them is nowhere else. */
function typed() {
  const refused = document.querySelector(".error-summary") !== null;
  const forms = postForms().map((form) => ({ action: form.getAttribute("action"), fields: fieldsOf(form) }));
  return forms.map(({ action, fields }) => ({
    action,
    values: refused || fields.some(isChanged) ? fields.map((field) => [field.name, valueOf(field)]) : [],
  }));
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const key = () => crypto.subtle.importKey("raw", bytes(dialog.dataset.typedKey), "AES-GCM", false, ["encrypt", "decrypt"]);

/** Without a secure connection or with storage switched off nothing is kept, and nothing else breaks. */
export async function keepTyped() {
  try {
    const forms = typed();
    if (!forms.some((form) => form.values.length)) return sessionStorage.removeItem(KEPT);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify({ page: here(), forms }));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), text));
    sessionStorage.setItem(KEPT, JSON.stringify([[...iv], [...sealed]]));
  } catch {
    forget();
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEPT);
    sessionStorage.removeItem(WAITS);
  } catch {
    /* There is no storage, so there is nothing in it. */
  }
}

async function open(kept) {
  const [iv, sealed] = JSON.parse(kept).map((each) => new Uint8Array(each));
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), sealed)));
}

async function bringBack() {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  if (!sessionStorage.getItem(WAITS)) return forget();
  const { page, forms } = await open(kept);
  if (page !== here()) return;
  forget();
  const now = postForms();
  forms.forEach(({ action, values }, index) => {
    if (now[index]?.getAttribute("action") !== action) return;
    const fields = fieldsOf(now[index]);
    values.forEach(([name, value], place) => {
      if (fields[place]?.name === name) fill(fields[place], value);
    });
  });
  tell();
}

function tell() {
  const notice = document.getElementById("typed-back").content.cloneNode(true);
  document.getElementById("status").textContent = notice.textContent.trim().replaceAll(/\s+/g, " ");
  document.getElementById("main").prepend(notice);
}

if (dialog) {
  let timer;
  document.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keepTyped, 400);
  });
  // Somebody else's cannot be opened, and goes.
  bringBack().catch(forget);
} else if (over) {
  try {
    over.hidden = !sessionStorage.getItem(KEPT);
    if (!over.hidden) sessionStorage.setItem(WAITS, "1");
  } catch {
    /* As above. */
  }
}
