/** Scripts that let a shell complete these commands, each by asking the command itself for the candidates. */
export const completionScripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Readonly<
  Record<string, (commands: readonly string[]) => string>
>;

export type Shell = keyof typeof completionScripts;

/**
 * Splits the line at blanks on its own, since bash would split `key=value` at the `=` too; files are completed after
 * `key@=`.
 */
function bashScript(commands: readonly string[]): string {
  return String.raw`# bash completion for ${commands.join(" and ")}
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
complete -F _ironlog ${commands.join(" ")}
`;
}

/** Read by `eval`, it is registered; found as `_ironlog` in zsh's path of functions, it is also called at once. */
function zshScript(commands: readonly string[]): string {
  return String.raw`#compdef ${commands.join(" ")}
# zsh completion for ${commands.join(" and ")}
_ironlog() {
    if [[ $PREFIX == *@=* ]]; then
        compset -P '*@='
        _files
        return
    fi
    local -a candidates
    candidates=("${"$"}{(@f)$(_call_program candidates ${"$"}{words[1]} __complete "${"$"}{(@q)${"$"}{(@Q)words[2,CURRENT-1]}}" "${"$"}{(q)${"$"}{(Q)PREFIX}}" 2> /dev/null)}")
    compadd -- "${"$"}{(@)candidates:#(|*=)}"
    compadd -S '' -- "${"$"}{(@M)candidates:#*=}"
}
if [[ $funcstack[1] == _ironlog ]]; then _ironlog "$@"; else compdef _ironlog ${commands.join(" ")}; fi
`;
}

function fishScript(commands: readonly string[]): string {
  const registered = commands.map((command) => `complete -c ${command} -f -a '(__ironlog_complete)'`);
  return String.raw`# fish completion for ${commands.join(" and ")}
function __ironlog_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    if string match -q -- '*@=*' $current
        set -l key (string replace -r '@=.*' '@=' -- $current)
        for file in (complete -C "__ironlog_file "(string replace -r '^.*?@=' '' -- $current | string escape))
            echo -- $key$file
        end
        return
    end
    $words[1] __complete $words[2..] "$current" 2> /dev/null
end
${registered.join("\n")}
`;
}
