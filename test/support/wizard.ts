import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import type { CreatedUser } from '../../src/core/workflows/provision.ts';
import type { Answers, CommandResult, RunOptions, TestWorld } from './test-world.ts';

/** Returns the command lines that a wizard printed at its end. */
export function equivalentCommands({ err }: CommandResult): string[] {
  const [, lines = ''] = err.split('The same from a shell:\n');
  return Array.from(lines.matchAll(/^ {2}(ramctl .*)$/gm), ([, line]) => line ?? '');
}

/** Returns the arguments that a real shell passes to `ramctl` for a command line. */
export function shellArgs(line: string): string[] {
  const script = `ramctl() { printf '%s\\0' "$@"; }\n${line}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** Returns a user without the values that differ each time a user is created. */
export function withoutUniqueValues({
  UserId: _,
  CreateDate,
  UpdateDate,
  AccessKeys,
  LoginProfile,
  Policies,
  ...rest
}: CreatedUser) {
  return {
    ...rest,
    AccessKeys: AccessKeys.map(({ Status }) => Status),
    LoginProfile: LoginProfile && { ...LoginProfile, CreateDate: null },
    Policies: Policies.map(({ PolicyName }) => PolicyName),
  };
}

/** Cancels at each question in turn and expects exit code 130, no output and an unchanged directory. */
export async function expectCancelAtEach(
  world: TestWorld,
  args: string | string[],
  answers: Answers,
  options: RunOptions = {},
): Promise<void> {
  const before = await world.state();
  for (const [index, [question]] of answers.entries()) {
    const script: Answers = [...answers.slice(0, index), [question, '^C']];
    const { code, out, err } = await world.ramctl(args, { ...options, answers: script });
    expect([question, code, out]).toEqual([question, 130, '']);
    expect(err).toContain('cancelled; nothing was written');
    expect(await world.state()).toEqual(before);
  }
}

/** Runs a command that cannot ask and expects exit code 2, no question, the missing `field` and an unchanged directory. */
export async function expectNoPrompts(world: TestWorld, line: string, field: string): Promise<void> {
  const before = await world.state();
  const variants: [string, RunOptions][] = [
    [line, {}],
    [`${line} --no-input`, { answers: [] }],
    [line, { answers: [], environment: { input: false } }],
  ];
  for (const [args, options] of variants) {
    const { code, out, error, questions } = await world.ramctl(`${args} -o json`, options);
    expect([code, out, questions, error.Code, error.Field]).toEqual([2, '', [], 'Usage', field]);
  }
  expect(await world.state()).toEqual(before);
}
