import { fieldsOf } from './onnx-fields.ts';

/** Numbers of the fields of ONNX that lead to the weights, and of the type of a tensor of 32-bit floats. */
const GRAPH_OF_MODEL = 7;
const INITIALISER_OF_GRAPH = 5;
const TYPE_OF_TENSOR = 2;
const RAW_DATA_OF_TENSOR = 9;
const FLOAT = 1;
const MANTISSA_BITS = 23;

/**
 * The same network with the weights rounded to so many bits behind the binary point. The file stays as long and the graph as it
 * was; what is gone is noise that no compression could take out of an upload. Throws on bytes that are no such file.
 */
export function roundWeights(onnx: Uint8Array, mantissaBits: number): Uint8Array {
  const rounded = Uint8Array.from(onnx);
  let tensors = 0;
  for (const graph of fieldsOf(onnx, 0, onnx.length, GRAPH_OF_MODEL)) {
    for (const tensor of fieldsOf(onnx, graph.start, graph.end, INITIALISER_OF_GRAPH)) {
      const [type] = fieldsOf(onnx, tensor.start, tensor.end, TYPE_OF_TENSOR);
      const [raw] = fieldsOf(onnx, tensor.start, tensor.end, RAW_DATA_OF_TENSOR);
      if (type?.value !== FLOAT || raw === undefined) continue;
      roundFloats(new DataView(rounded.buffer, raw.start, raw.end - raw.start), MANTISSA_BITS - mantissaBits);
      tensors++;
    }
  }
  if (tensors === 0) throw new Error('no weights were found to round');
  return rounded;
}

/** Half is rounded away from zero. A carry goes into the exponent, as it should. */
function roundFloats(view: DataView, droppedBits: number): void {
  const half = 2 ** (droppedBits - 1);
  for (let at = 0; at + 4 <= view.byteLength; at += 4) {
    view.setUint32(at, ((view.getUint32(at, true) + half) >>> droppedBits) << droppedBits, true);
  }
}
