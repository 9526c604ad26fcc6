import type { Picture } from '@nem/models';

/** Frames that are taken of a clip: those of the sequences that the networks were trained on. */
const CLIP_FRAMES = 21;
/** Seconds between them where the clip is long enough. */
const CLIP_STEP = 0.1;
/** Pixels along the longer side that are kept of a picture: far more than the networks read. */
const LONGEST = 448;

type Drawable = CanvasImageSource & { readonly width?: unknown };

/** A file that holds no picture; the message is one sentence. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

/** The pixels of a picture, made smaller where it is large; what is transparent is white paper. */
function pixelsOf(source: Drawable, width: number, height: number): Picture {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = new OffscreenCanvas(w, h).getContext('2d', { willReadFrequently: true });
  if (!context) throw new PictureError('This browser gives no canvas to read a picture with.');
  context.fillStyle = 'white';
  context.fillRect(0, 0, w, h);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, w, h);
  return context.getImageData(0, 0, w, h);
}

async function still(file: Blob): Promise<Picture[]> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new PictureError(
      'This file is no picture that the browser can read: try a PNG, JPEG, GIF, WebP or a short video.',
    );
  });
  return [pixelsOf(bitmap, bitmap.width, bitmap.height)];
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

async function video(file: Blob): Promise<Picture[]> {
  const player = document.createElement('video');
  player.muted = true;
  player.src = URL.createObjectURL(file);
  try {
    await once(player, 'loadeddata');
    const length = Number.isFinite(player.duration) ? player.duration : CLIP_FRAMES * CLIP_STEP;
    const step = Math.min(CLIP_STEP, length / CLIP_FRAMES);
    const frames: Picture[] = [];
    for (let t = 0; t < CLIP_FRAMES; t++) {
      player.currentTime = t * step;
      await once(player, 'seeked');
      frames.push(pixelsOf(player, player.videoWidth, player.videoHeight));
    }
    return frames;
  } finally {
    URL.revokeObjectURL(player.src);
  }
}

/** Frames of an animated GIF or WebP. */
async function framesOf(file: Blob): Promise<Picture[]> {
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type });
  try {
    // Only then is it known how many frames there are.
    await Promise.all([decoder.tracks.ready, decoder.completed]);
    const count = Math.min(CLIP_FRAMES, decoder.tracks.selectedTrack?.frameCount ?? 1);
    const pictures: Picture[] = [];
    for (let frameIndex = 0; frameIndex < count; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      pictures.push(pixelsOf(image, image.displayWidth, image.displayHeight));
      image.close();
    }
    return pictures;
  } finally {
    decoder.close();
  }
}

/** An animation where the browser can take it apart, else its first frame: what is no picture at all is found out there. */
async function animation(file: Blob): Promise<Picture[]> {
  return 'ImageDecoder' in globalThis ? framesOf(file).catch(() => still(file)) : still(file);
}

/**
 * The frames of a picture or a short clip.
 * @throws PictureError for a file that is neither
 */
export function readPictures(file: Blob): Promise<Picture[]> {
  if (file.type.startsWith('video/')) return video(file);
  return file.type === 'image/gif' || file.type === 'image/webp' ? animation(file) : still(file);
}
