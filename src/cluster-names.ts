import type { Environment } from "./environment.ts";

const address = /^(?:tcp|udp|sctp):\/\//;

/**
 * The variables that Kubernetes sets in every Pod beside a Service called `ironlog` or `ironlog-…`: none of them is a setting,
 * though they look like it. A number in `IRONLOG_PORT` is the port.
 */
export function clusterNames(environment: Environment, settingNames: ReadonlySet<string>): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value = ""]) => {
      if (/^IRONLOG_(?:[A-Z0-9_]+_)?(?:SERVICE|PORT)_/.test(name)) return !settingNames.has(name);
      return /^IRONLOG_(?:[A-Z0-9_]+_)?PORT$/.test(name) && address.test(value);
    })
    .map(([name]) => name);
}
