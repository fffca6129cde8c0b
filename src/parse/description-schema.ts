import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import schema from '../../schema/directory.schema.json' with { type: 'json' };

// `verbose` adds the part of the schema to each error, from which the message is built.
const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema);

/** Returns where a value is no description. This module is a separate file of the build, because few commands need it. */
export function findSchemaErrors(value: unknown): ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
