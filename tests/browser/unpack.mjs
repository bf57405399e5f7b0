// Unpacks the browser that the package carries into TMPDIR, with the libraries that a bare system lacks.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x"; // the package's own way to be asked for those libraries
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();
