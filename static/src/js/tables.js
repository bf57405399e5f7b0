import { each } from "./dom.js";

const roles = {
  table: "table",
  thead: "rowgroup",
  tbody: "rowgroup",
  tfoot: "rowgroup",
  tr: "row",
  td: "cell",
};

/* As cards the parts of a table are no longer laid out as a table, and some browsers then forget what they are. */
each("table[data-cards]", (table) => {
  table.setAttribute("role", "table");
  for (const [name, role] of Object.entries(roles)) {
    table.querySelectorAll(name).forEach((part) => part.setAttribute("role", role));
  }
  table.querySelectorAll("th").forEach((head) => {
    head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader");
  });
});
