/** What a server's answer says against a request. */
export interface ToldProblem {
  /** Its sentence, and one for each field that isn't in it. */
  readonly text: string;
  /** The names of the fields that are wrong. */
  readonly fields: readonly string[];
}

/** The problem that an answer's text tells of; undefined where it tells of none. */
export function problemIn(text: string): ToldProblem | undefined {
  try {
    const { detail, errors = {} } = JSON.parse(text) as { detail?: string; errors?: Record<string, readonly string[]> };
    if (detail === undefined) return undefined;
    const sentences = Object.entries(errors).map(([name, says]) => `${name}: ${says.join(" ")}`);
    const isSaid = sentences.length === 0 || sentences.some((sentence) => sentence.endsWith(detail));
    return { text: isSaid ? detail : [detail, ...sentences].join("\n"), fields: Object.keys(errors) };
  } catch {
    return undefined;
  }
}
