// The shells run these scripts when the user presses Tab. Each script calls `ramctl complete --` with the words before the
// cursor and the start of the word at the cursor. The response has one candidate a line: the whole word, a tab, and a
// description. If the shell must complete file names, the response is one line: `:files`, a tab, and the part of the word
// before the path, such as `--directory=`.
// The scripts remove quotes from the words and resolve `~/`, but never evaluate them, so that Tab runs no command.

/** Returns the text without interpreting escapes, except that `\${` becomes `${`. */
const shellScript = ({ raw }: TemplateStringsArray) => raw.join('').replaceAll('\\${', '${');

/** bash also splits words at = and :, and replaces only the last piece ($2). The bash-completion package is not needed. */
const BASH = shellScript`# completion of ramctl for bash
_ramctl() {
  local line=\${COMP_LINE:0:COMP_POINT} word words=() last=-1 head reply
  for word in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    [[ $last -lt 0 || $line == [[:space:]]* ]] && last=$((last + 1))
    line=\${line#"\${line%%[![:space:]]*}"}
    [[ $line == "$word"* ]] || word=$line
    line=\${line#"$word"}
    words[last]+=$word
  done
  head=\${words[last]%"$2"}
  words=("\${words[@]//[\"\'\\]/}")
  words=("\${words[@]/#\~\//$HOME/}")
  reply=$(ramctl complete -- "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  [[ $reply == :files* ]] && return
  compopt +o default 2>/dev/null
  compopt -o nosort 2>/dev/null
  while IFS=$'\t' read -r word _; do
    [[ $word ]] && COMPREPLY+=("\${word#"$head"}")
  done <<< "$reply"
}
complete -o default -F _ramctl ramctl
`;

const ZSH = shellScript`#compdef ramctl
# completion of ramctl for zsh
_ramctl() {
  local line
  local -a typed reply candidates
  typed=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  typed=("\${(@)typed/#\~\//$HOME/}")
  reply=("\${(@f)$(ramctl complete -- "\${(@)typed}" 2>/dev/null)}")
  if [[ $reply[1] == :files* ]]; then
    line=\${reply[1]#*$'\t'}
    compset -p $#line
    _files
    return
  fi
  for line in $reply; do
    line=\${line//:/\\:}
    candidates+=("\${\${line%$'\t'}/$'\t'/:}")
  done
  _describe -V ramctl candidates -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}
if [[ $funcstack[1] == _ramctl ]]; then
  _ramctl "$@"
else
  compdef _ramctl ramctl
fi
`;

const FISH = shellScript`# completion of ramctl for fish
function __ramctl_complete
    set -l typed (commandline -opc)
    set -l word (commandline -ct)
    set -e typed[1]
    set -l reply (ramctl complete -- (string replace -r '^~/' "$HOME/" -- $typed) "$word" 2>/dev/null)
    if string match -q ':files*' -- "$reply[1]"
        set -l head (string split \t -- $reply[1])[2]
        set reply "$head"(complete -C "'' "(string replace -- "$head" '' $word))
    end
    string join \n -- $reply
end
complete -c ramctl -e
complete -c ramctl -f -k -a '(__ramctl_complete)'
`;

export const SCRIPTS: Record<string, string> = { bash: BASH, zsh: ZSH, fish: FISH };
