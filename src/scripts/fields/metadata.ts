import { LineCounter, parseDocument, type Tags } from "yaml";
import { invalidField, type Refusal } from "../../refusal.ts";
import { parseFields } from "./field.ts";
import type { ScriptFields } from "./script.ts";

/** In UTF-16 code units: parsing takes memory many times as large, and MAAS's own blocks have some thousand. */
const blockLengthMax = 32_768;
/** Enough to say a thing twice; what aliases multiply could fill the memory. */
const aliasCountMax = 16;

/** In UTF-16 code units: a longer line is no marker, and would take long to be found none. */
const markerLengthMax = 256;
const marker = /^\s*#\s*-*\s*(start|end)\s+maas\s+(\d+\.\d+)\s+script\s+metadata\s*-*\s*$/i;

/** What is left to YAML's plain types: neither dates nor bytes, which JSON doesn't have, nor tags of anybody's own. */
const plainTags = /^tag:yaml\.org,2002:(map|seq|str|null|bool|int|float|merge)$/;

/**
 * What a script says of itself in its comments, between `# --- Start MAAS 1.0 script metadata ---` and the same with
 * `End`: YAML 1.1, as MAAS reads it. Nothing where there is no such block. Keys that MAAS doesn't know are passed over.
 * Refuses with MAAS's sentences, under `script` or the field that is wrong.
 */
export function parseMetadata(script: string): Partial<ScriptFields> {
  const yaml = findBlock(script);
  return yaml === undefined ? {} : parseFields(Object.entries(parseMapping(yaml)));
}

function findBlock(script: string): string | undefined {
  const lines = script.split("\n");
  const start = lines.findIndex((line) => findMarker(line)?.kind === "start");
  if (start < 0) return undefined;
  const version = findMarker(lines[start] ?? "")?.version;
  if (version !== "1.0") {
    throw invalidField(
      "script",
      `Metadata of version ${version} is not known here: write it as MAAS 1.0 script metadata.`,
    );
  }
  const length = lines.slice(start + 1).findIndex((line) => findMarker(line)?.kind === "end");
  if (length < 0) throw invalidYaml('the metadata has no end: add "# --- End MAAS 1.0 script metadata ---"');
  const block = lines.slice(start + 1, start + 1 + length);
  const yaml = block.map(uncommented).join("\n");
  if (yaml.length > blockLengthMax) throw invalidYaml(`write at most ${blockLengthMax} characters of metadata`);
  return yaml;
}

function findMarker(line: string): { readonly kind: string; readonly version: string } | undefined {
  const match = line.length > markerLengthMax ? null : marker.exec(line);
  return match === null ? undefined : { kind: (match[1] ?? "").toLowerCase(), version: match[2] ?? "" };
}

function uncommented(line: string): string {
  if (line.trim() === "") return "";
  const at = line.indexOf("#");
  if (at < 0) throw invalidField("script", 'Missing "#" on YAML line.');
  return line.slice(at + 1);
}

function parseMapping(yaml: string): object {
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(yaml, {
      version: "1.1",
      customTags: plainTagsOf,
      stringKeys: true,
      // The pretty ones quote the script.
      prettyErrors: false,
      logLevel: "error",
      lineCounter,
    });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault !== undefined) {
      throw invalidYaml(`${fault.message} (line ${lineCounter.linePos(fault.pos[0]).line} of the metadata)`);
    }
    const value: unknown = document.toJS({ maxAliasCount: aliasCountMax });
    if (value === null || value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value;
  } catch (error) {
    // Aliases that multiply, and brackets too deep for the stack.
    if (error instanceof ReferenceError || error instanceof RangeError) throw invalidYaml(error.message);
    throw error;
  }
  throw invalidYaml("write the metadata as a mapping, such as name: value");
}

function plainTagsOf(tags: Tags): Tags {
  return tags.flatMap((tag) => {
    if (typeof tag === "string" || !plainTags.test(tag.tag)) return [];
    if (!tag.tag.endsWith(":bool") || !("test" in tag) || tag.test === undefined) return [tag];
    // YAML 1.1 has `y` and `n` for true and false; Python's reader, which MAAS uses, takes them for text.
    return [{ ...tag, test: new RegExp(`(?!^[yYnN]$)${tag.test.source}`) }];
  });
}

function invalidYaml(reason: string): Refusal {
  return invalidField("script", `Invalid YAML: ${reason}`);
}
