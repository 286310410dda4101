import { dataConfig, dataSettings } from "../../config.ts";
import { settingsHelp } from "../../settings-help.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { print } from "../../terminal/print.ts";
import { acceptHeadCommand, appendKeyCommand } from "./append-commands.ts";
import { bundleCommand } from "./bundle-command.ts";
import { checkBundleCommand, checkProofCommand } from "./offline-commands.ts";
import { keyCommand, proofCommand, renewCommand } from "./key-commands.ts";
import type { LogSubcommand } from "./log-subcommand.ts";
import { verifyCommand } from "./verify-command.ts";

/** The words behind `ironlog log`. */
export const logSubcommands: Readonly<Record<string, LogSubcommand>> = {
  verify: verifyCommand,
  key: keyCommand,
  proof: proofCommand,
  "check-proof": checkProofCommand,
  bundle: bundleCommand,
  "check-bundle": checkBundleCommand,
  "renew-identity": renewCommand,
  "append-key": appendKeyCommand,
  "accept-head": acceptHeadCommand,
};

/** `ironlog log …`: proves the log, and checks what was proved. */
export const logCommand: CommandBody = {
  usage: `Usage: ironlog log SUBCOMMAND [ARGUMENT …] [OPTION …]

Prove the log, or check what somebody else has proved.

${Object.values(logSubcommands)
  .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
  .join("\n")}

Beside them, 'ironlog log export' and 'ironlog log import' move the log to another database.
ironlog log SUBCOMMAND --help says more.

${settingsHelp(dataSettings)}`,

  async run(args) {
    const [name, ...rest] = args;
    const subcommand = name === undefined || !Object.hasOwn(logSubcommands, name) ? undefined : logSubcommands[name];
    if (subcommand === undefined) {
      const known = [...Object.keys(logSubcommands), "export", "import"].join(", ");
      throw misuse(`ironlog log ${name === undefined ? "needs a subcommand" : `has no '${name}'`}: use ${known}.`);
    }
    if (rest.includes("--help") || rest.includes("-h")) {
      await print(`${subcommandUsage(subcommand)}\n`);
      return exitStatus.success;
    }
    const { config, own, words } = dataConfig(rest, subcommand.own);
    return await subcommand.run({ config, own, words });
  },
};

/** All that `--help` prints of a subcommand. */
export function subcommandUsage({ usage, summary, help }: LogSubcommand): string {
  const text = [`Usage: ironlog ${usage}`, summary, ...(help === "" ? [] : [help]), settingsHelp(dataSettings)];
  return text.join("\n\n");
}
