import { type DestinationStream, type Logger, pino } from "pino";
import { default as pretty } from "pino-pretty";
import type { LogLevel } from "./config.ts";

export type { Logger };

/**
 * Diagnostics on standard error: a line of JSON each, or for people where that is a terminal. There `visible` makes text that
 * others may have written harmless. With `elsewhere`, lines of JSON go there instead.
 */
export function createLogger(
  level: LogLevel,
  visible: (text: string) => string,
  elsewhere?: DestinationStream,
): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelByName } };
  if (elsewhere !== undefined) return pino(options, elsewhere);
  if (!process.stderr.isTTY) {
    const destination = pino.destination({ fd: 2, sync: true });
    // Where nobody reads or there is no room, a line is lost and the server goes on.
    destination.on("error", () => {});
    return pino(options, destination);
  }
  const visibleFields = (fields: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? visible(value) : value]),
    );
  const formatters = { ...options.formatters, log: visibleFields };
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "trace_id",
  });
  const serializers = { err: (error: Error) => visibleFields(pino.stdSerializers.err(error)) };
  return pino({ ...options, formatters, serializers }, stream);
}

function levelByName(label: string): { readonly level: string } {
  return { level: label };
}
