/** Of a browser's ImageData, what the decoders of @jsquash fill in. */
export interface ImageDataLike {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

class ImageDataStandIn implements ImageDataLike {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

/**
 * The decoders of @jsquash/jpeg and @jsquash/webp make an `ImageData`, and put one of their own, and a `self.location`,
 * into the globals where there is none. So there is one for the length of `work`; then both are as they were. `work` is
 * synchronous, at least where it touches them: nobody else runs in between.
 */
export function withBrowserGlobals<Result>(work: () => Result): Result {
  const before = ['ImageData', 'location'].map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  Object.defineProperty(globalThis, 'ImageData', { value: ImageDataStandIn, configurable: true, writable: true });
  try {
    return work();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}
