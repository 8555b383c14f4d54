import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_DELIVERIES } from '../shared/jobs/video-job.ts';
import { DEAD_LETTER_QUEUE } from '../workers/video/consume-jobs.ts';
import { describeSizes, findDatabaseId, gzippedUploadBytes, withDatabaseId } from './deploy-steps.ts';
import { configPath, DEPLOYABLES, QUEUE_NAMES, R2_BUCKET_NAME } from './deployables.ts';
import { readConfigs } from './worker-configs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'built-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('gzippedUploadBytes', () => {
  it('counts every module and nothing else', async () => {
    const module = Buffer.from('export default {};'.repeat(500));
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'index.js'), module);
    await writeFile(join(folder, 'deep/weights.onnx'), module);
    await writeFile(join(folder, 'index.js.map'), module);
    await writeFile(join(folder, 'README.md'), module);
    expect(await gzippedUploadBytes(folder)).toBe(2 * gzipSync(module).byteLength);
  });
});

describe('describeSizes', () => {
  it('says what is left, and what does not fit', () => {
    const text = describeSizes(
      [
        { name: 'api', gzippedBytes: 524_288 },
        { name: 'eye', gzippedBytes: 10_485_761 },
      ],
      10_485_760,
    );
    expect(text).toContain('api           0.50 MB of 10.00 MB gzipped (5 %)');
    expect(text.split('\n')[1]).toContain('TOO LARGE');
  });
});

describe('the database of the account', () => {
  const listing = '[{"uuid":"u-1","name":"other","num_tables":1},{"uuid":"u-2","name":"edge-liveness"}]\n';

  it('is found by its name', () => {
    expect(findDatabaseId(listing, 'edge-liveness')).toBe('u-2');
    expect(findDatabaseId('[]', 'edge-liveness')).toBeNull();
  });

  it('goes into the configuration', () => {
    expect(withDatabaseId('x\ndatabase_name = "db"\ny', 'db', 'u-2')).toBe(
      'x\ndatabase_name = "db"\ndatabase_id = "u-2"\ny',
    );
    expect(() => withDatabaseId('x', 'db', 'u-2')).toThrow('has no database_name');
  });
});

describe('what the account must have', () => {
  it('is made under the names that the configurations use, the dead-letter queue before the one that names it', async () => {
    const { composed } = await readConfigs();
    expect(composed.r2_buckets.map(({ bucket_name }) => bucket_name)).toEqual([R2_BUCKET_NAME]);
    expect(composed.queues.consumers.map(({ queue }) => queue).sort()).toEqual([...QUEUE_NAMES].sort());
    const withDeadLetters = composed.queues.consumers.filter(({ dead_letter_queue: dead }) => dead !== 'none');
    expect(QUEUE_NAMES).toEqual(withDeadLetters.flatMap(({ dead_letter_queue: dead, queue }) => [dead, queue]));
    expect(composed.queues.producers.map(({ queue }) => queue)).toEqual(withDeadLetters.map(({ queue }) => queue));
  });

  it('delivers a job as often as people are told', async () => {
    const { composed } = await readConfigs();
    expect(composed.queues.consumers[0]?.max_retries).toBe(MOST_DELIVERIES - 1);
    expect(composed.queues.consumers[1]?.queue).toBe(DEAD_LETTER_QUEUE);
  });
});

describe('the order of deployment', () => {
  it('has every Worker, each after those that it binds', async () => {
    const { deployed } = await readConfigs();
    expect([...deployed.keys()].sort()).toEqual(DEPLOYABLES.map(configPath).sort());
    const uploaded = new Set<string>();
    for (const worker of DEPLOYABLES) {
      const config = deployed.get(configPath(worker));
      for (const { service } of config?.services ?? []) expect(uploaded).toContain(service);
      uploaded.add(config?.name ?? '');
    }
  });
});
