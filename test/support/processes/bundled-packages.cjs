// Loaded before each test file: the packages that the run's set-up has bundled are loaded from there, in a sixth of the time.

const { registerHooks } = require("node:module");

const files = JSON.parse(process.env.IRONLOG_TEST_PACKAGES ?? "{}");

if (Object.keys(files).length > 0) {
  registerHooks({
    resolve(specifier, context, next) {
      const url = files[specifier];
      return url === undefined ? next(specifier, context) : { url, format: "module", shortCircuit: true };
    },
  });
}
