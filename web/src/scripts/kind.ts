import type { Item } from "../api/request.ts";

/** A script as the native API shows it. */
export type Script = Item<"GET /scripts">;

/** MAAS's two kinds of scripts, as addresses name them. */
export type ScriptKind = Script["type"];

/** The kind of an address; undefined where there is none such. */
export function parseKind(text: string): ScriptKind | undefined {
  return text === "commissioning" || text === "testing" ? text : undefined;
}

/** The page's title, in MAAS's words. */
export function kindTitle(kind: ScriptKind): string {
  return kind === "commissioning" ? "Commissioning scripts" : "Testing scripts";
}
