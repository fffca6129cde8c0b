import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HELP_TOPICS } from '../../../src/cli/help/topics.ts';
import { TestWorld } from '../../support/test-world.ts';
import { program, verbs } from '../../support/verbs.ts';

const world = new TestWorld();
const topics = Object.keys(HELP_TOPICS);
const pages = [...topics, ...verbs.map(([name]) => name), ...program.commands.map((command) => command.name()), ''];

it.each(pages)('fits 80 columns: ramctl help %s', async (page) => {
  const { code, out } = await world.ramctl(`help ${page}`);
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('The topics of the help', () => {
  it('are those of the contract, and help lists them', async () => {
    expect([...topics].sort()).toEqual([
      'ci',
      'directories',
      'environment',
      'exit-codes',
      'json',
      'policies',
      'secrets',
    ]);
    for (const line of ['help', '--help']) {
      const { out } = await world.ramctl(line);
      for (const topic of topics) expect(out).toContain(`ramctl help ${topic}`);
    }
  });

  it.each([
    [
      'environment',
      ['RAMCTL_DIRECTORY', 'RAMCTL_KEY_FILE', 'RAMCTL_NO_INPUT', 'CI', 'GITHUB_OUTPUT', 'XDG_CONFIG_HOME'],
    ],
    ['exit-codes', ['130', '143', '70']],
    [
      'secrets',
      ['--password-stdin', '--secret-stdin', 'file:PATH', '.csv', '.env', '.ini', 'aliyun:PROFILE', 'github'],
    ],
    ['policies', ['NotAction', 'ForAnyValue', 'ExplicitDeny', 'acs:CurrentTime', 'approximate']],
    ['ci', ['--run-id', '--replace inactive', 'GITHUB_RUN_ID', 'rotation finish', 'cron', 'concurrency']],
    ['directories', ['RAMCTL_DIRECTORY', 'directory path']],
  ])('explain what they are about, without opening the directory: %s', async (topic, texts) => {
    const { out, err } = await world.ramctl(`help ${topic}`);
    expect(err).toBe('');
    for (const text of texts) expect(out).toContain(text);
    expect(world.opened).toEqual([]);
  });

  it('list every variable that the program reads', async () => {
    const source = readFileSync(new URL('../../../src/system/environment.ts', import.meta.url), 'utf8');
    const names = source.match(/\b[A-Z]{2,}(_[A-Z]+)*\b/g) ?? [];
    expect(names).toContain('RAMCTL_DIRECTORY');
    const { out } = await world.ramctl('help environment');
    for (const name of names) expect(out).toContain(name);
  });

  it('name only commands and options that exist', async () => {
    const names = verbs.map(([name]) => name);
    const options = verbs.flatMap(([, verb]) => verb.options.map(({ long }) => long));
    for (const topic of topics) {
      const { out } = await world.ramctl(`help ${topic}`);
      for (const [, command = ''] of out.matchAll(
        /(?:^ +|")ramctl (?!help)(?:-d <path> )?((?:[a-z-]+ ){0,2}[a-z-]+)/gm,
      )) {
        expect([topic, command, names.some((name) => `${command} `.startsWith(`${name} `))]).toEqual([
          topic,
          command,
          true,
        ]);
      }
      for (const [option] of out.matchAll(/--[a-z][\w-]*/g)) expect(options).toContain(option);
    }
  });
});
