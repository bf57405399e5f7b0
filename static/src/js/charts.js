import embed from "vega-embed";
import { each, writing } from "./dom.js";

const drawn = new Map();
const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const names = namesOfDays(writing);

each("[data-chart]", (container) => draw(container));

document.addEventListener("portal:theme", () => drawn.forEach((_, container) => draw(container)));

async function draw(container) {
  const source = document.getElementById(container.dataset.chart);
  if (!source) return;
  drawn.get(container)?.finalize();
  const result = await embed(container, fitted(JSON.parse(source.textContent)), {
    actions: false,
    ast: true,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: theme(),
    timeFormatLocale: names,
  });
  drawn.set(container, result);
  container.dataset.drawn = "";
  // The figure is described in words beside it; its hundreds of marks are noise to a screen reader.
  container.querySelector("svg")?.setAttribute("aria-hidden", "true");
  container.querySelector("svg")?.removeAttribute("role");
  follow(container, result.view);
}

/** Months and days as the language of the page calls them; Vega knows the English ones alone. */
function namesOfDays(language) {
  const named = (count, step, options) => {
    const { format } = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
    return Array.from({ length: count }, (_, number) => format(new Date(Date.UTC(2023, ...step(number)))));
  };
  const month = (number) => [number, 1];
  const sunday = (number) => [0, number + 1]; // 1 January 2023 was one
  return {
    dateTime: "%x, %X",
    date: language.startsWith("en") ? "%-m/%-d/%Y" : "%d/%m/%Y",
    time: "%-I:%M:%S %p",
    periods: ["AM", "PM"],
    days: named(7, sunday, { weekday: "long" }),
    shortDays: named(7, sunday, { weekday: "short" }),
    months: named(12, month, { month: "long" }),
    shortMonths: named(12, month, { month: "short" }),
  };
}

/** Width follows the page; vega-lite watches only the window, a column can change without it. */
function fitted(spec) {
  const composed = ["hconcat", "vconcat", "concat", "facet", "repeat"].some((key) => key in spec);
  if (composed || "width" in spec) return spec;
  return { ...spec, width: "container", autosize: spec.autosize ?? { type: "fit-x", contains: "padding" } };
}

function follow(container, view) {
  let width = container.clientWidth;
  const observer = new ResizeObserver(() => {
    if (container.clientWidth === width || container.clientWidth === 0) return;
    width = container.clientWidth;
    if (drawn.get(container)?.view !== view) observer.disconnect();
    else window.dispatchEvent(new Event("resize"));
  });
  observer.observe(container);
}

/** The tokens of the page as a Vega configuration, so that charts change with the theme. */
function theme() {
  const [ink, soft, line, paper] = ["--ink", "--chart-label", "--chart-grid", "--paper"].map(colour);
  const category = [1, 2, 3, 4, 5, 6].map((number) => colour(`--chart-${number}`));
  const font = getComputedStyle(document.documentElement).getPropertyValue("--sans").trim();
  return {
    background: "transparent",
    font,
    view: { stroke: null },
    range: { category, ramp: [mix(category[0], paper, 0.15), category[0]], diverging: [category[1], line, category[0]] },
    mark: { color: category[0] },
    line: { strokeWidth: 2.25, strokeCap: "round", strokeJoin: "round", invalid: "break-paths-show-path-domains" },
    area: { fillOpacity: 0.18, line: true },
    bar: { cornerRadiusEnd: 3 },
    point: { size: 42, filled: true },
    rule: { color: soft },
    text: { color: ink, fontSize: 13 },
    title: { color: ink, fontSize: 15, fontWeight: 600, anchor: "start" },
    axis: {
      domainColor: soft,
      gridColor: line,
      labelColor: soft,
      labelFontSize: 13,
      tickColor: line,
      titleColor: soft,
      titleFontSize: 13,
      titleFontWeight: 500,
      labelPadding: 6,
    },
    axisX: { grid: false, labelOverlap: true },
    axisY: { domain: false, ticks: false, tickCount: 5 },
    legend: {
      labelColor: ink,
      labelFontSize: 13,
      titleColor: soft,
      titleFontSize: 13,
      orient: "top",
      symbolStrokeWidth: 2.25,
      symbolType: "stroke",
    },
    header: { labelColor: ink, titleColor: soft, labelFontSize: 13 },
  };
}

/** Vega knows no oklch(), so a token is painted and read back as rgb(). */
function colour(token) {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = `var(${token})`;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = getComputedStyle(probe).color;
  pixel.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

function mix(one, other, share) {
  const [a, b] = [one, other].map((text) => text.match(/\d+/g).map(Number));
  return `rgb(${a.map((value, index) => Math.round(value * share + b[index] * (1 - share))).join(", ")})`;
}
