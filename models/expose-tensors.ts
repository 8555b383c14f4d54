import { allFields, bytesField, type Field, fieldsOf, wholeField } from './onnx-fields.ts';

/** Numbers of the fields of ONNX that lead to the outputs of a graph, and to what describes one. */
const GRAPH_OF_MODEL = 7;
const NODE_OF_GRAPH = 1;
const OUTPUT_OF_NODE = 2;
const OUTPUT_OF_GRAPH = 12;
const NAME_OF_VALUE = 1;
const TYPE_OF_VALUE = 2;
const TENSOR_OF_TYPE = 1;
const ELEMENT_OF_TENSOR = 1;
const SHAPE_OF_TENSOR = 2;
const DIMENSION_OF_SHAPE = 1;
const VALUE_OF_DIMENSION = 1;
const FLOAT = 1;

export interface ExposedTensor {
  name: string;
  dims: readonly number[];
}

/**
 * The same network, which also gives out tensors that it computes on its way: another network goes on from them without their
 * being computed twice. Throws on bytes that are no such file, and where there is no such tensor.
 */
export function exposeTensors(onnx: Uint8Array, tensors: readonly ExposedTensor[]): Uint8Array {
  const [graph] = fieldsOf(onnx, 0, onnx.length, GRAPH_OF_MODEL);
  if (graph === undefined) throw new RangeError('not a file of ONNX: it has no graph');
  const computed = namesComputed(onnx, graph);
  for (const { name } of tensors) if (!computed.has(name)) throw new Error(`the network computes no ${name}`);
  const outputs = tensors.map(({ name, dims }) => bytesField(OUTPUT_OF_GRAPH, describe(name, dims)));
  const widened = bytesField(GRAPH_OF_MODEL, Buffer.concat([onnx.subarray(graph.start, graph.end), ...outputs]));
  return Buffer.concat([onnx.subarray(0, graph.from), widened, onnx.subarray(graph.end)]);
}

function namesComputed(onnx: Uint8Array, graph: Field): Set<string> {
  const nodes = allFields(onnx, graph.start, graph.end).filter(({ number }) => number === NODE_OF_GRAPH);
  const outputs = nodes.flatMap(({ start, end }) => fieldsOf(onnx, start, end, OUTPUT_OF_NODE));
  return new Set(outputs.map(({ start, end }) => new TextDecoder().decode(onnx.subarray(start, end))));
}

function describe(name: string, dims: readonly number[]): Uint8Array {
  const shape = dims.map((size) => bytesField(DIMENSION_OF_SHAPE, wholeField(VALUE_OF_DIMENSION, size)));
  const tensor = [wholeField(ELEMENT_OF_TENSOR, FLOAT), bytesField(SHAPE_OF_TENSOR, Buffer.concat(shape))];
  const type = bytesField(TENSOR_OF_TYPE, Buffer.concat(tensor));
  return Buffer.concat([bytesField(NAME_OF_VALUE, new TextEncoder().encode(name)), bytesField(TYPE_OF_VALUE, type)]);
}
