import { invalidField } from "../../refusal.ts";

/** One of a few values: MAAS's number and label for it, and the words that are taken for it. */
interface Choice<Name extends string> {
  readonly name: Name;
  readonly number: number;
  readonly label: string;
  /** Beside its name. */
  readonly words: readonly string[];
}

export type ScriptType = "commissioning" | "testing";
export type HardwareType = "node" | "cpu" | "memory" | "storage" | "network";
export type Parallel = "disabled" | "instance" | "any";

export const scriptTypes: readonly Choice<ScriptType>[] = [
  { name: "commissioning", number: 0, label: "Commissioning script", words: ["commission"] },
  { name: "testing", number: 2, label: "Testing script", words: ["test"] },
];

/** The names are tags too: a script always bears that of its own hardware type. */
export const hardwareTypes: readonly Choice<HardwareType>[] = [
  { name: "node", number: 0, label: "Node", words: ["machine", "controller", "other"] },
  { name: "cpu", number: 1, label: "CPU", words: ["processor"] },
  { name: "memory", number: 2, label: "Memory", words: ["ram"] },
  { name: "storage", number: 3, label: "Storage", words: ["disk", "ssd"] },
  { name: "network", number: 4, label: "Network", words: ["net", "interface"] },
];

export const parallels: readonly Choice<Parallel>[] = [
  { name: "disabled", number: 0, label: "Disabled", words: ["none"] },
  { name: "instance", number: 1, label: "Run along other instances of this script", words: ["name"] },
  { name: "any", number: 2, label: "Run along any script", words: ["enabled"] },
];

/** The value behind a word, in any case, or a number. Refuses with the words that there are, under `field`. */
export function parseChoice<Name extends string>(
  choices: readonly Choice<Name>[],
  value: unknown,
  field: string,
): Name {
  const given = typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
  const found = choices.find(
    ({ name, number, words }) => name === given || String(number) === given || words.includes(given),
  );
  if (found !== undefined) return found.name;
  const shown = typeof value === "string" && value.length <= 64 ? `'${value}'` : "This";
  const known = choices.map(({ name, number }) => `${name} (${number})`).join(", ");
  throw invalidField(field, `${shown} is not a valid ${field}: use one of ${known}.`);
}

/** MAAS's number and label of a value. */
export function choiceNamed<Name extends string>(choices: readonly Choice<Name>[], name: Name): Choice<Name> {
  return ofChoices(choices.find((choice) => choice.name === name));
}

/** The value that is stored as a number. */
export function choiceNumbered<Name extends string>(choices: readonly Choice<Name>[], number: number): Name {
  return ofChoices(choices.find((choice) => choice.number === number)).name;
}

function ofChoices<Name extends string>(choice: Choice<Name> | undefined): Choice<Name> {
  if (choice === undefined) throw new Error("a script holds a value that there isn't");
  return choice;
}
