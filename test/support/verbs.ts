import type { RamctlCommand } from '../../src/cli/command.ts';
import { NOUNS } from '../../src/cli/nouns.ts';
import { createProgram } from '../../src/cli/program.ts';

/** The command tree of the program. Its commands cannot run. */
export const program = createProgram('0', () => Promise.reject(new Error('this command tree runs no command')), {});
const nouns = program.commands.filter((command) => command.name() in NOUNS) as RamctlCommand[];
for (const noun of nouns) await noun.loadAll();

/** Every verb with its full name, such as `user create`. */
export const verbs = nouns.flatMap((noun) => findVerbs(noun, noun.name()));

function findVerbs(command: RamctlCommand, name: string): (readonly [string, RamctlCommand])[] {
  const verbs = (command.commands as RamctlCommand[]).flatMap((verb) => findVerbs(verb, `${name} ${verb.name()}`));
  return verbs.length === 0 || command.opensDirectory ? [[name, command], ...verbs] : verbs;
}
