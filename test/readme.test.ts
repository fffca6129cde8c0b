import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitWords } from './support/shell.ts';
import { TestWorld } from './support/test-world.ts';
import { program } from './support/verbs.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const sessions = Array.from(readme.matchAll(/```console\n([\s\S]*?)```/g), ([, text = '']) => text);

describe('the README', () => {
  it('shows at least one session', () => {
    expect(sessions.length).toBeGreaterThan(0);
  });

  it.each(sessions)('shows the output that the commands print: %s', async (session) => {
    const world = new TestWorld();
    let output = '';
    for (const [, line = ''] of session.matchAll(/^\$ (ramctl .*)$/gm)) {
      const { out, err } = await world.ramctl(splitWords(line).slice(1));
      output += `$ ${line}\n${out}${err}`;
    }
    expect(output.replace(/LTAI\w{20}/g, 'LTAI0000000000000000test')).toBe(session);
  });

  it.each(['user', 'login', 'mfa', 'ak', 'group', 'role', 'directory'])(
    'lists the verbs of %s in the order of the help',
    (noun) => {
      const [, row] = new RegExp(`^\\| \`${noun}\` +\\| \`([^\`]+)\``, 'm').exec(readme) ?? [];
      const verbs = program.commands.find((command) => command.name() === noun)?.commands ?? [];
      expect(row?.split(' ')).toEqual(verbs.flatMap((verb) => (verb.commands.length > 0 ? [] : verb.name())));
    },
  );

  it('has fewer than 250 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(250);
  });
});
