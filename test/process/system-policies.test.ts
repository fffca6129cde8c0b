import { expect, it } from 'vitest';
import { Home } from '../support/process.ts';

const NAME = 'AliyunNewServiceFullAccess';
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"new:*","Resource":"*"}]}';
const response = {
  Policy: { PolicyName: NAME, PolicyType: 'System', DefaultVersion: 'v2', Description: '' },
  DefaultPolicyVersion: { VersionId: 'v2', PolicyDocument },
};

it('imported system policies are part of the directory and of its backups', async () => {
  const home = new Home();
  // Windows PowerShell writes UTF-16 with a byte order mark.
  home.write('exported.json', Buffer.from(`\ufeff${JSON.stringify(response, null, '\t')}`, 'utf16le'));
  await home.json('user', 'create', 'alice');
  await home.json('policy', 'system', 'import', 'exported.json');
  await home.json('policy', 'attach', NAME, '--user', 'alice');
  const expected = { PolicyName: NAME, DocumentSource: 'imported', PolicyDocument, Users: [{ UserName: 'alice' }] };
  expect(await home.json('policy', 'get', NAME)).toMatchObject(expected);
  await home.json('directory', 'backup', 'backup.json');
  await home.json('policy', 'detach', NAME, '--user', 'alice');
  await home.json('directory', 'restore', 'backup.json', '--yes');
  expect(await home.json('policy', 'get', NAME)).toMatchObject(expected);
  expect((await home.run(['directory', 'check'])).code).toBe(0);
});
