import { expect, it } from 'vitest';
import { World } from '../../support/world.ts';

it('directory path prints only the path, so that a shell can use it', async () => {
  expect((await new World().ramctl('directory path')).out).toBe('/memory/directory.json\n');
});

it('directory check prints all problems on stdout and exits with code 4', async () => {
  const world = new World();
  expect((await world.ramctl('directory check -o json')).json).toMatchObject({ Whole: true, Findings: [] });
  world.findings = [{ Code: 'Seal', Message: 'AccessKey of alice' }];
  const { code, json, err } = await world.ramctl('directory check -o json');
  expect([code, err]).toEqual([4, '']);
  expect(json).toMatchObject({ Whole: false, Findings: world.findings });
  expect(await world.ramctl('directory check')).toMatchObject({ code: 4, out: expect.stringContaining('of alice') });
});
