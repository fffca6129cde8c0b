import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitWords } from './support/shell.ts';
import { TestWorld } from './support/test-world.ts';

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

  it('has fewer than 250 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(250);
  });
});
