import { BinaryReader } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent, FILE_VERSION, frameRecord, maskedCrc } from './tensorboard-events.js';

/** The fields of a message by number, repeated ones in a list. */
function fields(data: Uint8Array, kinds: Record<number, (reader: BinaryReader) => unknown>): Record<number, unknown[]> {
  const reader = new BinaryReader(data);
  const found: Record<number, unknown[]> = {};
  while (reader.pos < reader.len) {
    const [number] = reader.tag();
    found[number] = [...(found[number] ?? []), kinds[number]!(reader)];
  }
  return found;
}

const bytes = (reader: BinaryReader) => reader.bytes();

describe('frameRecord', () => {
  it('has the length before the data, and a masked CRC-32C', () => {
    // RFC 3720's test vector: 32 zero bytes.
    expect(maskedCrc(new Uint8Array(32))).toBe((((0x8a9136aa >>> 15) | (0x8a9136aa << 17)) + 0xa282ead8) >>> 0);
    const record = frameRecord(new TextEncoder().encode('foo'));
    expect(record).toHaveLength(19);
    expect(new DataView(record.buffer).getBigUint64(0, true)).toBe(3n);
  });

  it('has each checksum behind what it is of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        const record = frameRecord(data);
        const view = new DataView(record.buffer);
        expect(view.getUint32(8, true)).toBe(maskedCrc(record.subarray(0, 8)));
        expect(record.subarray(12, 12 + data.length)).toEqual(data);
        expect(view.getUint32(12 + data.length, true)).toBe(maskedCrc(data));
        expect(record).toHaveLength(16 + data.length);
      }),
    );
  });

  it('notices every changed byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (data, at, flip) => {
          const changed = data.slice();
          changed[at % data.length]! ^= flip;
          expect(maskedCrc(changed)).not.toBe(maskedCrc(data));
        },
      ),
    );
  });
});

describe('encodeEvent', () => {
  it('keeps time, step, tags and scalars', () => {
    const value = fc.float({ noNaN: true });
    fc.assert(
      fc.property(fc.nat(), fc.dictionary(fc.string(), value, { noNullPrototype: true }), (step, values) => {
        const event = fields(encodeEvent(1234.5, { step, values }), {
          1: (reader) => reader.double(),
          2: (reader) => Number(reader.int64()),
          5: bytes,
        });
        expect([event[1], event[2]]).toEqual([[1234.5], [step]]);
        const summary = fields(event[5]![0] as Uint8Array, { 1: bytes });
        const pairs = (summary[1] ?? []).map((entry) => {
          const { 1: tag, 2: scalar } = fields(entry as Uint8Array, {
            1: (reader) => reader.string(),
            2: (reader) => reader.float(),
          });
          return [tag![0], scalar![0]];
        });
        expect(Object.fromEntries(pairs)).toEqual(values);
      }),
    );
  });

  it('tells the version of the file, and at which step a program begins', () => {
    const time = (reader: BinaryReader) => reader.double();
    const version = encodeEvent(2.5, { fileVersion: FILE_VERSION });
    expect(fields(version, { 1: time, 3: (reader) => reader.string() })).toEqual({ 1: [2.5], 3: ['brain.Event:2'] });
    const start = fields(encodeEvent(2.5, { startsAt: 41 }), {
      1: time,
      2: (reader) => Number(reader.int64()),
      7: bytes,
    });
    expect([start[1], start[2]]).toEqual([[2.5], [41]]);
    // `tensorflow.SessionLog.START` is 1.
    expect(fields(start[7]![0] as Uint8Array, { 1: (reader) => reader.int32() })).toEqual({ 1: [1] });
  });

  it('has infinity for what is beyond a float of 32 bits', () => {
    const event = (value: number) => encodeEvent(1, { step: 1, values: { loss: value } });
    expect(event(1e300)).toEqual(event(Number.POSITIVE_INFINITY));
  });

  it('keeps a picture whole', () => {
    const png = Uint8Array.of(1, 2, 3);
    const event = fields(encodeEvent(0, { step: 7, values: { overview: { png, width: 4, height: 5 } } }), {
      1: (reader) => reader.double(),
      2: (reader) => reader.int64(),
      5: bytes,
    });
    const value = fields(fields(event[5]![0] as Uint8Array, { 1: bytes })[1]![0] as Uint8Array, { 1: bytes, 4: bytes });
    const number = (reader: BinaryReader) => reader.int32();
    expect(fields(value[4]![0] as Uint8Array, { 1: number, 2: number, 3: number, 4: bytes })).toEqual({
      1: [5],
      2: [4],
      3: [3],
      4: [png],
    });
  });
});
