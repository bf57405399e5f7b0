import { each } from "./dom.js";

/* A search box with a list under it: arrows choose, Enter opens, Escape closes and keeps what was typed. */
each(".search-box", (box) => {
  const input = box.querySelector("input[type=search]");
  const list = box.querySelector(".suggestions");
  if (!input || !list) return;
  let chosen = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => input.getAttribute("aria-expanded") === "true";

  function choose(index) {
    const found = options();
    chosen = index;
    found.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", found[index].id);
      found[index].scrollIntoView({ block: "nearest" });
    }
  }

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    choose(-1);
  }

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-haspopup", "listbox");
  input.setAttribute("aria-controls", `${list.id}-list`);
  open(false);

  list.addEventListener("htmx:afterSwap", () => {
    const found = options();
    list.firstElementChild?.setAttribute("id", `${list.id}-list`);
    found.forEach((option, number) => (option.id = `${list.id}-${number}`));
    open(found.length > 0 && document.activeElement === input);
    const status = document.getElementById("status");
    if (status && isOpen()) status.textContent = list.firstElementChild.dataset.says ?? "";
  });

  input.addEventListener("keydown", (event) => {
    const number = options().length;
    if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      open(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && number) {
      event.preventDefault();
      if (!isOpen()) open(true);
      // One more place than there are suggestions: the field itself.
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + 1 + step + number + 1) % (number + 1)) - 1);
    } else if (event.key === "Enter" && isOpen() && chosen >= 0) {
      event.preventDefault();
      options()[chosen].click();
    }
  });

  // A click on a suggestion must arrive before the list goes.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) open(false);
  });
});
