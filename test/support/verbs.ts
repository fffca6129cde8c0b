import type { RamctlCommand } from '../../src/cli/command.ts';
import { NOUNS } from '../../src/cli/nouns.ts';
import { createProgram, declareVerbs } from '../../src/cli/program.ts';

/** The commands of the program, of which nothing is run. */
export const program = createProgram('0', () => Promise.reject(new Error('nothing is run here')), {});
const nouns = program.commands.filter((command) => command.name() in NOUNS) as RamctlCommand[];
for (const noun of nouns) await declareVerbs(noun);

/** Every command that does something, by its words: `user create`. */
export const verbs = nouns.flatMap((noun) => leaves(noun, noun.name()));

function leaves(command: RamctlCommand, name: string): (readonly [string, RamctlCommand])[] {
  const below = command.commands as RamctlCommand[];
  return below.length === 0 ? [[name, command]] : below.flatMap((verb) => leaves(verb, `${name} ${verb.name()}`));
}
