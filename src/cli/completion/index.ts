import { Argument } from 'commander';
import type { RamctlCommand } from '../command.ts';
import { SCRIPTS } from './scripts.ts';

const INSTALL_HELP = `
To turn on completion in every new shell:
  bash  add to ~/.bashrc:  source <(ramctl completion bash)
  zsh   add to ~/.zshrc, after compinit:  source <(ramctl completion zsh)
  fish  ramctl completion fish > ~/.config/fish/completions/ramctl.fish`;

/** Declares `completion <shell>`, which uses no directory and therefore not `setAction`. */
export function declare(noun: RamctlCommand): void {
  const shells = Object.keys(SCRIPTS);
  const examples = shells.map((shell) => [`Print the script for ${shell}`, `ramctl completion ${shell}`]);
  noun.standalone('', Object.fromEntries(examples));
  noun.describe(`Prints a script that completes commands, options and names when you press Tab. Names of users, groups and
    others are completed for local directories only.`);
  noun.addArgument(new Argument('<shell>', 'shell that uses the script').choices(shells));
  noun.addHelpText('after', INSTALL_HELP);
  noun.action((shell: string) => noun.configureOutput().writeOut?.(SCRIPTS[shell] ?? ''));
}
