import { calledBy } from "../terminal/single-file.ts";

/**
 * The name this program was called by, for its help: `ironlog`, or `maas` for those whose scripts say so.
 * The start script hands it on in IRONLOG_COMMAND; the executable has no such script.
 */
export const commandName: string = takeCommandName();

/** The variable is a word between the start script and us, and no setting: the server refuses those it does not know. */
function takeCommandName(): string {
  const name = process.env["IRONLOG_COMMAND"];
  delete process.env["IRONLOG_COMMAND"];
  return name || calledBy() || "ironlog";
}
