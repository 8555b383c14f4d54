/**
 * The oval that is drawn over the preview: its middle in shares of the frame, its size in shares of the shorter side. Somewhat
 * larger than the box that the detector puts round a face that fits, for a box ends at the forehead and an oval goes round the hair.
 */
export const GUIDE = { x: 0.5, y: 0.5, width: 0.46, height: 0.6 } as const;
