import { visible } from "../../terminal/visible.ts";

export interface ShownEvent {
  readonly id: number;
  readonly created: string;
  readonly level: string;
  readonly action: string | null;
  readonly outcome: string | null;
  readonly username: string | null;
  readonly ip: string | null;
  readonly description: string;
}

const colours = { dim: 2, red: 31, yellow: 33, cyan: 36 } as const;

/** An event on one line for people: when, which, who, what. Failures are red where there are colours. */
export function eventLine(event: ShownEvent, isColoured: boolean): string {
  const { id, created, level, action, outcome, username, ip, description } = event;
  const paint = (colour: keyof typeof colours, text: string): string =>
    isColoured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  const what = onOneLine(action ?? level);
  const shown = outcome === "failure" ? paint("red", what) : paint("cyan", what);
  const who = username === null || username === "" ? "-" : onOneLine(username);
  const place = ip === null ? "" : paint("dim", ` ${onOneLine(ip)}`);
  return `${paint("dim", created)} ${id} ${who}${place} ${shown} ${onOneLine(description)}\n`;
}

/** What others have written must not act on the terminal. */
function onOneLine(text: string): string {
  return visible(text.replaceAll(/\s*[\r\n]\s*/g, " "));
}
