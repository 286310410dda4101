import { visible } from "../page/text/visible.ts";

const browsers: readonly (readonly [string, RegExp])[] = [
  // Each of these also says the names of those below it.
  ["Edge", /\bEdgA?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+).*\bSafari\//],
];

const systems: readonly (readonly [string, RegExp])[] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

/** What a browser says of itself, in a few words: `Firefox 145 on Linux`. What isn't known stays as it is, with what can't be seen of it shown. */
export function browserName(userAgent: string): string {
  if (userAgent === "") return "unknown";
  const [name, pattern] = browsers.find(([, pattern]) => pattern.test(userAgent)) ?? [];
  if (name === undefined || pattern === undefined) return visible(userAgent);
  const version = pattern.exec(userAgent)?.[1] ?? "";
  const [system] = systems.find(([, pattern]) => pattern.test(userAgent)) ?? [];
  return `${name} ${version}${system === undefined ? "" : ` on ${system}`}`;
}
