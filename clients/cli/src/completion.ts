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
  local current path="" word words
  current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) path="\${path:+$path }$word" ;;
    esac
  done
  while :; do
    case "$path" in
${nodes(program)
  .map(({ path, words }) => `      ${pattern(path)}) words="${words.join(' ')}"; break ;;`)
  .join('\n')}
      *" "*) path="\${path% *}" ;;
      *) path="" ;;
    esac
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _asa asa
`;

const zsh = (program: Command): string => `#compdef asa
# asa completion for zsh; put it in ~/.zshrc: eval "$(asa completion zsh)"
autoload -U +X bashcompinit && bashcompinit
${bash(program)}`;

const fish = (program: Command): string =>
  [
    '# asa completion for fish: asa completion fish > ~/.config/fish/completions/asa.fish',
    ...nodes(program).flatMap(({ path, words }) => {
      const on =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ');
      return words.map((word) =>
        word.startsWith('--')
          ? `complete -c asa -n '${on}' -l ${word.slice(2)}`
          : `complete -c asa -n '${on}' -f -a ${word}`,
      );
    }),
    '',
  ].join('\n');

export const SHELLS = { bash, zsh, fish } as const;
