/** One field of a message of protobuf, which files of ONNX are made of. */
export interface Field {
  number: number;
  /** Where the field begins, its number and length included. */
  from: number;
  /** Its content, of what is as long as it says; of other fields, nothing. */
  start: number;
  end: number;
  value: number;
}

/** The fields of one number. Throws on bytes that are no such message. */
export function fieldsOf(bytes: Uint8Array, from: number, to: number, number: number): Field[] {
  return allFields(bytes, from, to).filter((field) => field.number === number);
}

export function allFields(bytes: Uint8Array, from: number, to: number): Field[] {
  const fields: Field[] = [];
  let at = from;
  while (at < to) {
    const field = readField(bytes, at);
    if (field.end > to) throw new RangeError('not a file of ONNX: a field ends beyond what holds it');
    fields.push(field);
    at = field.end;
  }
  return fields;
}

/** A field that holds bytes. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(content.length)]), content]);
}

/** A field that holds a whole number. */
export function wholeField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8), ...varint(value)]);
}

function readField(bytes: Uint8Array, at: number): Field {
  const key = readVarint(bytes, at);
  const number = Math.floor(key.value / 8);
  const { value, end } = readVarint(bytes, key.end);
  switch (key.value % 8) {
    case 0:
      return { number, from: at, start: end, end, value };
    case 1:
      return { number, from: at, start: key.end, end: key.end + 8, value: 0 };
    case 2:
      return { number, from: at, start: end, end: end + value, value: 0 };
    case 5:
      return { number, from: at, start: key.end, end: key.end + 4, value: 0 };
    default:
      throw new RangeError('not a file of ONNX: a field of no known kind');
  }
}

function readVarint(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from, weight = 1; at < from + 10; at++, weight *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * weight;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError('not a file of ONNX: a number without an end');
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
