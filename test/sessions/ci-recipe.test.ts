// Runs the shell lines of the workflows in docs/ci.md as a hosted runner of GitHub Actions does: each attempt has a new
// checkout, a new key file and new outputs.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Home, isSupported, type ProcessResult } from '../support/process.ts';
import {
  clockEnvironment,
  createRobotHome,
  type KeyPair,
  readKeyPair,
  scriptEnvironment,
} from '../support/rotation.ts';

interface Step {
  id?: string;
  uses?: string;
  with?: { ref?: string };
  run?: string;
  env?: Record<string, string>;
}
interface Workflow {
  concurrency: string;
  jobs: Record<string, { env: Record<string, string>; steps: Step[] }>;
}

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

function readWorkflows(name: string): Workflow[] {
  const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const blocks = Array.from(text.matchAll(/```yaml\n([\s\S]*?)```/g), ([, block = '']) => parse(block));
  return blocks.filter((block) => block.jobs);
}

const [rotate, finish] = readWorkflows('docs/ci.md') as [Workflow, Workflow];

/** A repository `origin.git` with the directory, the user robot and the scripts of the workflows. */
class Repository {
  readonly home: Home;
  readonly first: KeyPair;
  #attempts = 0;

  static async create(): Promise<Repository> {
    return new Repository(await createRobotHome());
  }

  private constructor(home: Home) {
    this.home = home;
    this.first = readKeyPair(home, 'old.env') as KeyPair;
    const seed = join(home.folder, 'seed');
    mkdirSync(seed);
    copyFileSync(home.directory, join(seed, 'directory.json'));
    home.write('seed/install-ramctl', '#!/bin/sh\n');
    home.write(
      'seed/store-for-the-program',
      `#!/bin/sh
       if [ -e "$HOME/store-is-down" ]; then exit 1; fi
       printf 'ALIBABA_CLOUD_ACCESS_KEY_ID=%s\\nALIBABA_CLOUD_ACCESS_KEY_SECRET=%s\\n' "$ID" "$SECRET" > "$HOME/stored.env"`,
    );
    for (const name of ['install-ramctl', 'store-for-the-program']) chmodSync(join(seed, name), 0o755);
    this.git('seed', 'init', '--quiet', '--initial-branch=main');
    this.git('seed', 'add', '.');
    this.git('seed', '-c', 'user.name=ci', '-c', 'user.email=ci@example.com', 'commit', '--quiet', '-m', 'Add');
    this.git('.', 'clone', '--quiet', '--bare', 'seed', 'origin.git');
  }

  git(folder: string, ...args: string[]): string {
    const { folder: HOME } = this.home;
    const options = { cwd: join(HOME, folder), encoding: 'utf8', env: { PATH: process.env.PATH, HOME } } as const;
    const { status, stdout, stderr } = spawnSync('git', args, options);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Runs one attempt of a workflow, with the clock ahead. Returns the result of the last step that ran. */
  async run({ jobs }: Workflow, runId: number, aheadMs = 0): Promise<ProcessResult & { log: string }> {
    const attempt = ++this.#attempts;
    const path = (name: string) => join(this.home.folder, `${name}-${attempt}`);
    mkdirSync(path('temp'));
    const [job] = Object.values(jobs);
    const runner: Record<string, string> = {
      ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_RUN_ID: `${runId}`, GITHUB_RUN_ATTEMPT: `${attempt}` },
      ...{ RUNNER_TEMP: path('temp'), GITHUB_ENV: path('env'), HOME: this.home.folder },
      ...clockEnvironment(aheadMs),
      ...job?.env,
    };
    const outputs: Record<string, Record<string, string>> = {};
    let result: ProcessResult | undefined;
    let log = '';
    for (const [index, step] of (job?.steps ?? []).entries()) {
      if (step.uses?.startsWith('actions/checkout@')) {
        this.git('.', 'clone', '--quiet', '--branch', step.with?.ref ?? 'missing', 'origin.git', path('workspace'));
        continue;
      }
      const outputFile = this.home.write(`outputs-${attempt}-${index}`, '');
      const stepEnvironment = mapValues(step.env ?? {}, (text) => this.#expand(text, outputs));
      const environment = scriptEnvironment(this.home, { ...runner, GITHUB_OUTPUT: outputFile, ...stepEnvironment });
      result = await this.home.sh(`set -e\ncd ${path('workspace')}\n${step.run}`, { environment });
      log += result.out + result.err.replace(/^::add-mask::.*\n/gm, '');
      if (result.code !== 0) break;
      if (existsSync(path('env'))) Object.assign(runner, parseVariables(readFileSync(path('env'), 'utf8')));
      outputs[step.id ?? ''] = parseOutputs(readFileSync(outputFile, 'utf8'));
    }
    if (!result) throw new Error('the workflow has no step with run');
    expect(statSync(join(path('temp'), 'key')).mode & 0o777).toBe(0o600);
    return { ...result, log };
  }

  /** Replaces the expressions of a workflow by their values. */
  #expand(text: string, outputs: Record<string, Record<string, string>>): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      if (expression === 'secrets.RAMCTL_KEY') return readFileSync(this.home.key, 'utf8').trim();
      const [, id = '', name = ''] = /^steps\.(\w+)\.outputs\.(\w+)$/.exec(expression) ?? [];
      const value = outputs[id]?.[name];
      if (value === undefined) throw new Error(`${expression} has no value`);
      return value;
    });
  }

  /** The status of each AccessKey and the state of each rotation in the saved directory. */
  saved(): { keys: Record<string, string>; rotations: Record<string, string> } {
    const { Users } = JSON.parse(this.git('origin.git', 'show', 'main:directory.json'));
    const { AccessKeys, Rotations = [] } = Users[0];
    return {
      keys: Object.fromEntries(AccessKeys.map((key: Record<string, string>) => [key.AccessKeyId, key.Status])),
      rotations: Object.fromEntries(Rotations.map((entry: Record<string, string>) => [entry.RunId, entry.State])),
    };
  }

  /** The exit code of `ak verify` with the saved directory: 0 if the pair is valid, 4 if not. */
  async verify(pair: KeyPair): Promise<number | null> {
    const RAMCTL_DIRECTORY = this.home.write('verify.json', this.git('origin.git', 'show', 'main:directory.json'));
    const environment = { RAMCTL_DIRECTORY, RAMCTL_KEY_FILE: this.home.key };
    const args = ['ak', 'verify', pair.AccessKeyId, '--secret-stdin'];
    return (await this.home.run(args, { input: pair.AccessKeySecret, environment })).code;
  }

  stored = (): KeyPair => readKeyPair(this.home, 'stored.env') as KeyPair;
}

