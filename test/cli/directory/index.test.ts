import { expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

it('directory path is a path that a shell can use', async () => {
  expect((await new TestWorld().ramctl('directory path')).out).toBe('/memory/directory.json\n');
});

it('directory check prints its whole verdict on stdout and says no by exit code 4', async () => {
  const world = new TestWorld();
  expect((await world.ramctl('directory check -o json')).json).toMatchObject({ Whole: true, Findings: [] });
  world.problems = [{ Code: 'Seal', Message: 'AccessKey of alice' }];
  const { code, json, err } = await world.ramctl('directory check -o json');
  expect([code, err]).toEqual([4, '']);
  expect(json).toMatchObject({ Whole: false, Findings: world.problems });
  expect(await world.ramctl('directory check')).toMatchObject({ code: 4, out: expect.stringContaining('of alice') });
});
