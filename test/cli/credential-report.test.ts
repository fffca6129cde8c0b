import { beforeEach, describe, expect, it } from 'vitest';
import type { RowWithFindings } from '../../src/core/workflows/findings.ts';
import { bindDevice } from '../support/mfa.ts';
import { TestWorld } from '../support/test-world.ts';

const DAY = 86_400;
let world = new TestWorld();
const rows = async (flags = ''): Promise<RowWithFindings[]> => (await world.ramctl(`report ${flags} -o json`)).json;

/** Notes that all keys were used and everybody who can logged on, this moment. */
async function everythingIsUsed(): Promise<void> {
  const now = world.clock.now().toISOString().replace(/\.\d+/, '');
  await world.store.change(async ({ Users }) => {
    for (const user of Users.values()) {
      if (user.LoginProfile) user.LastLoginDate = now;
      for (const key of user.AccessKeys) key.LastUsedDate = now;
    }
  });
}

/** Lines that bring about each finding, alone, and those that end it. */
const STORIES: Record<string, [before: string[], after: string[]]> = {
  'no-mfa': [['user create alice --console'], ['login disable alice']],
  'both-modes': [['user create alice --console --access-key'], ['login delete alice --yes']],
  'old-key': [['user create alice --access-key'], ['ak disable alice KEY']],
  'unused-key': [['user create alice --access-key'], ['ak disable alice KEY']],
  'two-active-keys': [['user create alice --access-key', 'ak create alice'], ['ak disable alice KEY']],
  'admin-policy': [
    ['user create alice --policy AdministratorAccess'],
    ['policy detach AdministratorAccess --user alice'],
  ],
  'never-logged-on': [['user create alice --console'], ['login disable alice']],
};

async function run(lines: string[]): Promise<void> {
  for (const line of lines) {
    const [key] = (await world.state()).Users.get('alice')?.AccessKeys ?? [];
    expect(await world.ramctl(line.replace('KEY', key?.AccessKeyId ?? ''))).toMatchObject({ code: 0 });
  }
}

beforeEach(() => {
  world = new TestWorld();
});

describe('report', () => {
  it('has one row for each user, by name, with RAM’s columns', async () => {
    await world.ramctl('account settings set --max-password-age 90');
    await world.ramctl('user create bob');
    await world.ramctl('user create Alice --console --access-key');
    await world.ramctl('ak create alice');
    await bindDevice(world, 'alice');
    await everythingIsUsed();
    const [key] = (await world.state()).Users.get('alice')?.AccessKeys ?? [];
    await world.ramctl(`ak disable alice ${key?.AccessKeyId}`);
    const { AccountId } = (await world.state()).Account;
    const used = key?.LastUsedDate;
    expect(await rows()).toEqual([
      {
        user: `Alice@${AccountId}.onaliyun.com`,
        user_creation_time: '2026-01-01T00:00:03Z',
        user_last_logon: used,
        password_exist: true,
        password_active: true,
        password_last_changed: '2026-01-01T00:00:03Z',
        password_next_rotation: '2026-04-01T00:00:03Z',
        mfa_active: true,
        access_key_1_exist: true,
        access_key_1_active: false,
        access_key_1_last_rotated: '2026-01-01T00:00:03Z',
        access_key_1_last_used: used,
        access_key_2_exist: true,
        access_key_2_active: true,
        access_key_2_last_rotated: '2026-01-01T00:00:04Z',
        access_key_2_last_used: used,
        findings: ['both-modes'],
      },
      {
        user: `bob@${AccountId}.onaliyun.com`,
        user_creation_time: '2026-01-01T00:00:02Z',
        user_last_logon: null,
        password_exist: false,
        password_active: false,
        password_last_changed: null,
        password_next_rotation: null,
        mfa_active: false,
        access_key_1_exist: false,
        access_key_1_active: false,
        access_key_1_last_rotated: null,
        access_key_1_last_used: null,
        access_key_2_exist: false,
        access_key_2_active: false,
        access_key_2_last_rotated: null,
        access_key_2_last_used: null,
        findings: [],
      },
    ]);
    const [header, alice] = (await world.ramctl('report -o csv')).out.split('\n');
    expect(header).toMatch(
      /^user,user_creation_time,user_last_logon,password_exist,.*,access_key_2_last_used,findings$/,
    );
    expect(alice).toMatch(/^Alice@.*,both-modes$/);
    expect((await world.ramctl('report')).out).toMatch(/^Alice +yes +yes +1 +\S+ +both-modes$/m);
  });

  it('without users is an empty list', async () => {
    expect([await rows('--fail-on no-mfa'), (await world.ramctl('report')).out]).toEqual([[], 'no users\n']);
  });

  it.each(Object.entries(STORIES))(
    '--fail-on %s: exit 4 with the report on stdout, 0 when clean',
    async (finding, lines) => {
      const [before, after] = lines;
      const verdict = async () => {
        const { code, json, err } = await world.ramctl(`report --fail-on ${finding} -o json`);
        expect([json, err]).toEqual([await rows(), '']);
        return [code, (json as RowWithFindings[]).some(({ findings }) => findings.includes(finding as never))];
      };
      expect(await verdict()).toEqual([0, false]);
      await run(before);
      world.clock.step(91 * DAY);
      expect(await verdict()).toEqual([4, true]);
      await run(after);
      expect(await verdict()).toEqual([0, false]);
    },
  );

  it('finds nothing about those who do as RAM recommends', async () => {
    await world.ramctl('user create alice --console --policy ReadOnlyAccess');
    await bindDevice(world, 'alice');
    await world.ramctl('user create deployer --access-key');
    await everythingIsUsed();
    const flags = Object.keys(STORIES).map((name) => `--fail-on ${name}`);
    expect(await world.ramctl(`report ${flags.join(' ')}`)).toMatchObject({ code: 0, err: '' });
  });

  it('any of several findings is enough', async () => {
    await world.ramctl('user create bob --policy administratoraccess');
    expect((await world.ramctl('report --fail-on no-mfa --fail-on old-key')).code).toBe(0);
    expect((await world.ramctl('report --fail-on no-mfa --fail-on admin-policy --fail-on old-key')).code).toBe(4);
    expect((await world.ramctl('report')).code).toBe(0);
  });

  it.each([
    [89, '', false],
    [91, '', true],
    [91, '--max-key-age 120d', false],
    [31, '--max-key-age 30d', true],
    [31, '--max-key-age=60', false],
  ])('of a key made %i days ago says with "%s" that it is old: %s', async (age, flags, expected) => {
    await world.ramctl('user create alice --access-key');
    world.clock.step(age * DAY);
    await everythingIsUsed();
    const [row] = await rows(flags);
    expect(row?.findings).toEqual(expected ? ['old-key'] : []);
    world.clock.step(91 * DAY);
    expect((await rows())[0]?.findings).toEqual(['old-key', 'unused-key']);
  });

  it.each(['--fail-on nothing', '--fail-on', '--max-key-age x', '--max-key-age -1', '--max-key-age 1h', 'alice'])(
    '%s is a usage error',
    async (flags) => {
      await world.ramctl('user create alice --console');
      expect(await world.ramctl(`report ${flags} -o json`)).toMatchObject({
        code: 2,
        out: '',
        error: { Code: 'Usage' },
      });
    },
  );
});