function mapValues(record: Record<string, string>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function parseVariables(text: string): Record<string, string> {
  return Object.fromEntries(Array.from(text.matchAll(/^(\w+)=(.*)$/gm), ([, name, value]) => [name, value]));
}

function parseOutputs(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.matchAll(/^(\w+)<<(\w+)\n(.*)\n\2\n/gm), ([, name, , value]) => [name, value]),
  );
}

const hasGit = isSupported('run git', 'git', '--version');

it('the workflows change the directory one at a time', () => {
  for (const { concurrency } of [rotate, finish]) expect(concurrency).toBe('ramctl');
});

it.skipIf(!hasGit)('the workflow can be run again after its pair was lost', { timeout: 120_000 }, async () => {
  const repository = await Repository.create();
  const { first, home } = repository;

  // The first attempt delivers a pair that the program never gets.
  home.write('store-is-down', '');
  const failed = await repository.run(rotate, 1001);
  const lost = Object.keys(repository.saved().keys).find((id) => id !== first.AccessKeyId) ?? '';
  expect([failed.code, repository.saved()]).toEqual([
    1,
    { keys: { [first.AccessKeyId]: 'Active', [lost]: 'Active' }, rotations: { 1001: 'Grace' } },
  ]);

  // "Re-run jobs" delivers another pair.
  rmSync(join(home.folder, 'store-is-down'));
  const again = await repository.run(rotate, 1001);
  const second = repository.stored();
  expect([again.code, repository.saved()]).toEqual([
    0,
    { keys: { [first.AccessKeyId]: 'Active', [second.AccessKeyId]: 'Active' }, rotations: { 1001: 'Grace' } },
  ]);
  expect(second.AccessKeyId).not.toBe(lost);
  expect([await repository.verify(first), await repository.verify(second)]).toEqual([0, 0]);

  // The other workflow disables the old AccessKey when the grace period is over.
  expect((await repository.run(finish, 1002, HOUR)).code).toBe(0);
  expect(repository.saved().keys[first.AccessKeyId]).toBe('Active');
  expect((await repository.run(finish, 1003, 3 * HOUR)).code).toBe(0);
  expect(repository.saved()).toEqual({
    keys: { [first.AccessKeyId]: 'Inactive', [second.AccessKeyId]: 'Active' },
    rotations: { 1001: 'Done' },
  });

  // The run of the next week deletes the disabled AccessKey.
  const next = await repository.run(rotate, 1004, WEEK);
  const third = repository.stored();
  expect([next.code, repository.saved()]).toEqual([
    0,
    {
      keys: { [second.AccessKeyId]: 'Active', [third.AccessKeyId]: 'Active' },
      rotations: { 1001: 'Done', 1004: 'Grace' },
    },
  ]);
  expect([await repository.verify(second), await repository.verify(third)]).toEqual([0, 0]);

  // Neither the log nor the repository contains a secret.
  const texts = [failed.log, again.log, next.log, repository.git('origin.git', 'log', '--patch')].join('\n');
  for (const { AccessKeySecret } of [first, second, third]) expect(texts).not.toContain(AccessKeySecret);
});
