import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { type ApiOptions, createApi } from '../../src/remote/create-api.ts';
import { failure } from '../support/failures.ts';
import {
  type Answer,
  drop,
  error,
  html,
  json,
  neverAnswer,
  ok,
  shorten,
  stall,
  startScriptedServer,
  truncate,
} from '../support/scripted-server.ts';
import { SleepClock, testApiOptions } from '../support/test-api.ts';

const accessKey = { AccessKeyId: 'LTAIexample', AccessKeySecret: 'the-secret' };

async function open(answers: [Answer, ...Answer[]], options: Partial<ApiOptions> = {}) {
  const server = await startScriptedServer(...answers);
  const clock = new SleepClock();
  const api = await createApi({ ...testApiOptions(server.url, clock), accessKey, ...options });
  return { api, server, clock };
}

const limits = { attemptMs: 100 };

/** Failures that may pass, and whether the action may have been done. */
const PASSING: [name: string, answer: Answer, mayBeDone: boolean][] = [
  ['throttled', error(400, 'Throttling.User'), false],
  ['status 429', error(429, 'TooManyRequests'), false],
  ['not available', error(503, 'ServiceUnavailable'), true],
  ['internal error', error(500, 'InternalError'), true],
  ['dropped connection', drop, true],
  ['truncated answer', truncate, true],
  ['shortened answer', shorten, true],
  ['empty answer', (response) => response.end(), true],
  ['no answer', neverAnswer, true],
  ['half an answer', stall, true],
  ['page of a proxy', html, true],
];

