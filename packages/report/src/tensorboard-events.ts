import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import crc32c from 'crc-32/crc32c.js';

/** A picture as TensorBoard takes it. */
export interface EventImage {
  readonly png: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** One value of one tag: a scalar or a picture. */
export type EventValue = number | EventImage;

/**
 * What an event tells: the version of the file; values by tag at a step; or that a program begins, or goes on, at a step: what was
 * written before of this step and of later ones no longer counts.
 */
export type EventContent =
  | { readonly fileVersion: string }
  | { readonly startsAt: number }
  | { readonly step: number; readonly values: Readonly<Record<string, EventValue>> };

/** Must be the first event of a file. */
export const FILE_VERSION = 'brain.Event:2';

/** `tensorflow.Summary.Image`; colour space 3 is RGB. */
function encodeImage({ png, width, height }: EventImage): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(height);
  writer.tag(2, WireType.Varint).int32(width);
  writer.tag(3, WireType.Varint).int32(3);
  writer.tag(4, WireType.LengthDelimited).bytes(png);
  return writer.finish();
}

/** `tensorflow.Summary.Value`. */
function encodeValue(tag: string, value: EventValue): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(tag);
  if (typeof value === 'number') writer.tag(2, WireType.Bit32).float(Math.fround(value));
  else writer.tag(4, WireType.LengthDelimited).bytes(encodeImage(value));
  return writer.finish();
}

/** `tensorflow.SessionLog` with the status START. */
function encodeSessionStart(): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(1);
  return writer.finish();
}

/**
 * `tensorflow.Event` (tensorflow/core/util/event.proto) in protocol-buffer encoding.
 * @param wallTime seconds since 1970
 */
export function encodeEvent(wallTime: number, content: EventContent): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Bit64).double(wallTime);
  if ('fileVersion' in content) {
    writer.tag(3, WireType.LengthDelimited).string(content.fileVersion);
    return writer.finish();
  }
  if ('startsAt' in content) {
    writer.tag(2, WireType.Varint).int64(content.startsAt);
    writer.tag(7, WireType.LengthDelimited).bytes(encodeSessionStart());
    return writer.finish();
  }
  writer.tag(2, WireType.Varint).int64(content.step);
  const summary = new BinaryWriter();
  for (const [tag, value] of Object.entries(content.values)) {
    summary.tag(1, WireType.LengthDelimited).bytes(encodeValue(tag, value));
  }
  writer.tag(5, WireType.LengthDelimited).bytes(summary.finish());
  return writer.finish();
}

/** The checksum of a record: CRC-32C, rotated and offset, since a checksum of data that holds checksums is weak. */
export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c.buf(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** A TFRecord: length (64 bits), its checksum, the data, its checksum; little endian. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}
