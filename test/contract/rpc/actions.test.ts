import { expect, it } from 'vitest';
import { ACTIONS } from '../../../src/rpc/actions.ts';
import { CLIENTS } from '../../support/sdk-clients.ts';
import { ACTION_CASES } from './cases/index.ts';
import { describeActions } from './describe-actions.ts';

it('has a case for every action', () => {
  const names = Object.keys(ACTIONS).map((method) => `${method.charAt(0).toUpperCase()}${method.slice(1)}`);
  expect(ACTION_CASES.map(([action]) => action).sort()).toEqual(names.sort());
});

describeActions(ACTION_CASES, CLIENTS);
