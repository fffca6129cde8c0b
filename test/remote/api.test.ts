import { expect, it } from 'vitest';
import { connectApi } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

it('calls actions of each API', async () => {
  const api = await connectApi(await TestEndpoint.open());
  const { User } = await api.call('RAM', 'CreateUser', {
    UserName: 'alice',
    DisplayName: undefined,
    Comments: 'Ä & b=c',
  });
  expect(User).toMatchObject({ UserName: 'alice', Comments: 'Ä & b=c' });
  expect(await api.call('IMS', 'GetUser', { UserId: User.UserId })).toMatchObject({ User: { DisplayName: '' } });
  expect(await api.call('STS', 'GetCallerIdentity')).toMatchObject({ IdentityType: 'RAMUser' });
});
