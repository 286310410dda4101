/** How the set-up of a run tells its test files what they share, by environment variables. */
export const shareNames = {
  cluster: "IRONLOG_TEST_CLUSTER",
  template: "IRONLOG_TEST_TEMPLATE",
  file: "IRONLOG_TEST_TEMPLATE_FILE",
  browser: "IRONLOG_TEST_BROWSER",
  program: "IRONLOG_TEST_PROGRAM",
  packages: "IRONLOG_TEST_PACKAGES",
  packaged: "IRONLOG_TEST_PACKAGED",
} as const;
