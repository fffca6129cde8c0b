import { beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('group create ops');
  await world.ramctl('group create dev');
  await world.ramctl('role create auditor');
  await world.ramctl('user create alice --console --access-key --group ops --group dev --policy ReadOnlyAccess');
});

it.each([
  ['user delete alice', '1 AccessKey, 2 group memberships, 1 policy attachment, and 1 console logon'],
  ['group delete ops', '1 group membership'],
  ['role delete auditor', '1 policy attachment'],
  ['policy delete Reader', '3 policy attachments'],
])('%s counts what must be removed first', async (line, items) => {
  const document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  await world.ramctl('policy create Reader --document document.json', { files: { 'document.json': document } });
  await world.ramctl('policy attach Reader --user alice --group dev --role auditor');
  if (line.startsWith('user')) await world.ramctl('policy detach Reader --user alice');
  const { error } = await world.ramctl(`${line} --yes -o json`);
  expect(error.Message).toBe(`${line.split(' ')[2]} cannot be deleted: ${items} must be removed first`);
});
