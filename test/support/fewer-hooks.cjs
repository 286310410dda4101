// Loaded before the test runner, in each of its processes. To know which test a failure belongs to, the runner follows every promise
// and every socket from its making to its end (async hooks), which is a quarter of the suite's work. Which test is inside which
// suite it still has to know; a failure that no test waits for fails its file.

const hooks = require("node:async_hooks");

const { createHook } = hooks;

hooks.createHook = ({ init }) =>
  createHook({
    init(id, type, trigger, resource) {
      if (type === "Test") init(id, type, trigger, resource);
    },
    trackPromises: false,
  });
