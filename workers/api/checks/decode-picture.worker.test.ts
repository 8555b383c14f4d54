import { describe, expect, it } from 'vitest';
import { decodePicture } from './decode-picture.ts';

const textOf = (pixels: string) => {
  const bytes = decodePicture(pixels);
  return bytes && new TextDecoder().decode(bytes);
};

describe('a picture', () => {
  it.each([
    ['bare', 'UE5H'],
    ['without its padding', 'UE5HIQ', 'PNG!'],
    ['with its padding', 'UE5HIQ==', 'PNG!'],
    ['in lines', 'UE\r\n5H\n'],
    ['as a data URL', 'data:image/png;base64,UE5H'],
    ['as a data URL in capitals', 'DATA:image/PNG;BASE64,UE5H'],
    ['as a data URL with a parameter', 'data:image/png;name=a.png;base64,UE5H'],
    ['as a data URL without a type', 'data:;base64,UE5H'],
  ])('is read %s', (_name, pixels, text = 'PNG') => {
    expect(textOf(pixels)).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['padding alone', '=='],
    ['one character', 'U'],
    ['words', 'not base64!'],
    ['the URL alphabet', 'UE5-_w=='],
    ['a stray at the end', 'UE5H;'],
    ['too much padding', 'UE5H===='],
    ['something behind the padding', 'UE5HIQ==UE5H'],
    ['a data URL of nothing', 'data:image/png;base64,'],
    ['a data URL without base64', 'data:image/png,UE5H'],
    ['a data URL that never begins', `data:${'x'.repeat(300)};base64,UE5H`],
    ['an address', 'https://example.com/a.png'],
  ])('is not read from %s', (_name, pixels) => {
    expect(decodePicture(pixels)).toBeNull();
  });

  it('has a block of memory of its own, which is what would cross to another Worker', () => {
    const bytes = decodePicture('UE5H');
    expect([bytes?.byteOffset, bytes?.buffer.byteLength]).toEqual([0, 3]);
  });
});
