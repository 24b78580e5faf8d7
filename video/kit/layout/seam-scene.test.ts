import { describe, expect, it } from 'vitest';
import { seamProgress } from './seam-scene.tsx';
import { frameLayout } from './use-format.ts';

describe('seamProgress', () => {
  const at = (frame: number) => seamProgress(frame, 60, { enter: 10, exit: 8 });

  it('is at rest on the first frame and gone on the last', () => {
    expect(at(0)).toEqual({ enter: 0, exit: 0 });
    expect(at(59)).toEqual({ enter: 1, exit: 1 });
  });

  it('is fully there between entrance and exit', () => {
    expect(at(10)).toEqual({ enter: 1, exit: 0 });
    expect(at(51)).toEqual({ enter: 1, exit: 0 });
    expect(at(55)).toEqual({ enter: 1, exit: 0.5 });
  });
});

describe('frameLayout', () => {
  it('tells formats apart by their shape, at any scale', () => {
    expect(frameLayout(1920, 1080).format).toBe('16:9');
    expect(frameLayout(360, 640).format).toBe('9:16');
    expect(frameLayout(320, 320).format).toBe('1:1');
  });

  it('measures type by the shorter side', () => {
    expect(frameLayout(1920, 1080).unit).toBe(frameLayout(1080, 1920).unit);
  });

  it('keeps its room inside the margins', () => {
    const { safe, inner, width, height } = frameLayout(1080, 1920);
    expect(safe.left + inner.width + safe.right).toBeCloseTo(width);
    expect(safe.top + inner.height + safe.bottom).toBeCloseTo(height);
  });
});
