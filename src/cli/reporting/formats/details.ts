/** What the server takes is 16 KiB; some is left for how it counts. */
const detailsBytesMax = 15 * 1024;
/** How long texts may be, tried in turn until all fit. */
const textLengths = [8_192, 4_096, 1_024, 256, 64];

type Detail = string | number | undefined | { readonly [name: string]: Detail };
export type Details = Readonly<Record<string, Detail>>;

/** Details without what is empty, as well-formed text that the log can hold, cut where there is too much; undefined where none is left. */
export function fitDetails(details: Details): Readonly<Record<string, unknown>> | undefined {
  if (Object.keys(fit(details, Infinity)).length === 0) return undefined;
  for (const length of [Infinity, ...textLengths]) {
    const fitting = fit(details, length);
    if (Buffer.byteLength(JSON.stringify(fitting)) <= detailsBytesMax) return fitting;
  }
  return { cut: "There was more than an event can hold." };
}

function fit(details: Details, length: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, detail]) => {
      if (detail === undefined || detail === "") return [];
      return [[fitText(name, 256), fitOne(detail, length)]];
    }),
  );
}

function fitOne(detail: NonNullable<Detail>, length: number): unknown {
  if (typeof detail === "string") return fitText(detail, length);
  // The log's numbers are whole.
  if (typeof detail === "number") return Number.isSafeInteger(detail) ? detail : String(detail);
  return fit(detail, length);
}

function fitText(text: string, length: number): string {
  const clean = text.replaceAll("\0", "\ufffd");
  return (clean.length <= length ? clean : `${clean.slice(0, length - 1)}…`).toWellFormed();
}
