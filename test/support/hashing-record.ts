import type { Home } from './process.ts';

/** The password hashing of a process and its peak memory. */
export interface HashingRecord {
  /** The number of passwords that were hashed. */
  hashed: number;
  /** The hashes that passwords were compared with. */
  verified: string[];
  megabytes: number;
}

/** Code for the `before` option: the process writes a HashingRecord to a file of the home when it ends. */
export function recordHashing(home: Home, name = 'hashing.json'): string {
  const path = JSON.stringify(`${home.folder}/${name}`);
  return `import { writeFileSync } from 'node:fs';
    const record = { hashed: 0, verified: [] };
    const dlopen = process.dlopen;
    process.dlopen = (module, ...rest) => {
      dlopen.call(process, module, ...rest);
      for (const [name, hashing] of Object.entries(module.exports)) {
        if (!/^(hash|verify)/.test(name)) continue;
        module.exports[name] = (...args) => {
          if (name.startsWith('hash')) record.hashed += 1;
          else record.verified.push(String(args[0]));
          return hashing(...args);
        };
      }
    };
    process.on('exit', () => {
      const megabytes = process.resourceUsage().maxRSS / 1024;
      writeFileSync(${path}, JSON.stringify({ ...record, megabytes }));
    });`;
}

export function readHashingRecord(home: Home, name = 'hashing.json'): HashingRecord {
  return JSON.parse(home.read(name));
}
