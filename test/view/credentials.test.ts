import { expect, it } from 'vitest';
import { credentialsEnv } from '../../src/view/credentials.ts';
import { credentialsCsv } from '../../src/view/csv.ts';

const UserPrincipalName = 'alice@acme.onaliyun.com';

it('A CSV file of credentials has all columns and protects spreadsheets from formulas', () => {
  const formulas = { UserPrincipalName: '-x@acme.onaliyun.com', Password: '=1+1', AccessKeyId: '@x' };
  expect(credentialsCsv([{ UserPrincipalName, Password: 'a@!%^*_Zz9' }, formulas])).toBe(
    'UserPrincipalName,Password,LogonUrl,AccessKeyId,AccessKeySecret\n' +
      "alice@acme.onaliyun.com,a@!%^*_Zz9,,,\n'-x@acme.onaliyun.com,'=1+1,,'@x,\n",
  );
});

it('Variables without a value are left out', () => {
  expect(credentialsEnv({ UserPrincipalName, Password: 'x' })).toBe('RAMCTL_PASSWORD=x\n');
});
