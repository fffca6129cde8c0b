import { expect, it } from 'vitest';
import { signV3 } from '../support/signer.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

it('a change has the caller and the action in the history, and a read, a refusal or a use of a key has no entry', async () => {
  const endpoint = await TestEndpoint.open();
  const before = (await endpoint.world.history.list({})).length;
  await endpoint.callAsAdmin('CreateUser', { UserName: 'alice' });
  await endpoint.callAsAdmin('GetUser', { UserName: 'alice' });
  const asBob = endpoint.unsignedRequest('DeleteUser', { UserName: 'alice' });
  expect((await endpoint.send(signV3(asBob, endpoint.bob))).status).toBe(403);
  await endpoint.callAsAdmin('CreateLoginProfile', { UserName: 'admin', Password: 'Correct-Horse-9' });
  const change = { OldPassword: 'Correct-Horse-9', NewPassword: 'Another-Horse-9' };
  expect((await endpoint.callAsAdmin('ChangePassword', change)).status).toBe(200);
  await endpoint.close();
  const entries = (await endpoint.world.history.list({})).reverse().slice(before);
  expect(entries.map(({ Actor, Command, Summary }) => [Actor, Command, Summary])).toEqual([
    ['admin', 'CreateUser', 'created user alice'],
    ['admin', 'CreateLoginProfile', 'created a console logon for admin'],
    ['admin', 'ChangePassword', 'changed the password of admin'],
  ]);
});
