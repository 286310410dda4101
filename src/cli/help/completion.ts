import { commandName } from "../command-name.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { print } from "../../terminal/print.ts";
import { columns, section, sections, wrap } from "./text-layout.ts";

/** `completion bash`: what a shell needs to complete our commands. */
export const completionCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} completion bash`,
    wrap("Print a script that lets bash complete commands, profiles, resources, operations and parameters. To use it:"),
    `  echo 'eval "$(${commandName} completion bash)"' >> ~/.bashrc`,
    section("Options:", columns([["-h, --help", "Show this help."]])),
  ]),
  run: completion,
};

async function completion(args: readonly string[]): Promise<number> {
  const [shell, ...rest] = parseWords(args, {}).words;
  if (shell !== "bash" || rest.length > 0) throw misuse("'completion' takes the name of a shell. There is: bash");
  await print(bashScript);
  return exitStatus.success;
}

/**
 * Asks the command itself, by the name it was typed as, for the candidates. Splits the line at blanks on its own, since
 * bash would split `key=value` at the `=` too; files are completed after `key@=`.
 */
const bashScript = String.raw`# bash completion for ironlog and maas
_ironlog() {
    local line=${"$"}{COMP_LINE:0:COMP_POINT} IFS=$' \t\n' words current
    read -ra words <<< "$line"
    case $line in *[[:space:]]) words+=("") ;; esac
    current=${"$"}{words[${"$"}{#words[@]}-1]}
    IFS=$'\n'
    case $current in
        *@=*)
            compopt -o filenames 2> /dev/null
            COMPREPLY=($(compgen -f -- "${"$"}{current#*@=}"))
            return
            ;;
    esac
    COMPREPLY=($("$1" __complete "${"$"}{words[@]:1}" 2> /dev/null))
    case ${"$"}{COMPREPLY[0]-} in *=) compopt -o nospace 2> /dev/null ;; esac
}
complete -F _ironlog ironlog maas
`;
