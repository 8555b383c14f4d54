/** One turn of the hand; the film is played over and over, so each sway comes back to where it began. */
const FRAMES = 75;
/** Drawn twice as large and made smaller at the end: where a still is moved pixel by pixel, the moving itself would leave traces. */
const FINENESS = 2;
const WIDTH = 640 * FINENESS;
const HEIGHT = 480 * FINENESS;
/** Of a webcam, in pixels. */
const FOCAL_LENGTH = 600 * FINENESS;
const PORTRAIT_HEIGHT = 288 * FINENESS;
const BORDER = 90 * FINENESS;
const MOST_YAW = 0.14;
const MOST_PITCH = 0.1;
const MOST_ROLL = 0.03;
const MOST_SHIFT = 6 * FINENESS;
const MOST_APPROACH = 0.02;

/**
 * A sheet of paper in a hand, before a room that is out of focus: the filter by which ffmpeg makes it from the first picture of a
 * recording. The white round the portrait is as wide as on a page of A4, so that the square of 3 x the face that a crop holds shows
 * paper only.
 */
export function printOf(crop: string): string {
  return [
    "[0:v]select='eq(n,0)',split[picture][again]",
    `[again]scale=640:480,boxblur=24,${FOR_ITS_TIME}[room]`,
    `[picture]crop=${crop},${PRINTED},${ON_PAPER},${FOR_ITS_TIME},${HELD},scale=640:480:flags=area[sheet]`,
    // The noise of a sensor, which real recordings have, too.
    '[room][sheet]overlay,noise=alls=3:allf=t',
  ].join(';');
}

const FOR_ITS_TIME = `loop=loop=${FRAMES - 1}:size=1:start=0,setpts=N/25/TB`;
// Ink has fewer colours than a screen, and bleeds a little.
const PRINTED = 'eq=contrast=0.82:saturation=0.7:brightness=0.04,gblur=sigma=0.7';
const ON_PAPER = [
  `scale=-2:${PORTRAIT_HEIGHT}:flags=bicubic`,
  `pad=iw+2*${BORDER}:ih+2*${BORDER}:${BORDER}:${BORDER}:color=0xf4f0e6`,
  `format=yuva420p,pad=${WIDTH}:${HEIGHT}:(ow-iw)/2:(oh-ih)/2:color=black@0`,
].join(',');
const HELD = `perspective=sense=destination:eval=frame:${corners()}`;

/** Where a pinhole camera sees the corners of a stiff sheet that is rolled, then turned and tilted, then moved. */
function corners(): string {
  const signs = [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const;
  return signs.map(([right, down], index) => cornerAt(index, (right * WIDTH) / 2, (down * HEIGHT) / 2)).join(':');
}

/** In the language of ffmpeg, whose registers are 0 yaw, 1 pitch, 2 roll, 3 distance; 4 and 5 the corner, rolled; 6 its depth. */
function cornerAt(index: number, x: number, y: number): string {
  const depth = `ld(3)+(ld(5)*sin(ld(1))+ld(4)*sin(ld(0))*cos(ld(1)))/${FOCAL_LENGTH}`;
  const placed = [
    `st(0,${sway(MOST_YAW, 2, 0)})`,
    `st(1,${sway(MOST_PITCH, 1, 0.3)})`,
    `st(2,${sway(MOST_ROLL, 3, 0.1)})`,
    `st(3,1+${sway(MOST_APPROACH, 1, 0.6)})`,
    `st(4,${x}*cos(ld(2))-(${y})*sin(ld(2)))`,
    `st(5,${x}*sin(ld(2))+(${y})*cos(ld(2)))`,
    `st(6,${depth})`,
  ].join(';');
  const across = `${WIDTH / 2}+${sway(MOST_SHIFT, 2, 0.4)}+ld(4)*cos(ld(0))/ld(6)`;
  const down = `${HEIGHT / 2}+${sway(MOST_SHIFT, 3, 0)}+(ld(5)*cos(ld(1))-ld(4)*sin(ld(0))*sin(ld(1)))/ld(6)`;
  return `x${index}='${placed};${across}':y${index}='${placed};${down}'`;
}

function sway(most: number, times: number, from: number): string {
  return `${most}*sin(2*PI*(${times}*on/${FRAMES}+${from}))`;
}
