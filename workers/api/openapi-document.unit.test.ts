import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { createOpenApiDocument } from './operation/openapi-document.ts';
import { OPERATIONS } from './operations.ts';

describe('the OpenAPI document', () => {
  it('is valid by the schema of the OpenAPI Initiative', async () => {
    const validator = new Validator();
    const document = JSON.parse(JSON.stringify(createOpenApiDocument(OPERATIONS)));
    const { valid, errors } = await validator.validate(document);
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  it('would not pass with a fault in it', async () => {
    const document = JSON.parse(JSON.stringify(createOpenApiDocument(OPERATIONS)));
    document.paths['/health'].get.responses = [];
    expect((await new Validator().validate(document)).valid).toBe(false);
  });
});
