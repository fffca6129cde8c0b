// The life of a user of the IoT Platform: from the creation to the deletion, with all commands in between.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { authenticatorCode, HAS_AUTHENTICATOR } from '../support/authenticator.ts';
import { Home, parseError } from '../support/process.ts';
import { splitWords } from '../support/shell.ts';

/** Allows reading from the addresses of the office, and denies it from all others. */
const POLICY = {
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'iot:Query*',
      Resource: '*',
      Condition: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } },
    },
    {
      Effect: 'Deny',
      Action: 'iot:Query*',
      Resource: '*',
      Condition: { NotIpAddress: { 'acs:SourceIp': '192.0.2.0/24' } },
    },
  ],
};

const MINUTE = 60_000;
const inMinutes = (count: number) => new Date(Date.now() + count * MINUTE);

it.skipIf(!HAS_AUTHENTICATOR)(
  'a user of the IoT Platform is created, logs on, and is deleted',
  { timeout: 120_000 },
  async () => {
    const home = new Home();
    /** Runs a command line with the clock some minutes ahead. */
    const run = (line: string, input = '', minutes = 0) =>
      home.run([...splitWords(line), '-o', 'json'], { input, aheadMs: minutes * MINUTE });
    const expectResult = async <T>(exit: number, line: string, input?: string, minutes?: number): Promise<T> => {
      const { code, out, err } = await run(line, input, minutes);
      expect([line, code, code === 0 ? '' : err]).toEqual([line, exit, '']);
      return JSON.parse(out);
    };
    const expectError = async (exit: number, line: string, input?: string, minutes?: number) => {
      const failed = await run(line, input, minutes);
      expect([line, failed.code, failed.out]).toEqual([line, exit, '']);
      return parseError(failed) as ReturnType<typeof parseError> & { Blockers?: { Kind: string; Command: string }[] };
    };

    // Create a user with console logon and an AccessKey. The secrets are stored in a file.
    const created = await expectResult(
      0,
      'user create alice --display-name "Alice Li" --console --access-key --secret-to file:alice.csv',
    );
    expect(created).not.toHaveProperty('Password');
    const [{ Password: first, AccessKeySecret } = {}]: Record<string, string>[] = parse(home.read('alice.csv'), {
      columns: true,
    });
    expect([first?.length, AccessKeySecret?.length, statSync(join(home.folder, 'alice.csv')).mode & 0o777]).toEqual([
      20, 30, 0o600,
    ]);

    // Attach a custom policy, after a typing error in its document, and a system policy to a group of the user.
    const invalid = JSON.stringify(POLICY, null, 2).replace('"Deny"', '"Denied"');
    home.write('iot.json', invalid);
    expect(await expectResult(4, 'policy validate iot.json')).toMatchObject({
      Valid: false,
      Findings: [{ Line: invalid.split('\n').findIndex((line) => line.includes('Denied')) + 1 }],
    });
    home.write('iot.json', JSON.stringify(POLICY, null, 2));
    expect(await expectResult(0, 'policy validate iot.json')).toMatchObject({ Valid: true });
    await expectResult(0, 'policy create IotFromOffice --document iot.json --description "IoT reads from the office"');
    await expectResult(0, 'group create iot-operators');
    await expectResult(0, 'group add iot-operators alice');
    await expectResult(0, 'policy attach IotFromOffice AliyunIOTReadOnlyAccess --group iot-operators');

    const simulate = (exit: number, action: string, address: string) =>
      expectResult(exit, `policy simulate alice --action ${action} --context acs:SourceIp=${address}`);
    expect(await simulate(0, 'iot:QueryDevice', '192.0.2.7')).toMatchObject([{ Decision: 'Allow' }]);
    expect(await simulate(4, 'iot:QueryDevice', '198.51.100.7')).toMatchObject([
      {
        Decision: 'ExplicitDeny',
        MatchedPolicies: expect.arrayContaining([expect.objectContaining({ PolicyName: 'IotFromOffice' })]),
      },
    ]);
    expect(await simulate(4, 'iot:Pub', '192.0.2.7')).toMatchObject([
      { Decision: 'ImplicitDeny', MatchedPolicies: [] },
    ]);

    // The first logon requires a new password.
    await expectResult(0, 'account alias acme');
    const ownPassword = 'Correct-Horse-9';
    home.write('new', `${ownPassword}\n`);
    const logon = 'logon alice@acme --password-stdin';
    expect(await expectError(2, logon, first)).toMatchObject({ Field: '--new-password-file' });
    expect(await expectResult(0, `${logon} --new-password-file new`, first)).toMatchObject({
      UserPrincipalName: 'alice@acme.onaliyun.com',
      Arn: expect.stringMatching(/^acs:ram::\d{16}:user\/alice$/),
      MFAPresent: false,
    });
    expect((await expectError(4, logon, first)).Code).toBe('LogonRefused');

    // Bind an MFA device. The later of its two codes cannot be used again.
    const { Base32StringSeed: seed } = await expectResult<{ Base32StringSeed: string }>(
      0,
      'mfa enable alice --no-bind',
    );
    const now = new Date();
    const [earlier, later] = [authenticatorCode(seed, now), authenticatorCode(seed, new Date(now.getTime() + 30_000))];
    await expectResult(0, `mfa bind alice --code ${earlier} --code ${later}`);
    expect(await expectError(2, logon, ownPassword)).toMatchObject({ Field: '--code' });
    expect((await expectError(4, `${logon} --code ${later}`, ownPassword)).Message).toContain('used already');
    const session = await expectResult(0, `${logon} --code ${authenticatorCode(seed, inMinutes(2))}`, ownPassword, 2);
    expect(session).toMatchObject({ MFAPresent: true });

    // An admin resets a forgotten password.
    const { Password: second = '' } = await expectResult<{ Password?: string }>(
      0,
      'login set alice --generate-password',
    );
    expect(
      (await expectError(4, `${logon} --code ${authenticatorCode(seed, inMinutes(4))}`, ownPassword, 4)).Code,
    ).toBe('LogonRefused');
    expect(await expectResult(0, `${logon} --code ${authenticatorCode(seed, inMinutes(4))}`, second, 4)).toMatchObject({
      MFAPresent: true,
    });

    // Audit the user.
    expect(
      await expectResult(0, 'report --fail-on no-mfa --fail-on admin-policy --fail-on never-logged-on'),
    ).toMatchObject([
      { user: 'alice@acme.onaliyun.com', password_active: true, mfa_active: true, access_key_1_active: true },
    ]);
    expect(await expectResult(4, 'report --fail-on both-modes')).toHaveLength(1);

    // Delete the user.
    const { Blockers = [] } = await expectError(1, 'user delete alice --yes');
    expect(Blockers.map(({ Kind }) => Kind).sort()).toEqual(['AccessKey', 'Group', 'LoginProfile', 'MFADevice']);
    const [deleted] = await expectResult<{ Removed: { Kind: string }[] }[]>(0, 'user delete alice --cascade --yes');
    expect(deleted?.Removed).toHaveLength(Blockers.length);
    expect((await expectError(4, logon, second)).Code).toBe('LogonRefused');
    expect(await expectResult(0, 'group get iot-operators')).toMatchObject({ Users: [] });
    expect(await expectResult(0, 'mfa list')).toEqual([]);
    expect(await expectResult(0, 'directory check')).toMatchObject({ Whole: true });

    // The files of the directory contain no secret.
    for (const name of readdirSync(home.config)) {
      const content = readFileSync(join(home.config, name), 'utf8');
      for (const secret of [first, AccessKeySecret, ownPassword, seed, second]) expect(content).not.toContain(secret);
    }
  },
);
