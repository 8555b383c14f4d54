import { ApiFailure } from '#shared/contract/errors.ts';

/** What one part of a form says of itself. */
export interface PartHead {
  name: string;
  /** As the client sent it, path and all. */
  filename: string | null;
  contentType: string | null;
}

/** RFC 2046, 5.1.1. Without a line break in it, a boundary can be looked for line by line. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
const HEADER_LINE = /^([\w!#$%&'*+.^`|~-]+):([^\0\r\n]*)$/;
const PARAMETER = /[ \t]*;[ \t]*(?:([^\s"=;]+)[ \t]*=[ \t]*("(?:\\.|[^"\\])*"|[^\s";]*))?/y;
const EXTENDED_VALUE = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i;
/** Encodings of MIME under which bytes stand for themselves. Others belong to mail, and no client sends them. */
const PLAIN_ENCODING = /^(7bit|8bit|binary)$/i;
const READ_HEADERS = new Set(['content-disposition', 'content-type', 'content-transfer-encoding']);

export function invalidForm(message = 'The body is not a valid form'): ApiFailure {
  return new ApiFailure({ code: 'invalid_form', message });
}

export function boundaryOf(contentType: string | null): string {
  const boundary = parseParameters(contentType ?? '')?.get('boundary') ?? '';
  if (BOUNDARY.test(boundary)) return boundary;
  throw invalidForm('Content-Type must name the boundary of the form');
}

/** What stands between a boundary and the part's bytes: the rest of that line, the headers, an empty line. */
export function parsePartHead(block: Uint8Array, position: number): PartHead {
  const malformed = () => invalidForm(`The headers of part ${position} are malformed`);
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(block);
  const [padding = '', ...lines] = text
    .slice(0, -'\r\n\r\n'.length)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  if (padding.trim() !== '') throw malformed();
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = HEADER_LINE.exec(line) ?? [];
    if (name === '') throw malformed();
    if (!READ_HEADERS.has(name.toLowerCase())) continue;
    // Which of two counts would be anybody's guess, here and of parameters.
    if (headers.has(name.toLowerCase())) throw malformed();
    headers.set(name.toLowerCase(), value.trim());
  }
  if (!PLAIN_ENCODING.test(headers.get('content-transfer-encoding') ?? 'binary')) throw malformed();
  const disposition = headers.get('content-disposition') ?? '';
  const parameters = parseParameters(disposition);
  if (parameters === null) throw malformed();
  const name = parameters.get('name') ?? '';
  if (!/^form-data[ \t]*(;|$)/i.test(disposition) || name === '') throw invalidForm(`Part ${position} has no name`);
  const filename = decodeExtended(parameters.get('filename*')) ?? parameters.get('filename') ?? null;
  return { name, filename, contentType: headers.get('content-type') ?? null };
}

/** `null` when they are malformed, or one comes twice. */
function parseParameters(header: string): Map<string, string> | null {
  const value = header.trimEnd();
  const parameters = new Map<string, string>();
  let at = value.indexOf(';');
  while (at !== -1 && at < value.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(value);
    if (match === null) return null;
    at = PARAMETER.lastIndex;
    const [, name, given = ''] = match;
    if (name === undefined) continue;
    if (parameters.has(name.toLowerCase())) return null;
    parameters.set(name.toLowerCase(), unquote(given));
  }
  return parameters;
}

/** A backslash before anything else is one: old browsers send paths of Windows as they are. */
function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : value;
}

/** RFC 5987. RFC 7578 does not want it in forms, and some clients send it all the same. */
function decodeExtended(value = ''): string | null {
  const [, charset = '', encoded = ''] = EXTENDED_VALUE.exec(value) ?? [];
  if (charset === '') return null;
  try {
    return charset.toLowerCase() === 'utf-8' ? decodeURIComponent(encoded) : decodeLatin1(encoded);
  } catch {
    return null;
  }
}

function decodeLatin1(encoded: string): string {
  return encoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
