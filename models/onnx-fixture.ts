/** For tests: files of ONNX, as far as tensors in them go. */
export interface Tensor {
  type: 'float' | 'int64';
  data: readonly number[];
}

export const floatTensor = (values: readonly number[]): Tensor => ({
  type: 'float',
  data: [...new Uint8Array(Float32Array.from(values).buffer)],
});

/** The tensors among the other things that such files hold. */
export function onnxFile(...tensors: Tensor[]): Uint8Array {
  const graph = [
    ...bytes(1, Array(200).fill(3)),
    ...tensors.flatMap((one) => bytes(5, tensorOf(one))),
    ...bytes(2, [103]),
  ];
  return Uint8Array.from([...whole(1, 7), ...bytes(2, [112, 121]), ...bytes(7, graph), ...bytes(8, [16, 13])]);
}

/** One node that doubles what it is given, by way of a sum; a runtime can load it. Dimensions are those of the input. */
export function doublingNetwork(length: number): Uint8Array {
  const add = [
    ...bytes(1, letters('x')),
    ...bytes(1, letters('x')),
    ...bytes(2, letters('sum')),
    ...bytes(4, letters('Add')),
  ];
  const relu = [...bytes(1, letters('sum')), ...bytes(2, letters('y')), ...bytes(4, letters('Relu'))];
  const value = (name: string) => {
    const shape = bytes(2, bytes(1, whole(1, length)));
    return [...bytes(1, letters(name)), ...bytes(2, bytes(1, [...whole(1, 1), ...shape]))];
  };
  const graph = [
    ...bytes(1, add),
    ...bytes(1, relu),
    ...bytes(2, letters('g')),
    ...bytes(11, value('x')),
    ...bytes(12, value('y')),
  ];
  return Uint8Array.from([...whole(1, 7), ...bytes(7, graph), ...bytes(8, whole(2, 13))]);
}

function letters(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function tensorOf({ type, data }: Tensor): number[] {
  return [...whole(1, 2), ...whole(2, type === 'float' ? 1 : 7), ...bytes(8, [119, 49]), ...bytes(9, data)];
}

/** The two kinds of field that protobuf has here. */
function bytes(number: number, value: readonly number[]): number[] {
  return [number * 8 + 2, ...varint(value.length), ...value];
}

function whole(number: number, value: number): number[] {
  return [number * 8, ...varint(value)];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
