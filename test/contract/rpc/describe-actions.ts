import { describe, expect, it } from 'vitest';
import { resetDirectory } from '../../support/sample-directory.ts';
import { type Connect, responseOrError } from '../../support/sdk-clients.ts';
import type { Case } from './cases/case.ts';
import { describeClient, describeEachClient } from './describe-clients.ts';

/** RAM's error catalogue: the status by the start of the code. */
const STATUSES: [prefix: string, status: number][] = [
  ['InvalidParameter.', 400],
  ['MalformedPolicyDocument', 400],
  ['NoPermission', 403],
  ['CheckAuthenticationCodeFail', 403],
  ['EntityNotExist.', 404],
  ['EntityAlreadyExists.', 409],
  ['DeleteConflict.', 409],
  ['LimitExceeded.', 409],
];

const statusAndCode = (code: string) => `${STATUSES.find(([prefix]) => code.startsWith(prefix))?.[1]} ${code}`;

/** Declares tests of each action with each client. The clients differ only in how they send the same parameters. */
export function describeActions(
  cases: readonly (readonly [action: string, actionCase: Case])[],
  clients: [name: string, connect: Connect][],
): void {
  describeEachClient(({ call }) => {
    it.each(cases)('%s returns the response of RAM', async (action, { required, optional, response = {}, effect }) => {
      expect(await call(action, { ...required, ...optional })).toEqual(response);
      if (effect) expect(await responseOrError(call(effect[0], effect[1]))).toEqual(effect[2]);
    });
  }, clients);

  // The other clients send the same parameters. The other test files show that they receive errors.
  for (const [name, connect] of clients.slice(0, 1))
    describeClient(name, connect, ({ call }) => {
      describe.each(cases)('%s', (action, { required = {}, optional = {}, errors = {} }) => {
        const parameters = { ...required, ...optional };

        it('requires exactly the mandatory parameters', async () => {
          for (const missing of Object.keys(required)) {
            const { [missing]: _, ...rest } = parameters;
            expect(await responseOrError(call(action, rest))).toBe(`400 Missing${missing}`);
          }
          expect(String(await responseOrError(call(action, required)))).not.toMatch(/^400 /);
        });

        it('returns the error codes of RAM', async () => {
          const outcomes: Record<string, unknown> = {};
          for (const [code, cause] of Object.entries(errors)) {
            const isStateChange = typeof cause === 'function';
            resetDirectory(isStateChange ? cause : undefined);
            outcomes[code] = await responseOrError(
              call(action, isStateChange ? parameters : { ...parameters, ...cause }),
            );
          }
          expect(outcomes).toEqual(Object.fromEntries(Object.keys(errors).map((code) => [code, statusAndCode(code)])));
        });
      });
    });
}
