import type { FrameDoor } from './check-door.ts';
import { MAX_DEPTH, MAX_ELEMENT_BYTES, MAX_MEMBER_BYTES } from './check-limits.ts';
import type { CutFrame } from './frame-intake.ts';
import { BodySplitter, type SplitEnd } from './split-body.ts';

interface BodyReader {
  /** What stands before the frames. Not called for a body without any. */
  before(members: unknown): Promise<void>;
  frame(cut: CutFrame): Promise<unknown>;
  /** As long as anything arrives, if only a piece of one frame. */
  moved(): Promise<void> | undefined;
}

/** Reads a body while it arrives. Nothing more of it is asked for until each call has been answered. */
export async function readBody(
  { arrayName }: FrameDoor,
  body: AsyncIterable<Uint8Array>,
  reader: BodyReader,
): Promise<SplitEnd> {
  const limits = { elementBytes: MAX_ELEMENT_BYTES, memberBytes: MAX_MEMBER_BYTES, depth: MAX_DEPTH };
  const splitter = new BodySplitter(arrayName, limits);
  for await (const chunk of body) {
    for (const piece of splitter.push(chunk)) {
      if (piece.kind === 'array') await reader.before(piece.membersBefore);
      else await reader.frame(piece);
    }
    await reader.moved();
  }
  return splitter.end();
}
