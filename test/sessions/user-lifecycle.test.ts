// An account for the IoT Platform, from its first user to the day she leaves.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { authenticatorCode, HAS_AUTHENTICATOR } from '../support/authenticator.ts';
import { clockAheadBy, Home, type ProcessResult, parseError } from '../support/process.ts';
import { splitWords } from '../support/shell.ts';

/** Reading is for the office alone, whatever else allows it. */
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
  'the IoT Platform, from the first user to the last day',
  { timeout: 120_000 },
  async () => {
    const home = new Home();
    /** Types a line, so many minutes from now. */
    const type = (line: string, input = '', minutes = 0): Promise<ProcessResult> =>
      home.ramctl([...splitWords(line), '-o', 'json'], { input, before: clockAheadBy(minutes * MINUTE) });
    const shows = async <T>(exit: number, line: string, input?: string, minutes?: number): Promise<T> => {
      const { code, out, err } = await type(line, input, minutes);
      expect([line, code, code === 0 ? '' : err]).toEqual([line, exit, '']);
      return JSON.parse(out);
    };
    const fails = async (exit: number, line: string, input?: string, minutes?: number) => {
      const failed = await type(line, input, minutes);
      expect([line, failed.code, failed.out]).toEqual([line, exit, '']);
      return parseError(failed) as ReturnType<typeof parseError> & { Blockers?: { Kind: string; Command: string }[] };
    };

    // A user with console logon and an AccessKey; the secrets go to a file of hers.
    const made = await shows(
      0,
      'user create alice --display-name "Alice Li" --console --access-key --secret-to file:alice.csv',
    );
    expect(made).not.toHaveProperty('Password');
    const [{ Password: first, AccessKeySecret } = {}]: Record<string, string>[] = parse(home.read('alice.csv'), {
      columns: true,
    });
    expect([first?.length, AccessKeySecret?.length, statSync(join(home.folder, 'alice.csv')).mode & 0o777]).toEqual([
      20, 30, 0o600,
    ]);

    // What she may do: a policy of our own, after a slip, and one of RAM's, both through a group.
    const slip = JSON.stringify(POLICY, null, 2).replace('"Deny"', '"Denied"');
    home.write('iot.json', slip);
    expect(await shows(4, 'policy validate iot.json')).toMatchObject({
      Valid: false,
      Findings: [{ Line: slip.split('\n').findIndex((line) => line.includes('Denied')) + 1 }],
    });
    home.write('iot.json', JSON.stringify(POLICY, null, 2));
    expect(await shows(0, 'policy validate iot.json')).toMatchObject({ Valid: true });
    await shows(0, 'policy create IotFromOffice --document iot.json --description "IoT reads from the office"');
    await shows(0, 'group create iot-operators');
    await shows(0, 'group add iot-operators alice');
    await shows(0, 'policy attach IotFromOffice AliyunIOTReadOnlyAccess --group iot-operators');

    const simulate = (exit: number, action: string, address: string) =>
      shows(exit, `policy simulate alice --action ${action} --context acs:SourceIp=${address}`);
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

    // Her first logon: the generated password has to be replaced.
    await shows(0, 'account alias acme');
    const own = 'Correct-Horse-9';
    home.write('new', `${own}\n`);
    const logon = 'logon alice@acme --password-stdin';
    expect(await fails(2, logon, first)).toMatchObject({ Field: '--new-password-file' });
    expect(await shows(0, `${logon} --new-password-file new`, first)).toMatchObject({
      UserPrincipalName: 'alice@acme.onaliyun.com',
      Arn: expect.stringMatching(/^acs:ram::\d{16}:user\/alice$/),
      MFAPresent: false,
    });
    expect((await fails(4, logon, first)).Code).toBe('LogonRefused');

    // A second factor; the later of the two codes that bind it is used up.
    const { Base32StringSeed: seed } = await shows<{ Base32StringSeed: string }>(0, 'mfa enable alice --no-bind');
    const now = new Date();
    const [earlier, later] = [authenticatorCode(seed, now), authenticatorCode(seed, new Date(now.getTime() + 30_000))];
    await shows(0, `mfa bind alice --code ${earlier} --code ${later}`);
    expect(await fails(2, logon, own)).toMatchObject({ Field: '--code' });
    expect((await fails(4, `${logon} --code ${later}`, own)).Message).toContain('used already');
    const session = await shows(0, `${logon} --code ${authenticatorCode(seed, inMinutes(2))}`, own, 2);
    expect(session).toMatchObject({ MFAPresent: true });

    // She forgets her password; the admin gives her another one.
    const { Password: second = '' } = await shows<{ Password?: string }>(0, 'login set alice --generate-password');
    expect((await fails(4, `${logon} --code ${authenticatorCode(seed, inMinutes(4))}`, own, 4)).Code).toBe(
      'LogonRefused',
    );
    expect(await shows(0, `${logon} --code ${authenticatorCode(seed, inMinutes(4))}`, second, 4)).toMatchObject({
      MFAPresent: true,
    });

    // The audit.
    expect(await shows(0, 'report --fail-on no-mfa --fail-on admin-policy --fail-on never-logged-on')).toMatchObject([
      { user: 'alice@acme.onaliyun.com', password_active: true, mfa_active: true, access_key_1_active: true },
    ]);
    expect(await shows(4, 'report --fail-on both-modes')).toHaveLength(1);

    // Her last day.
    const { Blockers = [] } = await fails(1, 'user delete alice --yes');
    expect(Blockers.map(({ Kind }) => Kind).sort()).toEqual(['AccessKey', 'Group', 'LoginProfile', 'MFADevice']);
    const [gone] = await shows<{ Removed: { Kind: string }[] }[]>(0, 'user delete alice --cascade --yes');
    expect(gone?.Removed).toHaveLength(Blockers.length);
    expect((await fails(4, logon, second)).Code).toBe('LogonRefused');
    expect(await shows(0, 'group get iot-operators')).toMatchObject({ Users: [] });
    expect(await shows(0, 'mfa list')).toEqual([]);
    expect(await shows(0, 'directory check')).toMatchObject({ Whole: true });

    // Nothing but her own file ever held a secret.
    for (const name of readdirSync(home.config)) {
      const content = readFileSync(join(home.config, name), 'utf8');
      for (const secret of [first, AccessKeySecret, own, seed, second]) expect(content).not.toContain(secret);
    }
  },
);
