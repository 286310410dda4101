import { askMaas } from "./maas-api.ts";

/** The version of a MAAS, as it tells everybody. Throws where nothing answers like a MAAS. */
export async function readVersion(url: string): Promise<string> {
  const { body } = await askMaas(url, undefined, "version/");
  const version = (body as { readonly version?: unknown } | undefined)?.version;
  if (typeof version === "string" && /^\d+\.\d+/.test(version)) return version.slice(0, 50);
  throw new Error(`${url} doesn't answer like a MAAS`);
}

/** Whether API 2.0 of that version shows only the audit events of nodes that still exist. */
export function hidesAuditEvents(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 3);
}
