import { Failure } from '../../src/core/failure.ts';
import type { Api, Parameters, Product } from '../../src/remote/api.ts';
import type { Problem } from '../../src/remote/errors.ts';
import { repeat } from '../../src/remote/retry.ts';
import { SleepClock } from './test-api.ts';

/**
 * What happens to the first call of an action. `answer`: the call is done, and its answer is lost. `request`: the call does not
 * arrive. `late`: the call is done when the next attempt starts, after any lookup.
 */
export type Loss = 'answer' | 'request' | 'late';

/** Returns an API that loses the first call of `action`. */
export function lossyApi(real: Api, action: string, loss: Loss): Api {
  let calls = 0;
  const attempt = async (product: Product, name: string, parameters: Parameters = {}) => {
    if (name !== action) return real.call(product, name, parameters);
    calls += 1;
    const isDone = (calls === 1 && loss === 'answer') || (calls === 2 && loss === 'late');
    if (isDone) await real.call(product, name, parameters).catch(() => {});
    if (calls === 1) throw new AnswerLost();
    return real.call(product, name, parameters);
  };
  const clock = new SleepClock();
  const options = {
    clock,
    random: { bytes: (count: number) => new Uint8Array(count) },
    sleep: (milliseconds: number) => clock.sleep(milliseconds),
    limits: { patientMs: 10_000, briefMs: 10_000 },
  };
  const api: Api = {
    call: (product, name, parameters) => repeat(() => attempt(product, name, parameters), explain, options),
    callOnce: (product, name, parameters, read, find) =>
      repeat(async () => read(await attempt(product, name, parameters)), explain, options, find),
    list: (...input) => real.list(...input),
    as: () => api,
  };
  return api;
}

class AnswerLost extends Error {}

async function explain(error: unknown): Promise<Problem> {
  if (error instanceof Failure) return { failure: error, repeat: 'never', mayBeDone: false };
  if (!(error instanceof AnswerLost)) throw error;
  return { failure: new Failure('later', 'AnswerLost', 'lost'), repeat: 'patiently', mayBeDone: true };
}
