/** Run `action(event, element)` for events inside elements matching `selector`, now and in parts that come later. */
export function on(type, selector, action) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) action(event, element);
  });
}

/** Run `enhance(element)` for every match on the page, and again inside parts that htmx brings. */
export function each(selector, enhance) {
  const done = new WeakSet();
  const once = (element) => {
    if (done.has(element)) return;
    done.add(element);
    enhance(element);
  };
  const visit = (root) => {
    if (root.matches?.(selector)) once(root);
    root.querySelectorAll(selector).forEach(once);
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}

export function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Figures as the server writes them: the Spanish of the United States and Mexico has the point and comma of English. */
export const writing = document.documentElement.lang === "es" ? "es-MX" : document.documentElement.lang || "en";
