import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspect } from '../../src/core/check.ts';
import { openVault, World } from '../support/world.ts';

const LINES = [
  ['user create USER --policy POLICY', 'user create USER --access-key', 'user create USER --console --mfa required'],
  ['user create USER --access-key --if-not-exists', 'user create USER --access-key --dry-run'],
  ['user edit USER --name OTHER', 'user edit USER --comments TEXT', 'user edit USER --display-name TEXT'],
  ['user delete USER', 'user delete USER OTHER --cascade', 'user delete USER --cascade --dry-run'],
  ['ak create USER', 'ak create USER --secret-to file:s.env', 'ak create USER --query AccessKeyId'],
  ['ak enable USER KEY', 'ak disable USER KEY', 'ak delete USER KEY', 'ak delete USER KEY --force'],
  ['login set USER --mfa required', 'login enable USER', 'login disable USER', 'login delete USER'],
  ['policy attach POLICY ReadOnlyAccess --user USER', 'policy detach POLICY --user USER --user OTHER'],
].flat();

const user = fc.constantFrom('alice', 'ALICE', 'bob', '__proto__');
const command = fc.record({
  line: fc.constantFrom(...LINES),
  USER: user,
  OTHER: user,
  POLICY: fc.constantFrom('ReadOnlyAccess', 'administratoraccess', 'Nope'),
  TEXT: fc.constantFrom('ops', '=1+1', 'a\u202eb', '😀', '-y'),
  brokenOutput: fc.constantFrom('', '', '', 'EPIPE', 'ENOSPC'),
});

it('any commands in any order leave a directory that the check accepts, and failing ones leave it alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 15 }), async (commands) => {
      const world = new World();
      for (const { line, brokenOutput, ...values } of commands) {
        const before = await world.state();
        const [key] = Array.from(before.Users.values()).flatMap(({ AccessKeys }) => AccessKeys);
        const filled: Record<string, string> = { ...values, KEY: key?.AccessKeyId ?? 'LTAIx' };
        const words = line.split(' ').map((word) => filled[word] ?? word);
        const { code, out } = await world.ramctl([...words, '--yes'], { brokenOutput });
        expect([0, 1, 2, 3, 5]).toContain(code);
        if (code !== 0) expect(out).toBe('');
        if (code !== 0 && code !== 5) expect(await world.state()).toEqual(before);
      }
      expect(inspect(await world.state(), openVault())).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
