import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDescription } from '../../src/core/description/description.ts';
import type { Directory } from '../../src/core/directory.ts';
import { deleteUsers } from '../../src/core/workflows/user.ts';
import { formatAliyunScript } from '../../src/view/export-aliyun.ts';
import { AliyunCli, listCommands } from '../support/aliyun-cli.ts';
import { describedUser, emptyDescription, everything } from '../support/description.ts';
import { createDescribedWorld, description as randomDescription, SOURCE_ACCOUNT } from '../support/random-directory.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

const PASSWORD = 'Correct-Horse-Battery-$HOME-`1\'"';

/** A directory with only the administrator of an endpoint, and the CLI for it. */
async function openEmptyAccount() {
  const endpoint = await TestEndpoint.open();
  await deleteUsers(endpoint.world.directory, ['bob'], true);
  return { directory: endpoint.world.directory, cli: new AliyunCli(endpoint) };
}

/** What a directory contains next to the administrator, without the ID of its account. */
async function describeWithoutAdmin(directory: Directory) {
  const { Account, Users, ...entities } = await readDescription(directory);
  const { AccountId: _, ...settings } = Account;
  return { ...entities, Account: settings, Users: Users.filter(({ UserName }) => UserName !== 'admin') };
}

/** The values of the variables that a script needs. */
function passwordsFor(script: string): Record<string, string> {
  const names = Array.from(script.matchAll(/\$\{(PASSWORD_\w+):\?/g), ([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, PASSWORD]));
}

it('the script recreates a directory in an empty account', { timeout: 60_000 }, async () => {
  const source = (await createDescribedWorld(everything)).directory;
  const script = formatAliyunScript(await readDescription(source));
  const { directory, cli } = await openEmptyAccount();
  const { code, err } = await cli.run(script, passwordsFor(script));
  expect([code, err]).toEqual([0, '']);
  expect(await describeWithoutAdmin(directory)).toEqual(await describeWithoutAdmin(source));
  expect(script.split('\n').slice(0, 2)).toEqual([
    '#!/bin/sh',
    expect.stringMatching(/^# Recreates .* of the account \d{16}$/),
  ]);
  expect(script).toContain("\naliyun ram CreateUser --UserName=alice --DisplayName='Alice Li' ");
  expect(script).toContain('{PASSWORD_ALICE:?Set this variable to the password of the user alice.}"\n');
  expect((await directory.logOn('alice@acme.onaliyun.com', PASSWORD)).UserName).toBe('alice');
});

it('the commands of the script recreate random directories', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(randomDescription, async (wanted) => {
    const source = (await createDescribedWorld(wanted)).directory;
    const script = formatAliyunScript(await readDescription(source));
    const { directory, cli } = await openEmptyAccount();
    const { DefaultDomain } = await directory.getAccount();
    for (const args of await listCommands(script, { ...passwordsFor(script), DOMAIN: DefaultDomain })) {
      expect(await cli.call(args)).toMatchObject({ status: 200 });
    }
    expect(await describeWithoutAdmin(directory)).toEqual(await describeWithoutAdmin(source));
  });
  await fc.assert(property, { numRuns: 6 });
});

it('the script changes nothing if the password of one user is missing', async () => {
  const script = formatAliyunScript({
    ...emptyDescription,
    Users: ['a.b', 'a-b'].map((UserName) => ({
      ...describedUser(UserName),
      LoginProfile: { Status: 'Active', PasswordResetRequired: true, MFABindRequired: false },
    })),
  });
  const { cli } = await openEmptyAccount();
  const { code, err } = await cli.run(script, { PASSWORD_A_B: PASSWORD });
  expect(code).not.toBe(0);
  expect(err).toContain('PASSWORD_A_B_2: Set this variable');
  expect(cli.commands).toEqual([]);
});

it('the script stops at the first error', async () => {
  const script = formatAliyunScript({ ...emptyDescription, Users: ['admin', 'zoe'].map(describedUser) });
  const { directory, cli } = await openEmptyAccount();
  const { code, err } = await cli.run(script);
  expect(code).not.toBe(0);
  expect(err).toContain('EntityAlreadyExists.User');
  expect((await directory.listUsers()).map(({ UserName }) => UserName)).toEqual(['admin']);
});

it('the commands that print secrets are comments', () => {
  const Users = [
    { ...describedUser('alice'), AccessKey: true },
    { ...describedUser('bob'), AccessKey: false },
  ];
  const lines = formatAliyunScript({ ...emptyDescription, Users }).split('\n');
  expect(lines.filter((line) => line.includes('CreateAccessKey --'))).toEqual([
    '# aliyun ram CreateAccessKey --UserName=alice',
  ]);
});

it('the script names the account ID that documents contain', () => {
  const Policies = [{ PolicyName: 'Own', Description: null, PolicyDocument: `acs:ram::${SOURCE_ACCOUNT}:*`, Tags: [] }];
  const hint = 'For another account, replace the ID in this file first.';
  expect(formatAliyunScript({ ...emptyDescription, Policies })).toContain(hint);
  expect(formatAliyunScript(emptyDescription)).not.toContain(hint);
});

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', '\r', '-', '=', '#', ' ', '(', '\u674e'),
      minLength: 1,
    }),
    // Texts that are dangerous only without quotes.
    fc.string({ unit: fc.constantFrom('$', '~', '*', 'a'), minLength: 2, maxLength: 4 }),
  )
  .map((value) => value.replaceAll('\0', ''));

it('any text is one argument for the shell, also in names and in an account ID', async () => {
  const cases = fc.sample(fc.tuple(text, text, text, text), 150);
  const scripts = cases.map(([AccountId, UserName, DisplayName, Comments]) =>
    formatAliyunScript({
      ...emptyDescription,
      Account: { ...emptyDescription.Account, AccountId },
      Users: [{ ...describedUser(UserName), DisplayName, Comments, AccessKey: true }],
    }),
  );
  // One shell runs all scripts.
  const commands = await listCommands(scripts.join('\n'));
  expect(commands).toHaveLength(3 * cases.length);
  for (const [index, [, UserName, DisplayName, Comments]] of cases.entries()) {
    const [, , createUser] = commands.slice(3 * index, 3 * index + 3);
    const options = Object.entries({ UserName, DisplayName, Comments }).filter(([, value]) => value !== '');
    expect(createUser).toEqual(['ram', 'CreateUser', ...options.map(([name, value]) => `--${name}=${value}`)]);
  }
  const actions = commands.slice(0, 3).map(([, action]) => action);
  expect(actions).toEqual(['SetPasswordPolicy', 'SetSecurityPreference', 'CreateUser']);
});
