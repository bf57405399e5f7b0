import "./appearance.js";
import "./dialogs.js";
import "./files.js";
import "./forms.js";
import "./menus.js";
import "./search.js";
import "./tables.js";
