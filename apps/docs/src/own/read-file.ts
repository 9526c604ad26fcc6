import type { Rgba } from './to-scene.js';

/** Frames that are taken of a clip: those of the sequences that the networks were trained on. */
const CLIP_FRAMES = 21;
/** Seconds between them where the clip is long enough. */
const CLIP_STEP = 0.1;

type Drawable = CanvasImageSource & { readonly width?: unknown };

/** A file that holds no picture; the message is one sentence. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

/** Draws a picture of any size into a square of `side` pixels, whole, in the middle, on its own background. */
function shrink(source: Drawable, width: number, height: number, side: number): Rgba {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new PictureError('This browser gives no canvas to read a picture with.');
  const scale = side / Math.max(width, height);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  context.imageSmoothingQuality = 'high';
  // The corner's colour fills what the picture does not cover.
  context.drawImage(source, 0, 0, Math.max(1, width / 50), Math.max(1, height / 50), 0, 0, side, side);
  context.drawImage(source, (side - w) >> 1, (side - h) >> 1, w, h);
  return context.getImageData(0, 0, side, side);
}

async function still(file: Blob, side: number): Promise<Rgba[]> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new PictureError(
      'This file is no picture that the browser can read: try a PNG, JPEG, GIF, WebP or a short video.',
    );
  });
  return [shrink(bitmap, bitmap.width, bitmap.height, side)];
}

const once = (target: EventTarget, event: string) =>
  new Promise<void>((resolve, reject) => {
    target.addEventListener(event, () => resolve(), { once: true });
    target.addEventListener(
      'error',
      () => reject(new PictureError('This file is no video that the browser can play.')),
      { once: true },
    );
  });

async function video(file: Blob, side: number): Promise<Rgba[]> {
  const player = document.createElement('video');
  player.muted = true;
  player.src = URL.createObjectURL(file);
  try {
    await once(player, 'loadeddata');
    const length = Number.isFinite(player.duration) ? player.duration : CLIP_FRAMES * CLIP_STEP;
    const step = Math.min(CLIP_STEP, length / CLIP_FRAMES);
    const frames: Rgba[] = [];
    for (let t = 0; t < CLIP_FRAMES; t++) {
      player.currentTime = t * step;
      await once(player, 'seeked');
      frames.push(shrink(player, player.videoWidth, player.videoHeight, side));
    }
    return frames;
  } finally {
    URL.revokeObjectURL(player.src);
  }
}

/** Frames of an animated GIF or WebP, where the browser can take them apart. */
async function animation(file: Blob, side: number): Promise<Rgba[]> {
  if (!('ImageDecoder' in globalThis)) return still(file, side);
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type });
  try {
    // Only then is it known how many frames there are.
    await Promise.all([decoder.tracks.ready, decoder.completed]);
    const count = Math.min(CLIP_FRAMES, decoder.tracks.selectedTrack?.frameCount ?? 1);
    const frames: Rgba[] = [];
    for (let frameIndex = 0; frameIndex < count; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      frames.push(shrink(image, image.displayWidth, image.displayHeight, side));
      image.close();
    }
    return frames;
  } finally {
    decoder.close();
  }
}

/**
 * The frames of a picture or a short clip, each [side, side].
 * @throws PictureError for a file that is neither
 */
export function readPictures(file: Blob, side: number): Promise<Rgba[]> {
  if (file.type.startsWith('video/')) return video(file, side);
  return file.type === 'image/gif' || file.type === 'image/webp' ? animation(file, side) : still(file, side);
}
