import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../src/rpc/actions.ts';
import { resetDirectory } from '../../support/sample-directory.ts';
import { responseOrError } from '../../support/sdk-clients.ts';
import { ACTION_CASES } from './cases/index.ts';
import { throughEach } from './through.ts';

/** RAM's error catalogue: the status by the family of the code. */
const STATUSES: [family: string, status: number][] = [
  ['InvalidParameter.', 400],
  ['MalformedPolicyDocument', 400],
  ['NoPermission', 403],
  ['CheckAuthenticationCodeFail', 403],
  ['EntityNotExist.', 404],
  ['EntityAlreadyExists.', 409],
  ['DeleteConflict.', 409],
  ['LimitExceeded.', 409],
];

const told = (code: string) => `${STATUSES.find(([family]) => code.startsWith(family))?.[1]} ${code}`;

it('there is a case for every action', () => {
  const names = Object.keys(ACTIONS).map((method) => `${method.charAt(0).toUpperCase()}${method.slice(1)}`);
  expect(ACTION_CASES.map(([action]) => action).sort()).toEqual(names.sort());
});

throughEach(({ call }) => {
  describe.each(ACTION_CASES)('%s', (action, { needs = {}, may = {}, answers = {}, leaves, refuses = {} }) => {
    const whole = { ...needs, ...may };

    it('answers as RAM does', async () => {
      expect(await call(action, whole)).toEqual(answers);
      if (leaves) expect(await responseOrError(call(leaves[0], leaves[1]))).toEqual(leaves[2]);
    });

    it('needs what it needs and nothing else', async () => {
      for (const missing of Object.keys(needs)) {
        const { [missing]: _, ...rest } = whole;
        expect(await responseOrError(call(action, rest))).toBe(`400 Missing${missing}`);
      }
      expect(String(await responseOrError(call(action, needs)))).not.toMatch(/^400 /);
    });

    it('refuses with the codes that RAM has for it', async () => {
      const outcomes: Record<string, unknown> = {};
      for (const [code, spoilt] of Object.entries(refuses)) {
        const isAcme = typeof spoilt === 'function';
        resetDirectory(isAcme ? spoilt : undefined);
        outcomes[code] = await responseOrError(call(action, isAcme ? whole : { ...whole, ...spoilt }));
      }
      expect(outcomes).toEqual(Object.fromEntries(Object.keys(refuses).map((code) => [code, told(code)])));
    });
  });
});
