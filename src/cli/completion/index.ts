import { Argument } from 'commander';
import type { RamctlCommand } from '../command.ts';
import { SCRIPTS } from './scripts.ts';

const INSTALL_HELP = `
For every shell that you start:
  bash  put into ~/.bashrc:  source <(ramctl completion bash)
  zsh   put into ~/.zshrc, after compinit:  source <(ramctl completion zsh)
  fish  ramctl completion fish > ~/.config/fish/completions/ramctl.fish`;

/** `completion <shell>`; unlike other verbs it has nothing to do with a directory. */
export function declare(noun: RamctlCommand): void {
  noun.standalone('', ['ramctl completion bash', 'ramctl completion zsh', 'ramctl completion fish']);
  noun.addArgument(new Argument('<shell>', 'whose script is printed').choices(Object.keys(SCRIPTS)));
  noun.addHelpText('after', INSTALL_HELP);
  noun.action((shell: string) => {
    noun.configureOutput().writeOut?.(SCRIPTS[shell] ?? '');
  });
}
