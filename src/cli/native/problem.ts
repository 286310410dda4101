/** What a server's answer says against a request. */
export interface ToldProblem {
  /** Its sentence, and one for each field that isn't in it. */
  readonly text: string;
  /** What is wrong with each field, by its name. */
  readonly fields: readonly (readonly [name: string, sentence: string])[];
}

/** The problem that an answer's text tells of; undefined where it tells of none. */
export function problemIn(text: string): ToldProblem | undefined {
  try {
    const { detail, errors = {} } = JSON.parse(text) as { detail?: string; errors?: Record<string, readonly string[]> };
    if (detail === undefined) return undefined;
    const fields = Object.entries(errors).map(([name, says]) => [name, says.join(" ")] as const);
    const sentences = fields.map(([name, sentence]) => `${name}: ${sentence}`);
    const isSaid = sentences.length === 0 || sentences.some((sentence) => sentence.endsWith(detail));
    return { text: isSaid ? detail : [detail, ...sentences].join("\n"), fields };
  } catch {
    return undefined;
  }
}
