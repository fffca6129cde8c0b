// What a shell runs at a Tab: it calls `ramctl complete --` with the words before the cursor and then the beginning of
// the word at the cursor. The answer is one candidate a line: a whole word, a tab, what it is. Or it is one line that
// leaves file names to the shell: `:files`, a tab, what stands before the path in the word (`--directory=`).
// Words go without their quotes, `~/` resolved, and are never evaluated: a Tab runs nothing of what was typed.

/** The text as it stands, `\${` for `${`. */
const shellScript = ({ raw }: TemplateStringsArray) => raw.join('').replaceAll('\\${', '${');

/** bash cuts words at = and : as well, and replaces the last piece only ($2). It needs no bash-completion package. */
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

/** The script of each shell. */
export const SCRIPTS: Record<string, string> = { bash: BASH, zsh: ZSH, fish: FISH };
