import type { RgbaPicture } from '../picture/rgba-picture.ts';
import type { Box } from './box.ts';
import type { Networks } from './networks.ts';
import { resample } from './resample.ts';

const SIDE = 128;
/** One frame must not outweigh all others: beyond this the network is sure, and how sure says nothing. */
export const LARGEST_MARGIN = 8;

/** Log-odds for a live face, by each of the two texture networks. */
export interface NetworkMargins {
  liveness: number;
  recapture: number;
}

/** What the texture networks see in `region`, which may reach beyond `bounds`. */
export async function marginsOfView(
  picture: RgbaPicture,
  region: Box,
  bounds: Box,
  networks: Pick<Networks, 'judgeTexture'>,
): Promise<NetworkMargins> {
  const { data } = resample(picture, region, bounds, { width: SIDE, height: SIDE }, true);
  const plane = SIDE * SIDE;
  const planes = new Float32Array(3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    planes[pixel] = data[pixel * 3 + 2] ?? 0;
    planes[plane + pixel] = data[pixel * 3 + 1] ?? 0;
    planes[2 * plane + pixel] = data[pixel * 3] ?? 0;
  }
  const { liveness, recapture } = await networks.judgeTexture(planes);
  const [live = 0, ...others] = liveness;
  return { liveness: held(live - logSumExp(others)), recapture: held(recapture) };
}

function held(margin: number): number {
  return Math.min(Math.max(margin, -LARGEST_MARGIN), LARGEST_MARGIN);
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
