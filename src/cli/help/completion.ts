import { commandName } from "../command-name.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { print } from "../../terminal/print.ts";
import { completionScripts, type Shell } from "./completion-scripts.ts";
import { columns, section, sections, wrap } from "./text-layout.ts";

/** `completion SHELL`: what a shell needs to complete our commands. */
export const completionCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} completion ${Object.keys(completionScripts).join("|")}`,
    wrap(
      "Print a script that lets a shell complete commands, profiles, resources, operations and parameters. To use it:",
    ),
    [
      `  echo 'eval "$(${commandName} completion bash)"' >> ~/.bashrc`,
      `  echo 'eval "$(${commandName} completion zsh)"' >> ~/.zshrc`,
      `  ${commandName} completion fish > ~/.config/fish/completions/${commandName}.fish`,
    ].join("\n"),
    wrap("In ~/.zshrc, it comes behind `compinit`."),
    section("Options:", columns([["-h, --help", "Show this help."]])),
  ]),
  run: completion,
};

async function completion(args: readonly string[]): Promise<number> {
  const [shell = "", ...rest] = parseWords(args, {}).words;
  if (!isShell(shell) || rest.length > 0) {
    const known = Object.keys(completionScripts).join(", ");
    throw misuse(`'completion' takes the name of a shell. There are: ${known}`);
  }
  await print(completionScripts[shell](["ironlog", "maas"]));
  return exitStatus.success;
}

function isShell(word: string): word is Shell {
  return Object.hasOwn(completionScripts, word);
}
