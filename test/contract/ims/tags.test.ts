import { expect, it } from 'vitest';
import { directory } from '../../support/sample-directory.ts';
import { IMS_CLIENTS, responseOrError } from '../../support/sdk-clients.ts';
import { describeClient } from '../rpc/describe-clients.ts';

for (const [name, connect] of IMS_CLIENTS)
  describeClient(name, connect, ({ call }) => {
    it('lists only the users with all tags of the filter', async () => {
      const list = (...Tag: Record<string, string>[]) => call('ListUsers', { Tag });
      const users = await list({ Key: 'team', Value: 'iot' }, { Key: 'stage' });
      expect(users).toMatchObject({ Users: { User: [{ DisplayName: 'Alice A.' }] } });
      expect(await list({ Key: 'team', Value: 'web' })).toMatchObject({ Users: { User: [] } });
      const basicInfos = await call('ListUserBasicInfos', { Tag: [{ Key: 'team', Value: 'web' }] });
      expect(basicInfos).toMatchObject({ UserBasicInfos: { UserBasicInfo: [] } });
    });

    it('lists the active users when the status is active or freeze', async () => {
      for (const action of ['ListUsers', 'ListUserBasicInfos']) {
        expect(await call(action, { Status: 'active,freeze' })).toEqual(await call(action));
      }
    });

    it('tags users that the request names by their ids', async () => {
      const { UserId } = await directory.getUser({ UserName: 'bob' });
      const bob = { ResourceType: 'user', ResourceId: [UserId] };
      expect(await call('TagResources', { ...bob, Tag: [{ Key: 'team', Value: 'web' }] })).toEqual({});
      const tags = { TagResource: [{ ResourceId: UserId, ResourceType: 'user', TagKey: 'team', TagValue: 'web' }] };
      expect(await call('ListTagResources', bob)).toEqual({ TagResources: tags, IsTruncated: false });
      expect(await call('UntagResources', { ...bob, All: true })).toEqual({});
      expect(await call('ListTagResources', bob)).toMatchObject({ TagResources: { TagResource: [] } });
      const unknown = call('ListTagResources', { ...bob, ResourceId: ['2'.repeat(18)] });
      expect(await responseOrError(unknown)).toBe('404 EntityNotExist.User');
    });
  });
