import type { Command } from 'commander';

/** What can follow a chain of subcommands: `asa batch` -> create, status, ... and options. */
interface Node {
  /** `asa batch create`, without the program's name. */
  readonly path: string;
  readonly words: readonly string[];
}

function nodes(command: Command, path: readonly string[] = []): Node[] {
  const children = command.commands.filter((one) => one.name() !== 'help');
  const options = [...command.options, ...(path.length === 0 ? [] : (command.parent?.options ?? []))];
  const flags = options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
  const words = [...children.map((one) => one.name()), ...flags, '--help'];
  return [
    { path: path.join(' '), words: [...new Set(words)] },
    ...children.flatMap((one) => nodes(one, [...path, one.name()])),
  ];
}

const pattern = (path: string): string => (path === '' ? '""' : `"${path}"`);

const bash = (
  program: Command,
): string => `# asa completion for bash; put it in ~/.bashrc: eval "$(asa completion bash)"
_asa() {
  local current at="" word words
  current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$word" in
      -*) ;;
      *) at="\${at:+$at }$word" ;;
    esac
  done
  while :; do
    case "$at" in
${nodes(program)
  .map(({ path, words }) => `      ${pattern(path)}) words="${words.join(' ')}"; break ;;`)
  .join('\n')}
      *" "*) at="\${at% *}" ;;
      *) at="" ;;
    esac
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _asa asa
`;

const zsh = (program: Command): string => `#compdef asa
# asa completion for zsh; put it in ~/.zshrc: eval "$(asa completion zsh)"
(( \${+functions[compdef]} )) || { autoload -U compinit && compinit -i }
autoload -U +X bashcompinit && bashcompinit
${bash(program)}`;

/** Words without options say where in the tree the cursor is; what no subcommand is called belongs to the one before it. */
const fish = (program: Command): string => {
  const all = nodes(program);
  return [
    '# asa completion for fish: asa completion fish > ~/.config/fish/completions/asa.fish',
    'function __asa_at',
    '  set -l words',
    '  for word in (commandline -opc)[2..-1]',
    "    string match -q -- '-*' $word; or set -a words $word",
    '  end',
    '  while test (count $words) -gt 0; and not contains -- "$words" $__asa_paths',
    '    set -e words[-1]',
    '  end',
    '  test "$words" = "$argv[1]"',
    'end',
    `set -g __asa_paths ${all
      .filter(({ path }) => path !== '')
      .map(({ path }) => `'${path}'`)
      .join(' ')}`,
    ...all.flatMap(({ path, words }) =>
      words.map((word) => {
        const when = `complete -c asa -n '__asa_at "${path}"'`;
        return word.startsWith('--') ? `${when} -l ${word.slice(2)}` : `${when} -f -a ${word}`;
      }),
    ),
    '',
  ].join('\n');
};

export const SHELLS = { bash, zsh, fish } as const;
