/** The ONNX runtime did not come up. It tries once per isolate, so only a new isolate can infer again. */
export class RuntimeNotStarted extends Error {
  constructor(cause: unknown) {
    super('the inference runtime did not start', { cause });
    this.name = 'RuntimeNotStarted';
  }
}

export class WeightNotLoaded extends Error {
  readonly key: string;

  constructor(key: string, cause: unknown) {
    super(`${key} could not be loaded`, { cause });
    this.name = 'WeightNotLoaded';
    this.key = key;
  }
}
