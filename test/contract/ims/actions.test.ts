import { expect, it } from 'vitest';
import { IMS_ACTIONS } from '../../../src/rpc/ims-actions.ts';
import { IMS_CLIENTS, responseOrError } from '../../support/sdk-clients.ts';
import type { Case } from '../rpc/cases/case.ts';
import { describeActions } from '../rpc/describe-actions.ts';
import { describeClient } from '../rpc/describe-clients.ts';
import { describePermissions } from '../rpc/describe-permissions.ts';
import { ABSENT_ENTITIES, ACCOUNT } from './cases/account.ts';
import { CREDENTIALS } from './cases/credentials.ts';
import { GROUPS } from './cases/groups.ts';
import { TAGS } from './cases/tags.ts';
import { USERS } from './cases/users.ts';

const CASES = Object.entries<Case>({ ...USERS, ...CREDENTIALS, ...GROUPS, ...TAGS, ...ACCOUNT });

it('has a case for every action', () => {
  const names = Object.keys(IMS_ACTIONS).map((method) => `${method.charAt(0).toUpperCase()}${method.slice(1)}`);
  const tested = [...CASES.map(([action]) => action), ...ABSENT_ENTITIES.map(([action]) => action)];
  expect([...new Set(tested)].sort()).toEqual(names.sort());
});

describeActions(CASES, IMS_CLIENTS);

const [client] = IMS_CLIENTS;
if (client) describePermissions(CASES, client);

for (const [name, connect] of IMS_CLIENTS.slice(-1))
  describeClient(name, connect, ({ call }) => {
    it.each(ABSENT_ENTITIES)('%s fails, because ramctl has no such entities', async (action, parameters, outcome) => {
      expect(await responseOrError(call(action, parameters))).toBe(outcome);
    });
  });
