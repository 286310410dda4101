import { text } from "node:stream/consumers";
import { machineActor } from "../audit/actor.ts";
import { openLog } from "../audit/open-log.ts";
import { perform } from "../audit/perform.ts";
import { dataConfig, dataSettings, type DataConfig } from "../config.ts";
import type { OwnedTables } from "../database/owned-tables.ts";
import { openForReading } from "../database/reading.ts";
import { Refusal } from "../refusal.ts";
import { settingsHelp } from "../settings-help.ts";
import { exitStatus, misuse, refuseWords } from "../terminal/exit.ts";
import { joinNamedKeys, newNamedKey, writeNamedKeys } from "../terminal/key-file.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { osUser } from "../terminal/os-user.ts";
import { print, printError } from "../terminal/print.ts";
import { rotateSecrets } from "./actions.ts";
import { sealingKeyId, sealText } from "./sealed.ts";
import { storedSecrets } from "./sealed-rows.ts";
import { SecretsKeys, secretsKeyFile } from "./secrets.ts";

type Tables = () => Promise<OwnedTables>;

interface SecretsCall {
  readonly config: DataConfig;
  readonly keys: SecretsKeys;
  readonly tables: Tables;
  /** The words behind the verb. */
  readonly words: readonly string[];
}

/** `secrets`: for whoever may read the data directory, beside a running server too. */
export function secretsCommand(tables: Tables): CommandBody {
  return {
    usage: `Usage: ironlog secrets list | rotate [ID] | show | new | add - | forget ID [OPTION …]

Secrets of other systems (a provider's client secret, the secrets of second factors) are in the
database, sealed (AES-256-GCM) with a key that is not: secrets.key. Its first key seals, each of
them opens. Every server on one database needs the same keys; a backup holds none of them.

  list         Show which secrets there are, with the key of each. A secret that no key opens has to
               be entered again.
  rotate [ID]  Put that key first, or a new one, and seal all secrets with it. Recorded. The old keys
               stay in the file.
  forget ID    Take a key out of the file. Refused while a secret needs it, and for the one that seals.
  new          Make one more key, put it last, and print its id.
  show         Write the keys to standard output, to pipe them into the next one.
  add -        Add the keys on standard input to the file, behind its own:
               ironlog secrets show | ssh SERVER ironlog secrets add -

With several servers on one database: 'new' on one, 'add -' on all others, 'rotate ID' on each, then
'forget' the old key on each.

${settingsHelp(dataSettings)}`,

    async run(args) {
      const {
        config,
        words: [verb, ...words],
      } = dataConfig(args, {});
      const run = verb === undefined || !Object.hasOwn(verbs, verb) ? undefined : verbs[verb];
      if (run === undefined) throw misuse(`Give one of: ${Object.keys(verbs).join(", ")}; see --help.`);
      return run({ config, keys: new SecretsKeys(config.secretsKeyFile), tables, words });
    },
  };
}

const verbs: Readonly<Record<string, (call: SecretsCall) => Promise<number>>> = {
  async list({ config, keys, tables, words }) {
    refuseWords(words);
    await using reading = await openForReading(config.database);
    const stored = await storedSecrets(reading.db, await tables());
    const open = keys.opener();
    const lines = stored.map(({ place, sealed }) => {
      const state = open(place, sealed) === undefined ? "enter again" : "opens";
      return `${place.table} ${place.row} ${place.column} ${sealingKeyId(sealed)} ${state}\n`;
    });
    await print(lines.join(""));
    return exitStatus.success;
  },

  async rotate({ config, keys, tables, words: [id, ...more] }) {
    refuseWords(more);
    const known = keys.all();
    const key = id === undefined ? newNamedKey() : known.find((one) => one.id === id);
    if (key === undefined) throw new Refusal("not_found", `${keys.file} has no key '${id}'`);
    const machine = machineActor(osUser());
    await using log = await openLog(config.database, machine);
    // It seals from here on, for a running server too: what that keeps meanwhile is sealed with it already.
    keys.write([key, ...known.filter((one) => one.id !== key.id)]);
    const open = keys.opener();
    const stored = (await storedSecrets(log.db, await tables())).map((secret) => ({
      ...secret,
      clear: open(secret.place, secret.sealed),
    }));
    const secrets = stored.flatMap(({ place, sealed, clear }) =>
      clear === undefined || sealingKeyId(sealed) === key.id
        ? []
        : [{ place, sealed, anew: sealText(key, place, clear) }],
    );
    const unopened = stored.filter(({ clear }) => clear === undefined).length;
    await perform(log.db, machine, rotateSecrets, { key: key.id, secrets, unopened });
    await print(`${secrets.length} ${secrets.length === 1 ? "secret is" : "secrets are"} sealed with ${key.id}.\n`);
    if (unopened > 0)
      await printError(`No key opens ${unopened} ${unopened === 1 ? "other" : "others"}: see ironlog secrets list.\n`);
    return unopened > 0 ? exitStatus.gaveUp : exitStatus.success;
  },

  async forget({ config, keys, tables, words: [id, ...more] }) {
    refuseWords(more);
    if (id === undefined) throw misuse("Give the id of a key: secrets forget ID");
    await using reading = await openForReading(config.database);
    const known = keys.all();
    const rest = known.filter((key) => key.id !== id);
    if (rest.length === known.length) throw new Refusal("not_found", `${keys.file} has no key '${id}'`);
    const stored = await storedSecrets(reading.db, await tables());
    const needing = stored.filter(({ sealed }) => sealingKeyId(sealed) === id).length;
    if (needing > 0) {
      throw new Refusal(
        "conflict",
        `${needing} ${needing === 1 ? "secret needs" : "secrets need"} the key '${id}': run ironlog secrets rotate first`,
      );
    }
    if (known[0]?.id === id) {
      throw new Refusal("conflict", `'${id}' is the key that seals: run ironlog secrets rotate first`);
    }
    keys.write(rest);
    return exitStatus.success;
  },

  async new({ keys, words }) {
    refuseWords(words);
    const key = newNamedKey();
    keys.write([...keys.all(), key]);
    await print(`${key.id}\n`);
    return exitStatus.success;
  },

  async show({ keys, words }) {
    refuseWords(words);
    const known = keys.all();
    if (known.length === 0) throw new Refusal("not_found", `there is no key in ${keys.file}`);
    await print(writeNamedKeys(secretsKeyFile, known));
    return exitStatus.success;
  },

  async add({ keys, words: [source, ...more] }) {
    if (source !== "-" || more.length > 0) throw misuse("Give the keys on standard input: secrets add -");
    const { given, fresh, all } = joinNamedKeys(secretsKeyFile, keys.all(), await text(process.stdin));
    keys.write(all);
    await print(`Added ${fresh.length} of ${given.length} keys to ${keys.file}.\n`);
    return exitStatus.success;
  },
};
