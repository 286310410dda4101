import { type Logger, pino } from "pino";
import { default as pretty } from "pino-pretty";
import type { LogLevel } from "./config.ts";

export type { Logger };

/** Diagnostics on standard error: a line of JSON each, or for people where that is a terminal. */
export function createLogger(level: LogLevel): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelByName } };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ fd: 2, sync: true }));
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "trace_id",
  });
  return pino(options, stream);
}

function levelByName(label: string): { readonly level: string } {
  return { level: label };
}