describe.each(PASSING)('%s', (_, answer, mayBeDone) => {
  it('is repeated when it reads', async () => {
    const { api, server } = await open([answer, answer, ok({ Users: 2 })], { limits });
    expect(await api.call('RAM', 'ListUsers')).toMatchObject({ Users: 2 });
    expect(server.actions).toEqual(['ListUsers', 'ListUsers', 'ListUsers']);
  });

  it(`is ${mayBeDone ? 'looked up' : 'repeated'} when it creates`, async () => {
    const { api, server } = await open([answer, ok({ User: 'created again' })], { limits });
    let lookups = 0;
    const find = async () => {
      lookups += 1;
      return 'found';
    };
    const created = await api.callOnce('RAM', 'CreateUser', {}, ({ User }) => User, find);
    expect([created, lookups, server.actions.length]).toEqual(mayBeDone ? ['found', 1, 1] : ['created again', 0, 2]);
  });

  it('ends with exit code 5 when it lasts', async () => {
    const { api, clock } = await open([answer], { limits });
    const thrown: Failure = await api.call('RAM', 'UpdateUser').catch((reason) => reason);
    expect(thrown.kind).toBe('later');
    expect(thrown.message.includes('it is not known whether the change was made')).toBe(mayBeDone);
    expect(clock.delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(40_000);
  });
});

it('ends with exit code 5 when the repetition is refused, because the first attempt may have been processed late', async () => {
  const { api } = await open([drop, error(409, 'LimitExceeded.User.AccessKey')]);
  const thrown: Failure = await api
    .callOnce(
      'RAM',
      'CreateAccessKey',
      {},
      ({ AccessKey }) => AccessKey,
      async () => undefined,
    )
    .catch((reason) => reason);
  expect([thrown.kind, thrown.code]).toEqual(['later', 'LimitExceeded.User.AccessKey']);
  expect(thrown.message).toContain('it is not known whether the change was made');
});

it('ends with exit code 5 when the repetition is refused and the lookup fails', async () => {
  const { api } = await open([drop, error(409, 'EntityAlreadyExists.User')]);
  let lookups = 0;
  const find = async () => {
    lookups += 1;
    if (lookups > 1) throw new Error('no answer');
    return undefined;
  };
  const thrown: Failure = await api
    .callOnce('RAM', 'CreateUser', {}, ({ User }) => User, find)
    .catch((reason) => reason);
  expect([thrown.kind, thrown.code]).toEqual(['later', 'EntityAlreadyExists.User']);
});

it('repeats a creation that was not made', async () => {
  const { api, server } = await open([drop, ok({ User: 'new' })]);
  const find = async () => undefined;
  expect(await api.callOnce('RAM', 'CreateUser', {}, ({ User }) => User, find)).toBe('new');
  expect(server.actions).toEqual(['CreateUser', 'CreateUser']);
});

it('finds a creation that was made after it was looked up', async () => {
  const { api } = await open([drop, error(409, 'EntityAlreadyExists.User')]);
  const results = [undefined, 'late'];
  const find = async () => results.shift();
  expect(await api.callOnce<unknown>('RAM', 'CreateUser', {}, ({ User }) => User, find)).toBe('late');
});

it('returns the error of a creation that another caller made', async () => {
  const { api } = await open([error(409, 'EntityAlreadyExists.User')]);
  const find = () => Promise.reject(new Error('was looked up'));
  const thrown = api.callOnce('RAM', 'CreateUser', {}, ({ User }) => User, find);
  await expect(thrown).rejects.toEqual(failure('refused', 'EntityAlreadyExists.User'));
});

it('says that a change may have been made when its lookup fails', async () => {
  const { api } = await open([drop]);
  const find = () => Promise.reject(new Error('the lookup failed'));
  const thrown: Failure = await api.callOnce('RAM', 'CreateUser', {}, () => 1, find).catch((reason) => reason);
  expect([thrown.kind, thrown.message]).toEqual([
    'later',
    expect.stringMatching(/sent no complete response to CreateUser.*it is not known whether the change was made$/),
  ]);
});

it('waits longer each time, at random', async () => {
  const half = { bytes: (count: number) => new Uint8Array(count).fill(128) };
  const { api, clock } = await open([error(400, 'Throttling.User')], { random: half });
  await api.call('RAM', 'ListUsers').catch(() => {});
  const rounded = clock.delays.map((delay) => Math.round(delay / 10) * 10);
  expect(rounded.slice(0, 6)).toEqual([200, 400, 800, 1610, 2510, 2510]);
});

it.each<[name: string, url: string]>([
  ['a port where nothing listens', 'http://127.0.0.1:1'],
  ['an unknown host', 'https://nowhere.invalid'],
])('gives up soon for %s', async (_, url) => {
  const clock = new SleepClock();
  const api = await createApi({ ...testApiOptions(url, clock), accessKey });
  await expect(api.call('RAM', 'UpdateUser')).rejects.toEqual(failure('later', 'ConnectionFailed'));
  expect(clock.delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(3000);
});

it.each<[name: string, answer: Answer]>([
  ['null', json(200, null)],
  ['a text', json(200, 'hello')],
  ['an object of another server', json(200, {})],
  ['an error without a code', json(502, { error: 'bad gateway' })],
  ['an error that is null', json(500, null)],
])('explains an answer that is %s', async (_, answer) => {
  const { api } = await open([answer]);
  await expect(api.call('RAM', 'ListUsers')).rejects.toEqual(failure('later', 'UnexpectedAnswer'));
});

describe('list', () => {
  it('returns the items of all pages', async () => {
    const page = (Users: number[], rest: object) => ok({ Users, ...rest });
    const { api, server } = await open([
      page([1], { IsTruncated: true, Marker: 'm1' }),
      page([2], { IsTruncated: 'true', NextToken: 'm2' }),
      page([3], { IsTruncated: false, Marker: 'm3' }),
    ]);
    expect(await api.list('RAM', 'ListUsers', { MaxItems: 1 }, ({ Users }) => Users)).toEqual([1, 2, 3]);
    expect(server.texts.map((text) => text.split('\n')[1])).toEqual([
      'MaxItems=1',
      'MaxItems=1&Marker=m1',
      'MaxItems=1&NextToken=m2',
    ]);
  });

  it('ends when a page repeats itself', async () => {
    const { api } = await open([ok({ Users: [1], IsTruncated: true, Marker: 'm1' })]);
    const pages = api.list('RAM', 'ListUsers', {}, ({ Users }) => Users);
    await expect(pages).rejects.toEqual(failure('later', 'UnexpectedAnswer'));
  });
});
