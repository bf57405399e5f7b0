/**
 * Builds everything a browser loads into static/build/: `node static/build.mjs [--watch]`.
 * Third-party parts come from node_modules and are never committed.
 */
import { mkdir, readFile, stat, writeFile, copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "src");
const target = path.join(here, "build");
const resolve = createRequire(import.meta.url).resolve;

const browsers = ["chrome123", "firefox121", "safari17.5"];

const bundles = {
  entryPoints: ["css/portal.css", "css/charts.css", "js/portal.js", "js/htmx.js", "js/charts.js"].map((name) =>
    path.join(source, name),
  ),
  outdir: target,
  entryNames: "[name]",
  bundle: true,
  format: "esm",
  minify: true,
  target: browsers,
  legalComments: "linked",
  external: ["./fonts/*"],
  logLevel: "warning",
};

/** The sprite holds only the icons named in icons.json, under our own names. */
async function buildIcons() {
  const names = JSON.parse(await readFile(path.join(source, "icons.json"), "utf8"));
  const lucide = JSON.parse(await readFile(resolve("@iconify-json/lucide/icons.json"), "utf8"));
  const symbols = Object.entries(names).map(([name, origin]) => symbol(name, origin, lucide.icons));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  await writeFile(path.join(target, "icons.svg"), sprite);
}

function symbol(name, origin, icons) {
  if (!icons[origin]) throw new Error(`icons.json: "${name}" asks for "${origin}", which the icon package has not`);
  // Stroke and fill are inherited from `.icon` in the page, so they need not be repeated a hundred times.
  const body = icons[origin].body.replace(/ (?:fill="none"|stroke(?:-[a-z]+)?="[^"]*")/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

/** Headings need one weight at one optical size: an instance of the variable font is a sixth of it. */
async function buildHeadingFont(subset) {
  const out = path.join(target, "fonts", `newsreader-${subset}.woff2`);
  const origin = resolve(`@fontsource-variable/newsreader/files/newsreader-${subset}-opsz-normal.woff2`);
  if (await isFresh(out, origin)) return;
  const ranges = JSON.parse(await readFile(resolve("@fontsource-variable/newsreader/unicode.json"), "utf8"));
  const font = await subsetFont(await readFile(origin), charactersIn(ranges[subset]), {
    targetFormat: "woff2",
    variationAxes: { opsz: 30, wght: 520 },
  });
  await writeFile(out, font);
}

async function copyTextFont(file) {
  const origin = resolve(`@fontsource-variable/source-sans-3/files/source-sans-3-${file}.woff2`);
  await copyFile(origin, path.join(target, "fonts", `source-sans-3-${file}.woff2`));
}

/** "U+0000-00FF,U+0131" as one string of those characters. */
function charactersIn(ranges) {
  const points = ranges.split(",").flatMap((range) => {
    const [first, last = first] = range.trim().replace("U+", "").split("-");
    const start = parseInt(first, 16);
    return Array.from({ length: parseInt(last, 16) - start + 1 }, (_, step) => start + step);
  });
  return String.fromCodePoint(...points);
}

async function isFresh(out, ...origins) {
  const [made, ...sources] = await Promise.all(
    [out, fileURLToPath(import.meta.url), ...origins].map((file) => stat(file).catch(() => null)),
  );
  return made !== null && sources.every((file) => file.mtimeMs < made.mtimeMs);
}

async function buildFixedParts() {
  await mkdir(path.join(target, "fonts"), { recursive: true });
  await Promise.all([
    buildIcons(),
    buildHeadingFont("latin"),
    buildHeadingFont("latin-ext"),
    ...["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal", "latin-ext-wght-italic"].map(copyTextFont),
    copyFile(path.join(source, "mark.svg"), path.join(target, "mark.svg")),
  ]);
}

await buildFixedParts();
if (process.argv.includes("--watch")) {
  const context = await esbuild.context(bundles);
  await context.watch();
} else {
  await esbuild.build(bundles);
}
