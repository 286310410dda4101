import type { Reader } from "../../audit/action.ts";
import { invalidField } from "../../refusal.ts";

/** Which scripts somebody asked for, by the names of MAAS's parameters. None is run: the log says what was asked for. */
export type ScriptChoices = Readonly<Partial<Record<"commissioning_scripts" | "testing_scripts", readonly string[]>>>;

/** What MAAS has built in, and its tags: clients name them, though no script is run here. */
const builtIn: Readonly<Record<keyof ScriptChoices, readonly string[]>> = {
  commissioning_scripts: ["bmc-config", "configure_hba", "update_firmware"],
  testing_scripts:
    words(`7z badblocks badblocks-destructive fio gateway-connectivity internet-connectivity memtester ntp
    rack-controller-connectivity smartctl-conveyance smartctl-long smartctl-short smartctl-validate
    stress-ng-cpu-long stress-ng-cpu-short stress-ng-memory-long stress-ng-memory-short cpu destructive internet
    memory network node storage`),
};

/** MAAS's numbers of the types of scripts. */
const scriptTypes: Readonly<Record<keyof ScriptChoices, number>> = { commissioning_scripts: 0, testing_scripts: 2 };

/** Refuses with `invalid` what is neither the name, the id nor a tag of a script of that type. `none` is no script at all. */
export async function checkScripts(db: Reader, choices: ScriptChoices): Promise<void> {
  for (const field of ["commissioning_scripts", "testing_scripts"] as const) {
    const wanted = (choices[field] ?? []).filter((word) => word !== "none" && !builtIn[field].includes(word));
    if (wanted.length === 0) continue;
    const scripts = await db
      .selectFrom("script")
      .select(["id", "name", "tags"])
      .where("script_type", "=", scriptTypes[field])
      .execute();
    const known = scripts.flatMap(({ id, name, tags }) => [String(id), name, ...(JSON.parse(tags) as string[])]);
    const unknown = wanted.find((word) => !known.includes(word));
    if (unknown !== undefined) {
      throw invalidField(field, `Select a valid choice. ${unknown} is not one of the available choices.`);
    }
  }
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
