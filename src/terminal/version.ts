import packageJson from "../../package.json" with { type: "json" };

/** This program's version; package.json is the one place that says it. */
export const version: string = packageJson.version;
