import { parseArgs } from "node:util";

/** What the runner was asked for. */
export interface RunnerArguments {
  /** Scheme, host and port. */
  readonly url: string;
  readonly apiKey: string;
  /** The numbers of the statements to check, undefined for all. */
  readonly only: ReadonlySet<number> | undefined;
}

/** Why the runner can't start, for the person at the keyboard. */
export class BadArguments extends Error {}

export const usage = `Usage: npm run conformance -- --url URL --apikey KEY [--only NUMBERS]

Checks a running server against the compatibility checklist of MAAS's API 2.0.

  --url URL       Where the server is: http://127.0.0.1:5240/ or with /MAAS/ behind it.
  --apikey KEY    An administrator's API key, CONSUMER:TOKEN:SECRET.
  --only NUMBERS  Only these statements, such as 24,64-66.
  --help          Show this.
`;

/** Reads the command line; undefined where it asks for help. */
export function readArguments(args: readonly string[]): RunnerArguments | undefined {
  const { url, apikey, only, help } = parsed(args);
  if (help === true) return undefined;
  if (url === undefined) throw new BadArguments("--url is missing: where is the server?");
  if (apikey === undefined) throw new BadArguments("--apikey is missing: an administrator's API key.");
  return { url: originOf(url), apiKey: keyOf(apikey), only: only === undefined ? undefined : numbersOf(only) };
}

function parsed(args: readonly string[]): {
  readonly url?: string;
  readonly apikey?: string;
  readonly only?: string;
  readonly help?: boolean;
} {
  const option = { type: "string" } as const;
  try {
    const options = { url: option, apikey: option, only: option, help: { type: "boolean", short: "h" } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function originOf(url: string): string {
  const base = URL.parse(url);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new BadArguments(`--url '${url}' is no http or https URL.`);
  if (!/^\/(MAAS\/?(api\/2\.0\/?)?)?$/.test(base.pathname)) {
    throw new BadArguments(`--url '${url}' ends in '${base.pathname}': MAAS's API is always below /MAAS/.`);
  }
  return base.origin;
}

function keyOf(apiKey: string): string {
  if (/^[A-Za-z0-9]+:[A-Za-z0-9]+:[A-Za-z0-9]+$/.test(apiKey)) return apiKey;
  // It may be a key with a slip in it, so it isn't repeated.
  throw new BadArguments("--apikey can't be read: a key has three parts of letters and digits, CONSUMER:TOKEN:SECRET.");
}

function numbersOf(list: string): ReadonlySet<number> {
  return new Set(
    list.split(",").flatMap((range) => {
      const [, first, last = first] = range.trim().match(/^(\d+)(?:-(\d+))?$/) ?? [];
      const [from, to] = [Number(first), Number(last)];
      if (!(from >= 1 && from <= to && to <= 77))
        throw new BadArguments(`--only '${range}' is no number from 1 to 77, nor a range.`);
      return Array.from({ length: to - from + 1 }, (_, at) => from + at);
    }),
  );
}
