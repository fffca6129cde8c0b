import { expect, it } from 'vitest';
import { World } from '../../support/world.ts';

it('user edit changes what is named, clears what is empty, and says what the logon name became', async () => {
  const world = new World();
  await world.ramctl('user create alice --console --access-key --comments ops --email alice@example.com');
  const { AccessKeys } = (await world.ramctl('user get alice -o json')).json;
  const edited = await world.ramctl('user edit ALICE --name alice.li --comments "" --display-name "Alice Li" -o json');
  expect(edited.json).toMatchObject({
    UserName: 'alice.li',
    DisplayName: 'Alice Li',
    Comments: null,
    Email: 'alice@example.com',
    AccessKeys,
    LoginProfile: { Status: 'Active' },
  });
  expect(edited.err).toContain('alice.li@');
  expect((await world.ramctl('user get alice')).code).toBe(3);
  expect((await world.ramctl('user edit alice.li -o json')).error.Code).toBe('Usage');
  expect((await world.ramctl('user edit --comments x -o json')).error.Code).toBe('Usage');
  expect((await world.ramctl('user edit bob --comments x -o json')).error.Code).toBe('EntityNotExist.User');
});
