import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../core/random.ts';

export const systemRandom: RandomSource = { bytes: (size) => randomBytes(size) };
