// Node opens the null device in place of a standard stream that is closed. A secret must not be lost there.
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';
import { listFiles } from '../support/rotation.ts';

const sampleHome = new Home();
/** A home with a directory without users. */
const emptyHome = new Home();
beforeAll(async () => {
  await emptyHome.json('init');
  await sampleHome.json('user', 'create', 'alice', '--console', '--access-key');
  sampleHome.write('users.csv', 'UserName,Console\nbob,yes\ncarol,\n');
});

/** The names and contents of all files. */
const readFiles = (home: Home) => listFiles(home).map((name) => [name, home.read(name)]);
const readUsers = (home: Home) => home.json('user', 'list', '--query', '[].UserName');

describe.concurrent('with a closed stdout', () => {
  it.each([
    'user create bob --console >&-',
    'user create bob --access-key <&- >&- 2>err',
    'user import users.csv >&-',
    'ak create alice >&-',
    'ak rotate alice --check "touch checked" >&-',
    'login set alice --generate-password >&-',
    'mfa enable alice --no-bind >&-',
    'serve --port 0 --bootstrap >&-',
  ])('a command that shows a secret makes nothing and ends with exit code 5: %s', async (line) => {
    const home = line.startsWith('serve') ? emptyHome.copy() : sampleHome.copy();
    const before = readFiles(home);
    const failed = await home.sh(
      `RAMCTL_OUTPUT=json ramctl ${line}; code=$?; cat err >&2 2>/dev/null; rm -f err; exit $code`,
    );
    expect([failed.code, failed.out, parseError(failed)]).toEqual([
      5,
      '',
      {
        Code: 'DeliveryFailed',
        Message: expect.any(String),
        Field: '--secret-to',
        Hint: expect.stringContaining('--secret-to file:'),
      },
    ]);
    expect(readFiles(home)).toEqual(before);
  });
});

describe.concurrent('with closed streams', () => {
  it.each([
    'ramctl user create bob >&-',
    'ramctl user create bob >&- 2>&-',
    'ramctl user create bob <&- >&- 2>&-',
    'ramctl user create bob --console --secret-to file:bob.json >&-',
    'ramctl user create bob --console >/dev/null',
    'ramctl user create bob --console --dry-run >&- && ramctl user create bob <&- >/dev/null',
  ])('a command that shows no secret does its work: %s', async (script) => {
    const home = sampleHome.copy();
    expect(await home.sh(script, { limit: 30_000 })).toMatchObject({
      code: 0,
      out: '',
      err: expect.not.stringContaining('error'),
    });
    expect(await readUsers(home)).toEqual(['alice', 'bob']);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  });

  it.each([
    ['ramctl user list >&-', 0],
    ['ramctl --help >&-', 0],
    ['ramctl report --fail-on no-mfa >&-', 4],
    ['ramctl user get unknown 2>&-', 3],
    ['ramctl user create bob --console >&- 2>&-', 5],
    ['ramctl user create --no-input <&- 2>&-', 2],
    ['ramctl user create bob --console --password-stdin <&- 2>&-', 1],
  ])('the exit code is right and the files stay as they are: %s', async (script, code) => {
    const home = sampleHome.copy();
    const before = readFiles(home);
    expect(await home.sh(script, { limit: 30_000 })).toMatchObject({ code, out: '' });
    expect(readFiles(home)).toEqual(before);
  });
});
