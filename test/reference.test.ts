import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RamctlCommand } from '../src/cli/command.ts';
import { createProgram, declareVerbs, NOUNS } from '../src/cli/program.ts';
import { splitWords } from './support/shell.ts';
import { World } from './support/world.ts';

const program = createProgram('0', () => Promise.reject(new Error('nothing is run here')), {});
const nouns = program.commands.filter((command) => command.name() in NOUNS) as RamctlCommand[];
for (const noun of nouns) await declareVerbs(noun);
const verbs = nouns.flatMap((noun) => noun.commands.map((verb) => [`${noun.name()} ${verb.name()}`, verb] as const));
const globals = program.options.map(({ long }) => long);

describe.each(verbs)('%s', (name, command) => {
  const verb = command as RamctlCommand;

  it('has a summary and an example', () => {
    expect(verb.summary()).toMatch(/\w/);
    expect(verb.examples.length).toBeGreaterThan(0);
  });

  it('names no option like a global one', () => {
    const own = verb.options.map(({ long }) => long);
    expect(own.filter((long) => globals.includes(long)).sort()).toEqual([...globals].sort());
    expect(own).toHaveLength(new Set(own).size);
  });

  it.each(verb.examples)('runs its example: %s', async (example) => {
    const world = await furnished();
    const words = splitWords(example);
    expect(words.slice(0, 3).join(' ')).toContain(`ramctl ${name.split(' ')[0]}`);
    const { code, err } = await world.ramctl(words.slice(1), { answers: agreeable(example) });
    expect([code, err]).toEqual([0, expect.anything()]);
  });
});

it('has a row in the README for every noun', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const noun of Object.keys(NOUNS)) expect(readme).toMatch(new RegExp(`^\\| \`${noun}\``, 'm'));
});

/** A directory in which every example finds what it names. */
async function furnished(): Promise<World> {
  const world = new World();
  await world.ramctl(['user', 'create', 'bob', '--policy', 'ReadOnlyAccess']);
  return world;
}

function agreeable(_: string): [] {
  return [];
}
